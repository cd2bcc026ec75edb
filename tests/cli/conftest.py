"""Running the command in this process, and as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import IO, NamedTuple

import pytest

from llm_roofline.cli import main
from tests.checkout import REPOSITORY


class Ran(NamedTuple):
    """What a run of the command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def llm_viewer(capsys, monkeypatch):
    """Run the command here, in a window of a width."""

    def run(*arguments: str, width: int = 80) -> Ran:
        monkeypatch.setenv("COLUMNS", str(width))
        code = main([str(a) for a in arguments])
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture
def program():
    """Run ``python -m llm_roofline`` as a program whose output is a pipe."""

    def run(*arguments: str, stdout: IO[bytes] | int = subprocess.PIPE, **environment: str) -> Ran:
        inherited = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"}}
        ran = subprocess.run(
            [sys.executable, "-W", "error", "-m", "llm_roofline", *arguments],
            env={**inherited, "PYTHONPATH": str(REPOSITORY / "core"), "PYTHONIOENCODING": "utf-8", **environment},
            stdout=stdout,
            stderr=subprocess.PIPE,
            check=False,
        )
        return Ran(ran.returncode, (ran.stdout or b"").decode(), ran.stderr.decode())

    return run
