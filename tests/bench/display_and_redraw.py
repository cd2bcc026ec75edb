"""From a cell to its board and from a key press to its last changed mark, in a real JupyterLab; writes RESULTS.md.

Run by `make bench`. The figures say what this machine does; nothing fails by them. A busy machine says so by its load.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.browser.chromium import chromium
from tests.browser.lab import SCRIPT, Lab
from tests.browser.server import lab_server

HERE = Path(__file__).parent
ROUNDS = 3  # each with a kernel of its own
CHANGES, WARM_UP = 40, 3
QUIET = 250  # ms without a change after which a redraw is over
QUIET_DISPLAY = 1000  # ms likewise for a first display: imports are pauses
MANY = 10  # boards open in one notebook, of which one changes
DISPLAY, KEY, KERNEL = "first display, imports included", "key press to last changed mark or row", "kernel, one change"
PROCESSOR = "its processor time"
MESSAGES, SIZE = "messages, one change", "their length, headers included"
AMONG_MANY = f", {MANY} boards open"
TARGETS = {DISPLAY: "", KEY: "≤ 120 ms", KERNEL: "≤ 3 ms", PROCESSOR: "", MESSAGES: "", SIZE: ""}
TARGETS |= {KEY + AMONG_MANY: "≤ 1.3 × one", KERNEL + AMONG_MANY: "≤ 1.3 × one"}
UNITS = {DISPLAY: "ms", KEY: "ms", KERNEL: "ms", PROCESSOR: "ms", MESSAGES: "", SIZE: "kB"}
START = """
import time
_began = time.time()
from IPython.display import display
from llm_viewer_widgets import LLMViewer
v, *_others = [LLMViewer("llama-3.1-8b", "h100-sxm", batch_size=1) for _ in range({boards})]
_spent, _worked, _request = [], [], v.request
def _timed(**changes):
    began, cpu = time.perf_counter(), time.thread_time()
    _request(**changes)
    _spent.append(1e3 * (time.perf_counter() - began))
    _worked.append(1e3 * (time.thread_time() - cpu))
v.request = _timed
display(v, *_others)
"""
SETTLED = """quiet => {
  const now = performance.timeOrigin + performance.now();
  return window.bench.last > 0 && now - window.bench.last > quiet;
}"""


@contextmanager
def open_lab() -> Iterator[Lab]:
    """A page that notes key presses, changed marks and messages."""
    with tempfile.TemporaryDirectory() as folder, lab_server(Path(folder)) as server, chromium() as browser:
        context = browser.new_context(viewport={"width": 1400, "height": 1500})
        context.set_default_timeout(120_000)
        context.add_init_script(path=SCRIPT)
        context.add_init_script(path=HERE / "observe.js")
        yield Lab(context.new_page(), server)
        context.close()


def measure(lab: Lab, name: str, boards: int = 1) -> dict[str, list[float]]:
    """Samples of the first of some boards, by what was measured."""
    found: dict[str, list[float]] = defaultdict(list)
    lab.write_notebook(name, [START.replace("{boards}", str(boards))])
    lab.open(name)
    lab.page.wait_for_function(SETTLED, arg=QUIET_DISPLAY)
    found[DISPLAY].append(lab.page.evaluate("window.bench.added") - 1e3 * float(lab.kernel("print(_began)")))
    lab.page.get_by_role("slider").first.focus()
    for turn in range(WARM_UP + CHANGES):  # there and back again over ten stops
        lab.page.keyboard.press("ArrowRight" if turn // 10 % 2 == 0 else "ArrowLeft")
        lab.page.wait_for_function(SETTLED, arg=QUIET)
        seen = lab.page.evaluate("({ key: window.bench.key, last: window.bench.last })")
        messages, size = lab.page.evaluate("window.benchUpdates()")
        found[KEY].append(seen["last"] - seen["key"])
        found[MESSAGES].append(messages)
        found[SIZE].append(size / 1e3)
    for what, samples in ((KERNEL, "_spent"), (PROCESSOR, "_worked")):
        found[what] = [float(sample) for sample in lab.kernel(f"print(*{samples})").split()]
    return {what: values[WARM_UP:] or values for what, values in found.items()}


def table(rounds: list[dict[str, list[float]]]) -> list[str]:
    """Rows of Markdown: medians over the rounds of each round's median and 95th percentile."""
    rows = ["| | median | p95 | target | each round's median |", "|---|---|---|---|---|"]
    for what, target in TARGETS.items():
        medians = [statistics.median(found[what]) for found in rounds]
        tails = [quantile(found[what], 0.95) for found in rounds]
        median, tail = (
            f"{statistics.median(values):,.1f} {UNITS[what.removesuffix(AMONG_MANY)]}".strip()
            for values in (medians, tails)
        )
        each = ", ".join(f"{value:,.1f}" for value in medians)
        rows.append(f"| {what} | {median} | {tail if len(rounds[0][what]) > 1 else ''} | {target} | {each} |")
    return rows


def quantile(values: list[float], share: float) -> float:
    """Value below which a share of the sorted values lies."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def machine(loads: list[float]) -> str:
    """Date, machine, its load during the rounds, and versions."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", info.read_text(encoding="utf-8")) if info.exists() else []
    packages = ("jupyterlab", "ipykernel", "ipywidgets", "bqplot", "anywidget", "numpy")
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores of {names[0] if names else platform.processor()}, "
        f"load {', '.join(f'{load:.1f}' for load in loads)}; Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in packages)
        + "."
    )


def report() -> str:
    """Measure and tell, as Markdown."""
    rounds, loads = [], []
    with open_lab() as lab:
        for number in range(ROUNDS):
            rounds.append(measure(lab, f"bench-{number}"))
            loads.append(os.getloadavg()[0])
            lab.server.shut_down_kernels()
            many = measure(lab, f"bench-many-{number}", MANY)
            rounds[-1] |= {what + AMONG_MANY: many[what] for what in (KEY, KERNEL)}
            lab.server.shut_down_kernels()
    about = (
        f"One board of Llama-3.1-8B on an H100 in JupyterLab and headless Chromium, {CHANGES} presses of an arrow key "
        f"on its batch slider, {ROUNDS} rounds (`make bench`)."
    )
    return "\n".join(["# What a board takes", "", about, "", *table(rounds), "", machine(loads), ""])


if __name__ == "__main__":
    text = report()
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
