"""The charts of a board hold the arrays of the series, and their axes stay while sliders move."""

import numpy as np
import pytest

from llm_roofline.charts import axes, bars, points
from llm_roofline.charts.points import radius
from tests.widgets.recording import browser_asks


@pytest.mark.parametrize("linear", [False, True])
def test_the_axes_are_locked_while_every_slider_moves(board, linear):
    board.linear_axes = linear
    roofline = board.roofline
    seen = set()
    for name in ("batch_size", "prompt_tokens", "output_tokens"):
        slider = board.controls.by_name[name]
        for stop in slider.stops[::3]:
            browser_asks(slider, value=stop)
            scales = [axis.scale for axis in roofline.axes]
            ticks = [tuple(axis.tick_values) for axis in roofline.axes]
            seen.add((*((scale.min, scale.max) for scale in scales), *ticks))
        board.update(**{name: 64})
    assert len(seen) == 1


def test_another_device_moves_the_axes(board):
    roofline = board.roofline
    before = [axis.scale.max for axis in roofline.axes]
    board.hardware = "wse3"
    assert [axis.scale.max for axis in roofline.axes] != before


def test_the_marks_hold_the_points_of_the_series(board):
    board.update(phase="generate", batch_size=16)
    roofline = board.roofline
    expected = points(board.estimate, "generate", axes(board.scenario.hardware))
    drawn = [(x, y) for mark in roofline._marks.values() for x, y in zip(mark.x, mark.y, strict=True)]
    assert sorted(drawn) == sorted((p.x, p.y) for p in expected)
    sizes = [size for mark in roofline._marks.values() for size in mark.size]
    assert sorted(sizes) == pytest.approx(sorted(np.pi * radius(p.share) ** 2 for p in expected))


def test_the_bars_hold_the_times_of_the_series(board):
    for phase, unit in (("generate", 1.0), ("decode", 1e-3), ("prefill", 1e-3)):
        board.phase = phase
        latency = board.latency
        expected = bars(board.estimate, phase)
        heights = np.atleast_2d(latency._bars.y.T).sum(axis=1) if phase == "generate" else [latency._bars.y.sum()]
        assert list(heights) == pytest.approx([bar.time / unit for bar in expected[::-1]])
        assert latency._x.label == f"time [{'s' if unit == 1 else 'ms'}]"
        assert latency._scale_x.max * unit > max(bar.time for bar in expected)
