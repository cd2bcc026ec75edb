"""A file's name says one thing: no two files of the core share one, unless they are one idea in two rooms."""

from __future__ import annotations

from collections import defaultdict

from tests.checkout import REPOSITORY

CORE = REPOSITORY / "core" / "llm_roofline"
SHARED = {
    "__init__": "the face of its folder",
    "base": "the class that all others of its folder are kinds of",
    "attention": "an operator, and the layer that is built around it",
    "indexer": "an operator, and the part of a layer that is built around it",
    "compressed": "an operator, its layer, and the counts that its cost is linear in",
    "latent": "an operator, its layer, and the counts that its cost is linear in",
    "experts": "the layer that routes tokens to experts, and the count of experts that they hit",
    "mamba": "an architecture, and the layer that it stacks",
    "mamba2": "an architecture, and the layer that it stacks",
    "badges": "a badge as a plain value, and the badges of findings",
}
FOLDERS_TOO = {"hardware"}  # the devices that there are, and the survey's category of techniques that change one
FILES = [path for path in CORE.rglob("*.py") if "__pycache__" not in path.parts]
FOLDERS = {path.parent.name for path in FILES} - {CORE.name}


def test_no_two_files_have_one_name():
    places = defaultdict(list)
    for path in FILES:
        places[path.stem].append(str(path.relative_to(CORE)))
    assert {name: paths for name, paths in places.items() if len(paths) > 1 and name not in SHARED} == {}
    assert {name for name in SHARED if len(places[name]) < 2} == set()


def test_no_file_has_the_name_of_a_folder_elsewhere():
    assert sorted(str(path.relative_to(CORE)) for path in FILES if path.stem in FOLDERS - FOLDERS_TOO) == []
