"""Measure everything and write RESULTS.md, with scaling curves beside it. Run by `make bench`.

The figures say what this machine does; nothing fails by them. A busy machine says so by its load.
"""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench import _board, _core, _kernel
from tests.bench._line import HEAD
from tests.bench._plot import plot

HERE = Path(__file__).parent


def machine(loads: list[float]) -> str:
    """Date, machine, its load before and after, and versions."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", info.read_text(encoding="utf-8")) if info.exists() else []
    packages = ("jupyterlab", "ipykernel", "ipywidgets", "bqplot", "anywidget", "numpy", "xarray")
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores of {names[0] if names else platform.processor()}, "
        f"load {', '.join(f'{load:.1f}' for load in loads)}; Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in packages)
        + "."
    )


def report() -> str:
    """Measure and tell, as Markdown."""
    loads = [os.getloadavg()[0]]
    core, curves = _core.lines(), _core.curves()
    board, boards = _board.lines()
    board.append(_kernel.line())
    curves["boards"] = ("boards open", "key press to last mark [ms]", boards)
    loads.append(os.getloadavg()[0])
    for name, (across, up, points) in curves.items():
        plot(HERE / f"scaling-{name}.svg", across, up, points)
    pictures = [f"![{up} by {across}](scaling-{name}.svg)" for name, (across, up, _) in curves.items()]
    about = (
        f"`make bench`. One board of Llama-3.1-8B on an H100 in JupyterLab and headless Chromium, {_board.CHANGES} "
        f"presses of an arrow key on its batch slider, {_board.ROUNDS} rounds; the core by itself, all loaded."
    )
    parts = ["# What it takes", "", about, "", "## On the board", "", *HEAD, *(line.row() for line in board), ""]
    parts += ["## In the core", "", *HEAD, *(line.row() for line in core), "", "## How it grows", "", *pictures, ""]
    return "\n".join([*parts, machine(loads), ""])


if __name__ == "__main__":
    text = report()
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
