"""From a cell to its board, from a key press to its last changed mark, and a drag, in a real JupyterLab.

The floor is a bare slider of ipywidgets that updates a label in the same notebook.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench._line import Line
from tests.browser.chromium import chromium
from tests.browser.lab import SCRIPT, Lab
from tests.browser.server import lab_server

HERE = Path(__file__).parent
ROUNDS = 3  # each with a kernel of its own
CHANGES, WARM_UP = 40, 3
QUIET = 250  # ms without a change after which a redraw is over
QUIET_DISPLAY = 1000  # ms likewise for a first display: imports are pauses
MANY = (1, 3, 10)  # boards open in one notebook, of which one changes
DRAG_STEPS = 90  # of the mouse, one a frame
DISPLAY, KEY, KERNEL, PROCESSOR, BROKEN = "display", "key", "kernel", "processor", "broken"
MESSAGES, SIZE, FLOOR, DRAWS, SETTLE = "messages", "size", "floor", "frames a second", "settle"
START = """
import resource, time
_began = time.time()
from IPython.display import display
from llm_viewer_widgets import LLMViewer
v, *_others = [LLMViewer("llama-3.1-8b", "h100-sxm", batch_size=1) for _ in range({boards})]
_spent, _worked, _broken, _request = [], [], [], v.request
def _now():
    return time.perf_counter(), time.thread_time(), resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw
def _timed(**changes):
    began = _now()
    _request(**changes)
    spent, worked, broken = (after - before for after, before in zip(_now(), began))
    _spent.append(1e3 * spent); _worked.append(1e3 * worked); _broken.append(broken)
v.request = _timed
display(v, *_others)
"""
BARE = """
from ipywidgets import IntSlider, Label, VBox
_slider, _label = IntSlider(50, 0, 100), Label("50")
_slider.observe(lambda change: setattr(_label, "value", str(change["new"])), "value")
_box = VBox([_slider, _label]); _label.add_class("llmv-floor"); _box
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
    lab.write_notebook(name, [START.replace("{boards}", str(boards)), BARE])
    lab.open(name)
    lab.page.wait_for_function(SETTLED, arg=QUIET_DISPLAY)
    found[DISPLAY].append(lab.page.evaluate("window.bench.added") - 1e3 * float(lab.kernel("print(_began)")))
    lab.page.get_by_role("slider").first.focus()
    for seen in _presses(lab):
        messages, size = lab.page.evaluate("window.benchUpdates()")
        found[KEY].append(seen)
        found[MESSAGES].append(messages)
        found[SIZE].append(size / 1e3)
    for what, samples in ((KERNEL, "_spent"), (PROCESSOR, "_worked"), (BROKEN, "_broken")):
        found[what] = [float(sample) for sample in lab.kernel(f"print(*{samples})").split()]
    lab.page.locator(".widget-slider .noUi-handle").last.focus()
    found[FLOOR] = [*_presses(lab)]
    if boards == 1:
        _drag(lab, found)
    return {what: values[WARM_UP:] or values for what, values in found.items()}


def _presses(lab: Lab) -> Iterator[float]:
    """Press an arrow key, there and back again over ten stops; each until the last changed mark [ms]."""
    for turn in range(WARM_UP + CHANGES):
        lab.page.keyboard.press("ArrowRight" if turn // 10 % 2 == 0 else "ArrowLeft")
        lab.page.wait_for_function(SETTLED, arg=QUIET)
        seen = lab.page.evaluate("({ key: window.bench.key, last: window.bench.last })")
        yield seen["last"] - seen["key"]


def _drag(lab: Lab, found: dict[str, list[float]]) -> None:
    """Drag the batch slider to its end and back at full speed: states drawn a second, and what follows the release."""
    slider = lab.page.get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box() or {}
    y, left, right = box["y"] + box["height"] / 2, box["x"] + 8, box["x"] + box["width"] - 8
    for begin, end in ((left, right), (right, left)) * 3:
        lab.page.mouse.move(begin, y)
        lab.page.mouse.down()
        lab.page.wait_for_timeout(400)
        lab.page.evaluate("window.benchDrag()")
        lab.page.mouse.move(end, y, steps=DRAG_STEPS)
        lab.page.evaluate("window.bench.released = performance.timeOrigin + performance.now()")
        lab.page.mouse.up()
        lab.page.wait_for_function(SETTLED, arg=QUIET)
        seen = lab.page.evaluate("window.bench")
        span = (seen["released"] - seen["key"]) / 1e3
        found[DRAWS].append(sum(time <= seen["released"] for time in seen["draws"]) / span)
        found[SETTLE].append(max(seen["last"] - seen["released"], 0.0))


def worked(processor: Sequence[float], broken: Sequence[float]) -> str:
    """What of a time was work [ms], and how often something else took the core meanwhile [1]."""
    return f"{median(processor):.1f} ms of the processor, interrupted {median(broken):.0f} times"


def lines() -> tuple[list[Line], list[tuple[float, float]]]:
    """The lines of the report, and key presses by open boards."""
    rounds: dict[int, list[dict[str, list[float]]]] = defaultdict(list)
    with open_lab() as lab:
        for number in range(ROUNDS):
            for boards in MANY:
                rounds[boards].append(measure(lab, f"bench-{number}-{boards}", boards))
                lab.server.shut_down_kernels()

    def of(what: str, boards: int = 1) -> list[float]:
        return [value for found in rounds[boards] for value in found[what]]

    floor, key, many = (Line("", samples, "ms") for samples in (of(FLOOR), of(KEY), of(KEY, 10)))
    times = f"{key.median / floor.median:.1f} × the floor at the median, {key.p95 / floor.p95:.1f} × at p95"
    found = [
        Line("first display, imports included", of(DISPLAY), "ms", "≤ 1,500 ms"),
        Line("a bare slider's label: the floor", floor.samples, "ms"),
        Line(
            "key press to last changed mark or row", key.samples, "ms", "≤ 120 ms; ≤ 2.5 × the floor, p95 ≤ 4 ×", times
        ),
        Line("the same, 10 boards open", many.samples, "ms", "≤ 1.3 × one", f"{many.median / key.median:.2f} × one"),
        Line("drag: states drawn a second", of(DRAWS), "", "≥ 10"),
        Line("drag: from release to the last mark", of(SETTLE), "ms", "≤ 150 ms"),
        Line(
            "kernel, one change",
            of(KERNEL),
            "ms",
            "≤ 3 ms",
            worked(of(PROCESSOR), of(BROKEN)),
        ),
        Line("messages, one change", of(MESSAGES), "", "≤ 1 a changed mark"),
        Line("their length, headers included", of(SIZE), "kB", "≤ 12 kB"),
    ]
    return found, [(float(boards), median(of(KEY, boards))) for boards in MANY]
