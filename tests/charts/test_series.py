"""What the charts draw, as arrays: points under roofs, axes that stay, areas in proportion, bars that add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Hardware, Scenario, Workload, evaluate, hardware, models
from llm_roofline.charts import Axes, axes, bars, points, roofs
from llm_roofline.charts.axes import round_ticks
from llm_roofline.charts.points import radius, without_work
from llm_roofline.estimates.shown import shown
from tests.charts.estimates import COMPUTING, estimates, linear, phases, table_of
from tests.over import over


def height(roof, x):
    """Height of a roof over places on the x axis, as drawn."""
    return np.interp(x, roof.x, roof.y)


@given(estimates(), phases, linear)
def test_points_lie_under_the_highest_roof_and_inside_the_axes(e, phase, linear):
    device = e.scenario.hardware
    on = axes(device, linear=linear)
    top = roofs([table_of(e, phase)], on)[-1]
    for point in points(e, phase, on):
        assert on.x[0] <= point.x <= on.x[1]
        assert on.y[0] <= point.y <= on.y[1]
        if not point.clipped:
            assert point.y <= height(top, point.x) + 1e-9 * abs(on.y[1])


@given(estimates(), linear)
def test_memory_bound_points_of_a_prefill_lie_on_the_slope(e, linear):
    """Fused attention and scans a little below it: part of their work has its own roof. A mean may change sides."""
    on, bandwidth = axes(e.scenario.hardware, linear=linear), e.scenario.hardware.memory_bandwidth
    for point in points(e, "prefill", on):
        if not point.clipped and point.bound == "memory":
            intensity, achieved = (value if linear else 10**value for value in (point.x, point.y))
            assert achieved <= bandwidth * intensity * (1 + 1e-9)
            if point.kind not in {"attention", "state"}:
                assert achieved == pytest.approx(bandwidth * intensity, rel=1e-9)


@given(estimates(), phases, linear)
def test_every_operator_is_a_point_or_is_named_as_without_work(e, phase, linear):
    found = points(e, phase, axes(e.scenario.hardware, linear=linear))
    for part in shown(e, phase):
        table = part.phase.operators
        seen = [p.name for p in found if p.phase == part.key]
        idle = [name for name, flops in zip(table.name, table.flops, strict=True) if not flops]
        assert sorted([*seen, *idle]) == sorted(table.name)
        assert set(idle) <= set(without_work(e, phase))


@given(estimates(), phases)
def test_shares_sum_to_one_with_those_that_have_no_point(e, phase):
    found = points(e, phase, axes(e.scenario.hardware))
    idle = without_work(e, phase)
    lengths = [s for bar in bars(e, phase) for s in bar.segments]
    missing = sum(s.time for s in lengths if s.name in idle) / sum(s.time for s in lengths)
    assert sum(p.share for p in found) + missing == pytest.approx(1, rel=1e-12)
    assert [p.share for p in found] == sorted((p.share for p in found), reverse=True)  # a large one hides no small one


@given(estimates())
def test_bars_are_as_long_as_their_phases_and_segments_follow_each_other(e):
    drawn = bars(e, "generate")
    if e.scenario.model.paradigm.grows:
        *first, decode = drawn
        assert [bar.phase for bar in first] == [*(["encoder"] if e.encoder else []), "prefill"]
        assert sum(bar.time for bar in first) == pytest.approx(e.ttft, rel=1e-12)
        assert decode.time == pytest.approx(e.scenario.workload.decode_steps * e.tpot, rel=1e-12)
    assert sum(bar.time for bar in drawn) == pytest.approx(e.latency, rel=1e-12)
    assert bars(e, "decode")[0].time == pytest.approx(e.tpot, rel=1e-12)
    for bar in drawn:
        end = 0.0
        for segment in bar.segments:
            assert segment.start == end
            end += segment.time
        assert end == bar.time


@given(estimates(), linear)
def test_a_clipped_point_lies_on_the_edge_and_no_other_says_so(e, linear):
    on = axes(e.scenario.hardware, linear=linear)
    for point in points(e, "generate", on):
        if point.clipped:
            assert point.x in on.x or point.y in on.y


def test_a_point_outside_the_axes_is_moved_to_their_edge():
    on = Axes(linear=True, x=(0.0, 1.0), y=(0.0, 1e12), x_ticks={}, y_ticks={})
    found = points(evaluate(Scenario(models["llama-3.1-8b"], hardware["h100-sxm"])), "prefill", on)
    assert {p.x for p in found if p.clipped} >= {1.0}
    assert any(p.clipped for p in found)


@given(st.floats(1e-6, 1), st.floats(1e-6, 1))
def test_areas_are_in_proportion_to_shares_above_the_smallest(one, other):
    if min(radius(one), radius(other)) > 3:
        assert (radius(one) / radius(other)) ** 2 == pytest.approx(one / other)


@pytest.mark.parametrize("linear", [False, True])
@over("name", COMPUTING)
def test_roofs_of_a_device_are_its_peaks_and_equal_ones_are_one(name, linear):
    device = hardware[name]
    e = evaluate(Scenario(models["llama-3.1-8b"], device))
    on = axes(device, linear=linear)
    found = roofs([e.decode.operators], on)
    heights = [roof.peak for roof in found]
    assert heights == sorted(set(heights))
    assert sum(roof.active for roof in found) == 1
    for roof in found:
        assert roof.ridge == roof.peak / device.memory_bandwidth
        assert roof.y[1] == roof.y[2] == pytest.approx(float(on.drawn(roof.peak)))
        assert (np.diff(roof.x) >= 0).all()
        assert on.y[0] <= roof.y[1] <= on.y[1]
    formats = [f for roof in found for f in roof.formats]
    assert len(formats) == len(set(formats))


def test_formats_of_one_peak_share_a_roof():
    device = Hardware(
        name="made-up",
        title="made up",
        memory_bytes=80e9,
        memory_bandwidth=1e12,
        peak_flops_per_s={"bf16": 1e14, "fp16": 1e14, "int8": 2e14},
        vector_flops_per_s={"fp32": 1e13},
    )
    found = roofs([evaluate(Scenario(models["gpt2"], device, Workload(1, 8, 8))).decode.operators], axes(device))
    assert [set(roof.formats) for roof in found] == [{"vector"}, {"bf16", "fp16"}, {"int8"}]
    assert [roof.active for roof in found] == [False, True, False]


@pytest.mark.parametrize("linear", [False, True])
@over("name", hardware.names())
def test_ticks_lie_on_the_axes_and_read_differently(name, linear):
    on = axes(hardware[name], linear=linear)
    for ends, ticks in ((on.x, on.x_ticks), (on.y, on.y_ticks)):
        assert all(ends[0] <= tick <= ends[1] for tick in ticks)
        assert len(set(ticks.values())) == len(ticks) >= 2


@given(st.floats(1e-12, 1e20), st.integers(3, 12))
def test_round_ticks_are_few_and_end_before_the_end(end, wanted):
    found = round_ticks(end, wanted)
    assert found[0] == 0
    assert 2 <= len(found) <= wanted + 1
    assert found[-1] <= end * (1 + 1e-12)
