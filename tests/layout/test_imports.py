"""Imports run one way: notebooks, then llm_viewer_widgets, then llm_roofline, then NumPy and the standard library."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.checkout import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

CORE = REPOSITORY / "core" / "llm_roofline"
ALLOWED = {"llm_roofline", "numpy", *sys.stdlib_module_names}
# What a file or a folder may import besides, and whether only inside a function (or for the type checker).
EXCEPTIONS = {
    "estimates/sweep": ({"dask", "tqdm", "xarray"}, True),
    "cli": ({"rich"}, False),
    "findings": ({"markdown_it"}, True),
}
HEAVY = [
    "IPython",
    "bqplot",
    "dask",
    "ipywidgets",
    "llm_viewer_widgets",
    "markdown_it",
    "pandas",
    "rich",
    "scipy",
    "tqdm",
    "traitlets",
    "xarray",
]


def imports(tree: ast.AST, *, late: bool = False) -> Iterator[tuple[str, bool, int]]:
    """Yield top-level package, whether the import waits for a call, and line, for every import of a module."""
    for node in ast.iter_child_nodes(tree):
        inner = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        inner = inner or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name.partition(".")[0], late, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0], late, node.lineno
        elif not isinstance(node, ast.expr):
            yield from imports(node, late=inner)


def violations(source: str, file: str) -> list[str]:
    """Imports of a core file that break the rule, as ``file:line package``."""
    packages, only_late = next((rule for place, rule in EXCEPTIONS.items() if file.startswith(place)), (set(), True))
    return [
        f"{file}:{line} {name}"
        for name, late, line in imports(ast.parse(source))
        if name not in ALLOWED and not (name in packages and (late or not only_late))
    ]


def test_the_core_imports_numpy_and_the_standard_library_only():
    files = {str(path.relative_to(CORE)): path.read_text(encoding="utf-8") for path in CORE.rglob("*.py")}
    assert [found for file, source in files.items() for found in violations(source, file)] == []


@pytest.mark.parametrize(
    ("source", "file", "found"),
    [
        ("import pandas", "step.py", ["step.py:1 pandas"]),
        ("from llm_viewer_widgets import viewer", "step.py", ["step.py:1 llm_viewer_widgets"]),
        ("import xarray", "estimates/sweep/dataset.py", ["estimates/sweep/dataset.py:1 xarray"]),
        ("def sweep():\n    import xarray", "estimates/sweep/dataset.py", []),
        ("if TYPE_CHECKING:\n    import xarray", "estimates/sweep/dataset.py", []),
        ("def table():\n    import xarray", "table.py", ["table.py:2 xarray"]),
        ("from rich.table import Table", "cli/tables.py", []),
        ("from rich.table import Table", "step.py", ["step.py:1 rich"]),
        ("from .errors import RooflineError\nimport numpy.typing", "step.py", []),
    ],
)
def test_the_rule_sees_what_it_should(source, file, found):
    assert violations(source, file) == found


def test_importing_the_core_loads_nothing_heavy():
    code = f"import sys, llm_roofline; print(*(name for name in {HEAVY} if name in sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(CORE.parent)}
    loaded = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (loaded.returncode, loaded.stdout.strip()) == (0, ""), loaded.stderr
