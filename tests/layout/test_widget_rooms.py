"""The rooms of the widgets: each uses only those before it, and says what lives there."""

from __future__ import annotations

import ast

import pytest

from tests.checkout import REPOSITORY
from tests.layout.graph import Package, circles, longest_path, room, upward

PACKAGE = Package(REPOSITORY / "llm_viewer_widgets", "llm_viewer_widgets")
SIBLINGS = ("views", "controls", "findings")
ORDER = ("browser", "kernel", *SIBLINGS, "viewer", "")
"""Rooms and flat files from the ground up; the empty name is the package itself."""
MOST_FLAT_FILES = 6
FLOORS = 7
ROOMS = sorted({room(module) for module in PACKAGE.files if (PACKAGE.root / room(module)).is_dir() and module})


def test_a_room_imports_only_rooms_before_it():
    assert upward(PACKAGE.graph, ORDER) == []


def test_views_controls_and_findings_know_nothing_of_each_other():
    assert [
        f"{module} -> {other}"
        for module, others in PACKAGE.graph.items()
        for other in sorted(others)
        if room(module) in SIBLINGS and room(other) in SIBLINGS and room(module) != room(other)
    ] == []


def test_no_modules_import_each_other_not_even_for_the_type_checker():
    assert circles(PACKAGE.graph) == []


def test_a_reader_goes_down_few_floors():
    assert len(longest_path(PACKAGE.graph)) <= FLOORS


def test_few_files_lie_outside_a_room():
    flat = [path.name for path in PACKAGE.root.iterdir() if path.is_file()]
    assert len(flat) <= MOST_FLAT_FILES, sorted(flat)


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_says_what_lives_there_in_one_sentence(name):
    text = (PACKAGE.root / name / "__init__.py").read_text(encoding="utf-8")
    sentence = ast.get_docstring(ast.parse(text)) or ""
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
