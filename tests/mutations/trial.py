"""The fast tests on a copy of the core that has a fault."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.checkout import REPOSITORY

from .table import MUTATIONS, Mutation

CORE = REPOSITORY / "core"
SEEN, PASSED = 1, 0  # exit codes of pytest; any other means that no test ran


def texts(core: Path) -> dict[Path, str]:
    """Every file of Python of a core."""
    return {path: path.read_text("utf-8") for path in sorted((core / "llm_roofline").rglob("*.py"))}


def places(mutation: Mutation, files: dict[Path, str]) -> list[Path]:
    """Files that have the text of a mutation, each as often as it has it."""
    return [path for path, text in files.items() for _ in range(text.count(mutation.text))]


def caught(mutation: Mutation) -> str:
    """Name of the test that fails under a mutation; empty where all that should see it pass."""
    with TemporaryDirectory() as folder:
        core = _copied(folder)
        (place,) = places(mutation, texts(core))
        place.write_text(place.read_text("utf-8").replace(mutation.text, mutation.instead), encoding="utf-8")
        return _first_failure(core, {mutation.seen_by})


def failing_as_it_is() -> str:
    """The same of the core as it is and all tests that should see some fault: empty, or no mutation says anything."""
    with TemporaryDirectory() as folder:
        return _first_failure(_copied(folder), {mutation.seen_by for mutation in MUTATIONS})


def _copied(folder: str) -> Path:
    return Path(shutil.copytree(CORE, Path(folder) / "core", ignore=shutil.ignore_patterns("*.egg-info", "build")))


def _first_failure(core: Path, tests: set[str]) -> str:
    options = ("-x", "-q", "-n0", "-p", "no:cacheprovider", "-m", "not slow", "--hypothesis-profile=first")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(core), str(REPOSITORY)))}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-o", f"pythonpath={REPOSITORY} {core}", *sorted(tests)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode not in {SEEN, PASSED}:
        raise RuntimeError(f"no test ran:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    failed = re.search(r"^FAILED (.+?)(?: - |$)", ran.stdout, re.MULTILINE)
    return failed[1] if failed else ""
