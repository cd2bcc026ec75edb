"""The recipes of CONTRIBUTING, carried out on a copy of the checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.checkout import REPOSITORY
from tests.layout.graph import Package
from tests.layout.test_core_rooms import around_faces

TEXT = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([\w/.-]+)`:\n\n```\w+\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))
LINE = re.search(r"`(self\.\w+ = [^`]+)`", TEXT)[1]
"""Of a new view on the board."""
FOLDERS = ("core", "llm_viewer_widgets", "tests")
NOT_COPIED = shutil.ignore_patterns("*.egg-info", "build", "binder")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy in which the files of all recipes are written and take their places."""
    copy = tmp_path_factory.mktemp("contributing")
    for folder in FOLDERS:
        shutil.copytree(REPOSITORY / folder, copy / folder, ignore=NOT_COPIED)
    shutil.copy(REPOSITORY / "pyproject.toml", copy)
    for name, text in FILES.items():
        there = copy / name
        assert not there.exists() or there.read_text(encoding="utf-8") == text, f"{name} is an example no more"
        there.write_text(text, encoding="utf-8")
    edit(
        copy / "llm_viewer_widgets/viewer.py",
        (r"from \.views\.operator_table import OperatorTable\n", "from .views.ridge import Ridge\n"),
        (r"self\.detail = .*\n", f"        {LINE}\n"),
    )
    return copy


def edit(path, *insertions):
    """Insert texts, each behind the one place that a pattern finds."""
    text = path.read_text(encoding="utf-8")
    for pattern, added in insertions:
        if added in text:
            continue  # somebody carries the recipe out in this checkout
        places = [match.end() for match in re.finditer(pattern, text)]
        assert len(places) == 1, f"{path.name} has {len(places)} {pattern!r}: adapt CONTRIBUTING.md and this test"
        text = text[: places[0]] + added + text[places[0] :]
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def run(checkout):
    """Run Python in the copy; what it prints."""

    def python(*arguments: str) -> str:
        path = os.pathsep.join((str(checkout / "core"), str(checkout)))
        environment = {**os.environ, "PYTHONPATH": path}
        ran = subprocess.run(
            [sys.executable, *arguments], cwd=checkout, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
        return ran.stdout

    return python


@pytest.fixture(scope="module")
def used(run):
    """What comes of the new parts where they are used, all in one process, by the names in it."""
    code = """
import io, json
from contextlib import redirect_stdout
from llm_roofline import Scenario, Workload, evaluate, hardware, models
from llm_roofline.cli import main
from llm_viewer_widgets import LLMViewer

example = models["example/tiny"]
family, parameters = example.family, example.parameters

with redirect_stdout(io.StringIO()) as printed:
    main(["--show-hardware", "example-gpu"])
device = printed.getvalue()

plain = Scenario(models["llama-3.1-8b"], hardware["h100-sxm"], Workload(1, 20_000, 100))
narrow = plain.update(techniques=["flash-attention", "local-attention"])
survives = Scenario.from_json(narrow.to_json()) == narrow
before, after = evaluate(plain), evaluate(narrow)
costs = [[(p.time, p.flops, p.bytes) for p in (e.prefill, e.decode)] for e in (before, after)]
kv = [e.decode.operators.traffic("kv_read_bytes").sum() for e in (before, after)]

board = LLMViewer("llama-3.1-8b", "h100-sxm", tab="ridge")
first = board.ridge.value
board.hardware = "a100-sxm-80gb"
second = board.ridge.value
names = "family", "parameters", "device", "survives", "costs", "kv", "first", "second"
print(json.dumps({name: globals()[name] for name in names}))
"""
    return json.loads(run("-c", code))


def passed(report: str) -> int:
    return int(re.search(r"(\d+) passed", report)[1])


def test_there_is_a_recipe_for_each_of_the_four():
    assert [name.rpartition("/")[0] for name in FILES] == [
        "core/llm_roofline/models/architectures",
        "core/llm_roofline/models/data",
        "core/llm_roofline/devices/data",
        "core/llm_roofline/techniques/fast_decoding",
        "llm_viewer_widgets/views",
    ]


def test_the_files_of_the_recipes_are_formatted_and_pass_the_linter(checkout, run):
    written = [str(checkout / name) for name in FILES if name.endswith(".py")]
    written.append(str(checkout / "llm_viewer_widgets/viewer.py"))
    run("-m", "ruff", "format", "--check", "--no-cache", *written)
    run("-m", "ruff", "check", "--no-cache", *written)


def test_a_new_architecture_is_in_the_catalogue(used):
    attention = 2 * 256 * 256 + 2 * 256 * 64
    parameters = 5000 * 256 + 4 * (attention + 2 * 256 * 1024 + 2 * 256) + 256
    assert (used["family"], used["parameters"]) == ("example", parameters)


@pytest.mark.slow
def test_the_laws_pick_a_new_architecture_up(run):
    report = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/laws", "--only", "example/tiny")
    assert passed(report) >= 10


def test_a_new_device_is_in_the_catalogue(used):
    assert "NVIDIA Example datasheet, revision 1" in used["device"]


@pytest.mark.slow
def test_the_fast_run_checks_a_new_device(run):
    report = run(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/devices/test_vocabulary.py"),
        *("-m", "not slow", "--only", "example-gpu"),
    )
    assert passed(report) == 1


@pytest.mark.slow
def test_a_new_device_is_under_the_tests_of_the_catalogue(run):
    report = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/devices", "--only", "example-gpu")
    assert passed(report) >= 4


def test_a_new_technique_runs_by_its_name_and_survives_json(used):
    assert used["survives"]
    for old, new in zip(*used["costs"], strict=True):
        assert new[0] < old[0]
        assert new[1] < old[1]
        assert new[2] <= old[2]
    before, after = used["kv"]
    assert after / before == pytest.approx(4096 / 20_050)


@pytest.mark.slow
def test_the_laws_pick_a_new_technique_up(run):
    report = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/laws", "--only", "local-attention")
    assert passed(report) >= 5


def test_a_new_view_is_drawn_at_every_change(used):
    assert used["first"].startswith("An operator is compute-bound from ")
    assert used["first"] != used["second"]


@pytest.mark.slow
def test_a_new_view_breaks_no_test_of_the_others(run):
    report = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", "tests/widgets")
    assert passed(report) >= 200


@pytest.mark.slow
def test_no_recipe_leads_around_the_face_of_a_room(checkout):
    assert around_faces(Package(checkout / "core" / "llm_roofline", "llm_roofline")) == []


@pytest.mark.slow
def test_what_a_new_architecture_still_lacks_is_said_with_the_command_that_mends_it(run):
    named = ("published_size", "counted_or_missing", "is_varied", "its_tensors")
    files = ("laws/test_weights_and_cache.py", "golden", "models/checkpoint/test_every_architecture.py")
    with pytest.raises(AssertionError) as lacking:
        run("-m", "pytest", "-q", "-k", " or ".join(named), *(f"tests/{file}" for file in files))
    text = str(lacking.value)
    assert "4 failed" in text
    for file in ("kv_bytes_per_token.csv needs a line for example/tiny", "referee.json lacks example/tiny"):
        assert f"tests/golden/{file}: " in text
    for table in ("variations", "tensors"):
        assert f"tests/golden/{table}.json lacks example: `make referee` writes" in text
