"""From a cell to its board and from a key press to its last changed mark, in a real JupyterLab; writes RESULTS.md.

Run by `make bench`. The figures say what this machine does; nothing fails by them.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.browser.chromium import chromium
from tests.browser.lab import SCRIPT, Lab
from tests.browser.server import lab_server

HERE = Path(__file__).parent
CHANGES, WARM_UP = 40, 3
QUIET = 250  # ms without a change after which a redraw is over
START = """
import time
_began = time.time()
from llm_viewer_widgets import LLMViewer
v = LLMViewer("llama-3.1-8b", "h100-sxm", batch_size=1)
_spent = []
_draw, _update = v.draw, v.request
def _timed(**changes):
    before = time.perf_counter()
    _update(**changes)
    _spent.append(1e3 * (time.perf_counter() - before))
v.request = _timed
v
"""
SETTLED = """quiet => {
  const now = performance.timeOrigin + performance.now();
  return window.bench.last > 0 && now - window.bench.last > quiet;
}"""


@contextmanager
def open_lab() -> Iterator[Lab]:
    """A page that notes key presses and changed marks."""
    with tempfile.TemporaryDirectory() as folder, lab_server(Path(folder)) as server, chromium() as browser:
        context = browser.new_context(viewport={"width": 1400, "height": 1500})
        context.add_init_script(path=SCRIPT)
        context.add_init_script(path=HERE / "observe.js")
        yield Lab(context.new_page(), server)
        context.close()


def press(lab: Lab, key: str) -> float:
    """Time from a key press on the batch slider to the last changed mark [ms]."""
    lab.page.keyboard.press(key)
    lab.page.wait_for_function(SETTLED, arg=QUIET)
    seen = lab.page.evaluate("window.bench")
    return seen["last"] - seen["key"]


def measure() -> dict[str, list[float]]:
    """All samples [ms], by what was timed."""
    found: dict[str, list[float]] = {"first display": [], "key press to last mark": [], "kernel, one change": []}
    with open_lab() as lab:
        lab.write_notebook("bench", [START])
        lab.open("bench")
        lab.page.locator(".llmv-table tbody tr").first.wait_for()
        lab.page.wait_for_function(SETTLED, arg=QUIET)
        began = 1e3 * float(lab.kernel("print(_began)"))
        found["first display"].append(lab.page.evaluate("window.bench.last") - began)
        lab.page.locator(".noUi-handle").first.focus()
        for turn in range(WARM_UP + CHANGES):  # there and back again over ten stops
            taken = press(lab, "ArrowRight" if turn // 10 % 2 == 0 else "ArrowLeft")
            if turn >= WARM_UP:
                found["key press to last mark"].append(taken)
        found["kernel, one change"] = [float(t) for t in lab.kernel("print(*_spent)").split()][WARM_UP:]
    return found


def report(found: dict[str, list[float]]) -> str:
    """Table of the samples with the machine they come from, as Markdown."""
    targets = {"first display": "1,500", "key press to last mark": "120", "kernel, one change": "3"}
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", info.read_text()) if info.exists() else []
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("jupyterlab", "ipywidgets", "bqplot", "anywidget", "numpy")
    )
    cpu = names[0] if names else platform.processor()
    machine = f"{os.cpu_count()} cores of {cpu}, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    rows = [
        f"| {what} | {statistics.median(times):.1f} | {quantile(times, 0.95):.1f} | {targets[what]} | {len(times)} |"
        for what, times in found.items()
    ]
    return "\n".join(
        [
            "# What a board takes",
            "",
            "One board of Llama-3.1-8B on an H100 in JupyterLab and headless Chromium, in milliseconds (`make bench`).",
            "",
            "| from, to | median | p95 | target (median) | samples |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"{datetime.now(UTC):%Y-%m-%d}: {machine}, {packages}.",
            "",
        ]
    )


def quantile(values: list[float], share: float) -> float:
    """Value below which a share of the sorted values lies."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


if __name__ == "__main__":
    text = report(measure())
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
