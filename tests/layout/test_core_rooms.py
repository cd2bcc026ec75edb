"""The rooms of the core: each uses only those before it, through their faces, and says what lives there."""

from __future__ import annotations

import ast
from itertools import pairwise

import pytest

from tests.checkout import REPOSITORY
from tests.layout.graph import Package, circles, longest_path, room, upward

PACKAGE = Package(REPOSITORY / "core" / "llm_roofline", "llm_roofline")
ROOMS = (
    "basics",
    "formats",
    "devices",
    "operators",
    "models",
    "roofline",
    "serving",
    "techniques",
    "estimates",
    "charts",
    "findings",
    "cli",
)
"""From the ground up."""
FLAT = ("_version", "_moved", "__main__", "")
"""What lies in no room: the version and the place of old values, of which all may know, and the way in."""
FACES = {*ROOMS, "operators.counts"}
FLOORS = 15
"""Files of a room that stand on each other at most; a reader who comes to another room's face need not go on."""
MOST_FLAT_FILES = 6


def between(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """The graph without the files of no room."""
    return {
        module: {other for other in others if room(other) in ROOMS}
        for module, others in graph.items()
        if room(module) in ROOMS
    }


def around_faces(package: Package) -> list[str]:
    """Imports that name a file inside a room, not its face, as ``module -> module``."""
    imported = {module: {source for source, _, _ in package.imports(module)} for module in package.files}
    return [
        f"{module} -> {source}"
        for module, sources in imported.items()
        for source in sorted(sources)
        if module and room(source) in ROOMS and room(source) != room(module) and source not in FACES
    ]


def test_every_folder_is_a_room():
    assert {room(module) for module in PACKAGE.files} == {*ROOMS, *FLAT}


def test_a_room_imports_only_rooms_before_it():
    assert upward(between(PACKAGE.graph), ROOMS) == []


def test_no_modules_import_each_other_not_even_for_the_type_checker():
    assert circles(between(PACKAGE.graph)) == []


def test_a_room_is_used_through_its_face():
    assert around_faces(PACKAGE) == []


def test_a_face_names_what_it_offers():
    for name in FACES - {"cli"}:
        tree = ast.parse(PACKAGE.files[name].read_text(encoding="utf-8"))
        offered = next(
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        )
        assert sorted(offered) == sorted(set(offered)), name


def test_a_reader_goes_down_few_floors():
    chains = {}
    for name in ROOMS:
        files = {module: others for module, others in PACKAGE.graph.items() if room(module) == name}
        chains[name] = longest_path(
            {module: {o for o in others if room(o) == name} for module, others in files.items()}
        )
    assert {name: chain for name, chain in chains.items() if len(chain) > FLOORS} == {}


def test_few_files_lie_outside_a_room():
    flat = [path.name for path in PACKAGE.root.iterdir() if path.is_file()]
    assert len(flat) <= MOST_FLAT_FILES, sorted(flat)


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_says_what_lives_there(name):
    text = ast.get_docstring(ast.parse(PACKAGE.files[name].read_text(encoding="utf-8"))) or ""
    assert text.split("\n")[0].endswith(".")


def test_the_order_of_the_rooms_is_the_one_that_the_picture_shows():
    picture = (REPOSITORY / "docs" / "rooms.svg").read_text(encoding="utf-8")
    heights = {
        name: int(picture[: picture.rindex(f">{name}</text>")].rpartition('y="')[2].partition('"')[0]) for name in ROOMS
    }
    assert all(heights[lower] >= heights[upper] for lower, upper in pairwise(ROOMS))
