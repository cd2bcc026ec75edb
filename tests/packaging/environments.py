"""Empty environments into which a wheel of ``dist/`` is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.checkout import REPOSITORY

SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def wheel(folder: str) -> Path:
    """The one wheel of a folder; where nothing was built, the test is skipped."""
    wheels = list((REPOSITORY / folder).glob("*.whl"))
    if not wheels:
        pytest.skip("nothing is built: make smoke builds first")
    (only,) = wheels
    return only


class Environment(NamedTuple):
    """A virtual environment, in which nothing of the checkout is seen."""

    folder: Path

    @classmethod
    def new(cls, folder: Path) -> Environment:
        """Make one that holds pip alone."""
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        return cls(folder)

    def run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of its programs."""
        variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        command = [self.folder / SCRIPTS / program, *arguments]
        return subprocess.run(command, cwd=self.folder, env=variables, capture_output=True, text=True, check=False)

    def said(self, program: str, *arguments: str | Path) -> str:
        """Output of a program that must succeed."""
        done = self.run(program, *arguments)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def install(self, *what: str | Path) -> None:
        """Install, at the versions that the other tests ran with."""
        lock = () if sys.version_info >= (3, 15) else ("-c", REPOSITORY / "requirements" / "constraints.txt")
        self.said("python", "-m", "pip", "install", "--quiet", "--no-compile", *lock, *what)

    def distributions(self) -> dict[str, str]:
        """Versions of what is installed, by name; pip and setuptools come with Python."""
        lines = self.said("python", "-m", "pip", "list", "--format=freeze").splitlines()
        installed = dict(line.split("==") for line in lines)
        return {name: version for name, version in installed.items() if name not in {"pip", "setuptools", "wheel"}}
