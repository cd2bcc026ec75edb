"""Nothing that is loaded is executed: what could is not in the product, neither in Python nor in a page."""

from __future__ import annotations

import ast
import re

from tests.checkout import REPOSITORY, project_files

PRODUCT = [
    path
    for path in project_files()
    if path.parts[0] == "llm_viewer_widgets" or path.parts[:2] == ("core", "llm_roofline")
]
CALLS = {"eval", "exec", "compile", "__import__", "breakpoint"}
MODULES = {"pickle", "marshal", "shelve", "subprocess", "ctypes", "code", "runpy", "multiprocessing", "dill", "joblib"}
OF_OS = re.compile(r"system|popen|exec\w+|spawn\w+|startfile|fork")
NAMED = re.compile(rf"\b(?:os|{'|'.join(CALLS | MODULES)})\b")
"""What a file names that runs anything."""
IN_A_PAGE = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc"
    r"|\beval\s*\(|new\s+Function|\bFunction\s*\(|set(?:Timeout|Interval)\s*\(\s*[\"'`]|\bimport\s*\("
)


def executing(tree):
    """Calls, imports and attributes that run what they are given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            yield node.func.id
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES and not node.level:
            yield node.module
        elif isinstance(node, ast.Attribute) and OF_OS.fullmatch(node.attr) and ast.unparse(node.value) == "os":
            yield f"os.{node.attr}"


def test_no_python_of_the_product_runs_what_it_is_given():
    sources = {path: (REPOSITORY / path).read_text(encoding="utf-8") for path in PRODUCT if path.suffix == ".py"}
    assert len(sources) > 100
    named = {str(path): source for path, source in sources.items() if NAMED.search(source)}
    found = {path: [*executing(ast.parse(source))] for path, source in named.items()}
    assert {path: names for path, names in found.items() if names} == {}


def test_no_script_of_the_product_makes_markup_or_code_of_a_text():
    scripts = {path: (REPOSITORY / path).read_text(encoding="utf-8") for path in PRODUCT if path.suffix == ".js"}
    assert len(scripts) > 5
    found = {str(path): IN_A_PAGE.findall(source) for path, source in scripts.items()}
    assert {path: names for path, names in found.items() if names} == {}


def test_the_test_would_see_it():
    for source in ("eval('1')", "import pickle", "from subprocess import run", "import os\nos.system('x')"):
        assert [*executing(ast.parse(source))], source
        assert NAMED.search(source), source
    for script in ("a.innerHTML = b", "eval(x)", "new Function(x)", "setTimeout('x')", "import(x)"):
        assert IN_A_PAGE.search(script), script
