"""Ghosts: where points were before a technique was switched."""

from __future__ import annotations

import pytest

from llm_roofline import Scenario, Workload, evaluate, hardware, models
from llm_roofline.charts import axes, ghosts, points

PLAIN = Scenario(models["llama-3.1-8b"], hardware["h100-sxm"], Workload(8, 2048, 256))
BEFORE = evaluate(PLAIN)
ON = axes(PLAIN.hardware)


def switched(*names):
    """Estimate with techniques, and the ghosts of what was before, by their operators."""
    now = evaluate(PLAIN.update(techniques=["flash-attention", *names]))
    return now, {ghost.name: ghost for ghost in ghosts(BEFORE, now, "decode", ON)}


def at(estimate):
    return {point.name: point for point in points(estimate, "decode", ON)}


def test_without_a_switch_there_are_none():
    assert ghosts(None, BEFORE, "decode", ON) == ()


def test_quantised_weights_move_decode_to_the_right_and_the_ghosts_stay_where_it_was():
    before, (estimate, left) = at(BEFORE), switched("weight-quantization")
    now = at(estimate)
    assert {"q_proj", "gate_proj", "down_proj"} <= left.keys()
    for name, ghost in left.items():
        assert (ghost.x, ghost.y) == (before[name].x, before[name].y)
    assert left["q_proj"].arrow[1][0] > left["q_proj"].x
    assert now["q_proj"].x > before["q_proj"].x
    assert "attention" not in left  # reads no weights


def test_operators_that_are_no_more_have_a_ghost_without_an_arrow():
    _, left = switched("fused-qkv")
    assert left["q_proj"].arrow == ()
    assert "qkv_proj" not in left


def test_an_arrow_leads_beside_the_way_from_the_ghost_to_the_point():
    estimate, left = switched("weight-quantization")
    for name, ghost in left.items():
        start, tip, point = ghost.arrow[0], ghost.arrow[1], at(estimate)[name]
        way = point.x - ghost.x, point.y - ghost.y
        assert (tip[0] - start[0], tip[1] - start[1]) == pytest.approx(way)
        assert start[1] < ghost.y  # below, where no roof is
