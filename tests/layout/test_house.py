"""Rules of the house that a glance at the files can check."""

from __future__ import annotations

import json
import os
import re

import pytest

from tests.checkout import REPOSITORY, project_files

LONGEST = 400  # lines
FILES = project_files()
LAYOUT = [
    ".ci/run",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "GLOSSARY.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "binder/postBuild",
    "binder/requirements.txt",
    "binder/runtime.txt",
    "core/llm_roofline/models/architectures",
    "core/llm_roofline/devices/data",
    "core/llm_roofline/models/data",
    "core/llm_roofline/py.typed",
    "core/llm_roofline/techniques",
    "llm_viewer_widgets/py.typed",
    "llm_viewer_widgets/viewer.py",
    "notebooks/00-quickstart.ipynb",
    "pyproject.toml",
    "setup.py",
    "tests",
]
SAYS_NOTHING = re.compile(r"(utils?|helpers?|misc|common)\.py")
# Where packages come from and where a checkout lies is the business of the machine, not of the project.
MACHINE = re.compile(
    r"pypi\.(org|io)|pythonhosted\.org|npmjs\.(org|com)|yarnpkg\.com|anaconda\.org|--(extra-)?index-url"
    r"|(?<![\w.:$}])/(work|root|home|Users|tmp)/\w",
)


def read(path):
    try:
        return (REPOSITORY / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""  # a picture


def named(*suffixes):
    return [path for path in FILES if path.suffix in suffixes]


def test_the_layout_is_there():
    assert [item for item in LAYOUT if not (REPOSITORY / item).exists()] == []


def test_no_file_of_code_is_longer_than_four_hundred_lines():
    lengths = {str(path): read(path).count("\n") for path in named(".py", ".js", ".css")}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_no_file_has_a_name_that_says_nothing():
    assert [str(path) for path in FILES if SAYS_NOTHING.fullmatch(path.name)] == []


def test_notebooks_are_committed_without_outputs():
    dirty = [
        str(path)
        for path in named(".ipynb")
        for cell in json.loads(read(path))["cells"]
        if cell.get("outputs") or cell.get("execution_count")
    ]
    assert dirty == []


def test_notebooks_are_committed_without_widget_state():
    assert [str(path) for path in named(".ipynb") if "widgets" in json.loads(read(path))["metadata"]] == []


def test_no_file_names_a_registry_or_a_place_on_a_machine():
    found = [f"{path}: {hit[0]}" for path in FILES for hit in MACHINE.finditer(read(path))]
    assert found == []


@pytest.mark.parametrize("script", [".ci/run", "binder/postBuild"])
def test_scripts_are_executable(script):
    assert os.access(REPOSITORY / script, os.X_OK)


def test_ci_calls_make_and_nothing_else_and_the_tests_among_it():
    commands = [line for line in read(".ci/run").splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test", "exec make smoke"]


def test_no_style_sheet_finds_elements_by_what_they_look_like():
    found = [f"{path}: {hit[0]}" for path in named(".css") for hit in re.finditer(r"\[style[^]]*\]", read(path))]
    assert found == []
