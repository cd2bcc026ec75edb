"""The import graph of a package that is made for it."""

from __future__ import annotations

from graphlib import CycleError

import pytest

from tests.layout.graph import Package, circles, longest_path, upward

FILES = {
    "__init__.py": "from .top import show\n",
    "top.py": "import sys\nfrom .low import length\nfrom house.low import inner\ndef show(): ...\n",
    "low/__init__.py": "from .files import length\nfrom .inner import deep as inner\n",
    "low/files.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import inner\ndef length(): ...\n",
    "low/inner.py": "def deep():\n    from ..top import show\n",
}


@pytest.fixture
def graph(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Package(tmp_path, "house").graph


def test_an_import_leads_to_the_file_that_defines_the_name(graph):
    assert graph[""] == {"top"}
    assert graph["top"] == {"low.files", "low.inner"}
    assert graph["low"] == {"low.files", "low.inner"}


def test_imports_for_the_type_checker_and_inside_functions_count(graph):
    assert graph["low.files"] == {"low.inner"}
    assert graph["low.inner"] == {"top"}


def test_modules_that_import_each_other_are_a_circle(graph):
    assert circles(graph) == [["low.files", "low.inner", "top"]]
    with pytest.raises(CycleError):
        longest_path(graph)


def test_a_chain_goes_from_the_top_down(graph):
    assert longest_path({**graph, "low.inner": set()}) == ["", "top", "low.files", "low.inner"]


def test_an_import_against_the_order_of_the_rooms_is_told(graph):
    assert upward(graph, ("low", "top", "")) == ["low.inner -> top"]
