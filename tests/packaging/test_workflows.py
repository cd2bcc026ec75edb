"""The workflows run make targets alone, so that they do what anybody can do at home."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.checkout import REPOSITORY
from tests.packaging.distributions import metadata

WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((REPOSITORY / ".github" / "workflows").iterdir())
}
JOBS = [(f"{name}/{key}", job) for name, flow in WORKFLOWS.items() for key, job in flow["jobs"].items()]
TARGETS = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
PYTHONS = [
    line.removeprefix("Programming Language :: Python :: ")
    for line in metadata(".")["classifiers"]
    if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", line)
]
of_every_job = pytest.mark.parametrize("job", [job for _, job in JOBS], ids=[name for name, _ in JOBS])


def test_there_are_workflows_that_test_build_and_publish():
    assert sorted(WORKFLOWS) == ["build", "publish", "test"]


@of_every_job
def test_a_step_runs_a_make_target_and_nothing_else(job):
    runs = [step["run"] for step in job.get("steps", ()) if "run" in step]
    commands = [re.fullmatch(r"make ([a-z]+)(?: [A-Z]+=\w+)?", run) for run in runs]
    assert None not in commands, runs
    assert {command[1] for command in commands} <= TARGETS


@of_every_job
def test_an_action_is_pinned_by_its_commit(job):
    used = [each["uses"] for each in (job, *job.get("steps", ())) if "uses" in each]
    assert [
        name for name in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}|\./\.github/workflows/\w+\.yml", name)
    ] == []


@pytest.mark.parametrize("flow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_a_workflow_may_read_and_only_publishing_more(flow):
    assert flow["permissions"] == {"contents": "read"}
    more = {key: job["permissions"] for key, job in flow["jobs"].items() if "permissions" in job}
    assert more in ({}, {"publish": {"id-token": "write"}})


def test_every_python_that_the_metadata_names_is_tested():
    jobs = WORKFLOWS["test"]["jobs"].values()
    assert [job["strategy"]["matrix"]["python"] for job in jobs] == [PYTHONS] * len(jobs)


def test_the_oldest_python_is_the_oldest_that_pip_accepts():
    assert metadata(".")["python_requires"] == f">={PYTHONS[0]}"


def test_nothing_is_published_that_was_not_tested_and_built():
    jobs = WORKFLOWS["publish"]["jobs"]
    assert jobs["publish"]["needs"] == ["test", "build"]
    assert [jobs[name]["uses"] for name in ("test", "build")] == [
        f"./.github/workflows/{n}.yml" for n in ("test", "build")
    ]
