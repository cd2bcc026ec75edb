"""Linked selection: a click anywhere selects everywhere, again unselects, and what vanishes is unselected."""

import json

import numpy as np
import pytest

from llm_roofline import RooflineError
from llm_roofline.basics.units import percent, quantity, significant
from tests.widgets.recording import browser_asks, browser_sends, click, hover


@pytest.fixture
def views(board):
    return board.roofline, board.latency, board.operators, board.detail


def on_point(roofline, latency, table, name):  # noqa: ARG001 - one way of selecting among three
    for key, members in roofline._points.items():
        if name in (names := [point.name for point in members]):
            click(roofline._marks[key], index=names.index(name))


def on_segment(roofline, latency, table, name):  # noqa: ARG001 - as above
    click(latency._bars, index=0, subIndex=latency._order.index(name))


def on_row(roofline, latency, table, name):  # noqa: ARG001 - as above
    browser_asks(table, select="" if table.chosen == name else name)


@pytest.mark.parametrize("choose", [on_point, on_segment, on_row])
def test_a_click_selects_everywhere_and_a_second_one_nothing(board, views, choose):
    roofline, latency, table, detail = views
    heard = []
    board.observe(lambda change: heard.append((change["old"], change["new"])), "selected")
    choose(roofline, latency, table, "lm_head")
    assert board.selected == table.chosen == "lm_head"
    assert len(roofline._ring.x) == 1
    assert [name for name, seen in zip(latency._order, latency._bars.opacities, strict=True) if seen == 1] == [
        "lm_head"
    ]
    board.tab = "explain"
    assert "lm_head" in detail.value
    board.tab = "operators"
    choose(roofline, latency, table, "lm_head")
    assert board.selected is None
    assert table.chosen == ""
    assert len(roofline._ring.x) == 0
    assert set(latency._bars.opacities) == {1.0}
    assert heard == [(None, "lm_head"), ("lm_head", None)]


def test_clicks_on_one_spot_go_through_the_operators_that_lie_there(board, views):
    roofline = views[0]
    key, members = next((key, members) for key, members in roofline._points.items() if len(members) > 1)
    shared = [p for p in members if sum((q.x, q.y) == (p.x, p.y) for q in members) > 1]
    assert shared, "the nominal board has operators of equal intensity"
    spot = [p.name for p in members if (p.x, p.y) == (shared[0].x, shared[0].y)]
    top = members.index(shared[0])
    seen = []
    for _ in spot:
        click(roofline._marks[key], index=top)
        seen.append(board.selected)
    assert sorted(seen) == sorted(spot)


def test_a_selection_marks_both_phases_of_a_generation(board, views):
    board.update(phase="generate", selected="q_proj", tab="explain")
    roofline, latency, _, detail = views
    assert len(roofline._ring.x) == 2
    assert latency._bars.y.shape[1] == 2
    assert "prefill" in detail.value
    assert "decode" in detail.value


def test_the_ring_goes_around_the_selected_point(board, views):
    board.selected = "o_proj"
    roofline = views[0]
    for batch in (1, 7, 300):
        board.batch_size = batch
        point = next(p for members in roofline._points.values() for p in members if p.name == "o_proj")
        assert (roofline._ring.x[0], roofline._ring.y[0]) == (point.x, point.y)
        assert roofline._ring.size[0] > np.pi * 9


def test_an_operator_that_vanishes_is_unselected(board, views):
    board.flash_attention = False
    board.selected = "softmax"
    heard = []
    board.observe(lambda change: heard.append(change["new"]), "selected")
    board.flash_attention = True
    assert "softmax" not in board.estimate.decode.operators.name
    assert board.selected is None
    assert heard == [None]
    assert views[2].chosen == ""
    assert len(views[0]._ring.x) == 0
    board.flash_attention = False
    assert board.selected is None


def test_an_operator_that_stays_stays_selected(board):
    board.selected = "q_proj"
    board.update(flash_attention=False, batch_size=8, hardware="a100-sxm-80gb", model="mistral-7b-v0.1")
    assert board.selected == "q_proj"


def test_an_empty_name_unselects(board):
    board.selected = "q_proj"
    board.selected = ""
    assert board.selected is None


def test_an_unknown_operator_is_refused_with_the_nearest_name(board):
    with pytest.raises(RooflineError, match=r"'qproj'.*'q_proj'"):
        board.selected = "qproj"


@pytest.mark.parametrize("data", [{}, {"index": 99}, {"index": None}, {"index": "0"}, {"subIndex": 99}])
def test_a_click_on_nothing_known_selects_nothing(board, views, data):
    roofline, latency, table, _ = views
    for mark in (*roofline._marks.values(), latency._bars):
        click(mark, **data)
    for content in ({}, {"select": 3}, {"select": None}):
        browser_sends(table, **content)
    if "subIndex" in data or "index" in data:
        assert board.selected is None
    assert board.status == ""


def test_a_row_that_no_longer_exists_is_told_and_not_raised(board, views):
    browser_sends(views[2], select="no_such_row")
    assert "no_such_row" in board.status
    assert board.selected is None


def test_the_tooltip_tells_of_the_point_under_the_mouse(views):
    roofline = views[0]
    for key, members in roofline._points.items():
        for index, point in enumerate(members):
            hover(roofline._marks[key], data={"index": index})
            assert f"<b>{point.name}</b> · {point.phase} · {point.bound}-bound" in roofline._tooltip.value
            for word in ("FLOP", "bytes", "intensity", "attainable", "time", "share"):
                assert f"<th>{word}</th>" in roofline._tooltip.value


def test_rows_have_the_operators_and_numbers_of_the_estimate(board, views):
    board.update(phase="generate", batch_size=4)
    table, e = views[2], board.estimate
    names, kinds = zip(*json.loads(table.operators), strict=True)
    assert (names, kinds) == (e.decode.operators.name, e.decode.operators.kind)
    rows = np.frombuffer(table.numbers).reshape(len(table.columns) - 1, len(names)).T
    steps = board.scenario.workload.decode_steps
    for name, (_, flops, moved, intensity, time, share), text in zip(names, rows, table.texts.split("\n"), strict=True):
        prefill, decode = e.prefill.operators[name], e.decode.operators[name]
        assert flops == pytest.approx(prefill.flops + steps * decode.flops)
        assert moved == pytest.approx(prefill.bytes + steps * decode.bytes)
        assert time == pytest.approx(prefill.time + steps * decode.time)
        assert share == pytest.approx(time / e.latency)
        bound, _, *cells = text.split("\t")
        assert bound == "/".join(dict.fromkeys((prefill.bound, decode.bound)))
        rates = quantity(flops, ""), quantity(moved, "B"), significant(intensity), quantity(time, "s"), percent(share)
        assert tuple(cells) == rates
    assert rows[:, -1].sum() == pytest.approx(1)
