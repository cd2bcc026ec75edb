"""The versions that make installs, those on Binder, and what setup.py allows are one story."""

from __future__ import annotations

import ast
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.checkout import REPOSITORY


def requirements(name):
    lines = (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def pins(name):
    """Exact versions of a requirements file, by canonical name."""
    found = {}
    for line in requirements(name):
        requirement = Requirement(line)
        (version,) = requirement.specifier
        assert version.operator == "==", line
        assert "*" not in version.version, line
        assert requirement.url is None, line
        found[canonicalize_name(requirement.name)] = version.version
    return found


def setup_argument(name):
    """A literal argument of the call in setup.py, read without running it."""
    tree = ast.parse((REPOSITORY / "setup.py").read_text(encoding="utf-8"))
    call = next(node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "setup")
    return ast.literal_eval(next(keyword.value for keyword in call.keywords if keyword.arg == name))


BINDER, LOCK = pins("binder/requirements.txt"), pins("requirements/constraints.txt")


def test_binder_and_the_lock_agree():
    assert {name: LOCK.get(name) for name in BINDER if name in LOCK} == {
        name: version for name, version in BINDER.items() if name in LOCK
    }


@pytest.mark.parametrize("line", setup_argument("install_requires"))
def test_binder_pins_everything_that_the_project_needs_at_a_version_that_it_allows(line):
    requirement = Requirement(line)
    assert requirement.specifier.contains(BINDER[canonicalize_name(requirement.name)])


@pytest.mark.parametrize("line", sorted(set(chain(*setup_argument("extras_require").values()))))
def test_the_lock_holds_every_extra_at_a_version_that_setup_allows(line):
    requirement = Requirement(line)
    assert requirement.specifier.contains(LOCK[canonicalize_name(requirement.name)])


def test_binder_pins_jupyterlab_and_notebook_together():
    assert {"jupyterlab", "notebook", "ipykernel"} <= set(BINDER)


def test_binder_lists_no_path_of_the_repository():
    assert [line for line in requirements("binder/requirements.txt") if line.startswith(("-", ".", "/"))] == []


def test_binder_names_a_python_that_the_project_supports():
    runtime = (REPOSITORY / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    python = runtime.removeprefix("python-")
    assert Requirement(f"python{setup_argument('python_requires')}").specifier.contains(python)
