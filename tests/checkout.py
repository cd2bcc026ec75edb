"""The files of the checkout: what is committed or would be."""

from __future__ import annotations

import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def project_files() -> list[Path]:
    """Paths, relative to the repository, of all files that git tracks or would track."""
    listing = subprocess.run(
        # safe.directory: a checkout that belongs to somebody else (a container's volume) is listed all the same
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sorted({Path(name) for name in listing.split("\0") if name and (REPOSITORY / name).is_file()})
