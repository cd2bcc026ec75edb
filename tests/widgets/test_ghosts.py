"""Ghosts: where points were before a technique was switched."""

from __future__ import annotations

import pytest

from llm_roofline.charts import axes, ghosts, points
from llm_viewer_widgets import LLMViewer


@pytest.fixture
def board():
    return LLMViewer("llama-3.1-8b", "h100-sxm", batch_size=8)


def of(board):
    on = axes(board.scenario.hardware)
    return {g.name: g for g in ghosts(board.state.before, board.estimate, board.phase, on)}


def at(board):
    return {p.name: p for p in points(board.estimate, board.phase, axes(board.scenario.hardware))}


def test_without_a_switch_there_are_none(board):
    assert of(board) == {}
    board.batch_size = 16
    assert of(board) == {}


def test_quantised_weights_move_decode_to_the_right_and_the_ghosts_stay_where_it_was(board):
    before = at(board)
    board.techniques = ["flash-attention", "weight-quantization"]
    now, found = at(board), of(board)
    assert {"q_proj", "gate_proj", "down_proj"} <= found.keys()
    for name, ghost in found.items():
        assert (ghost.x, ghost.y) == (before[name].x, before[name].y)
    assert found["q_proj"].arrow[1][0] > found["q_proj"].x
    assert now["q_proj"].x > before["q_proj"].x
    assert "attention" not in found  # reads no weights


def test_operators_that_are_no_more_have_a_ghost_without_an_arrow(board):
    board.techniques = ["flash-attention", "fused-qkv"]
    found = of(board)
    assert found["q_proj"].arrow == ()
    assert "qkv_proj" not in found


def test_an_arrow_leads_beside_the_way_from_the_ghost_to_the_point(board):
    board.techniques = ["flash-attention", "weight-quantization"]
    for name, ghost in of(board).items():
        start, tip, point = ghost.arrow[0], ghost.arrow[1], at(board)[name]
        way = point.x - ghost.x, point.y - ghost.y
        assert (tip[0] - start[0], tip[1] - start[1]) == pytest.approx(way)
        assert start[1] < ghost.y  # below, where no roof is


def test_they_stay_while_only_the_view_changes_and_go_with_the_next_change(board):
    board.techniques = ["flash-attention", "weight-quantization"]
    board.selected = "q_proj"
    assert of(board)
    board.phase = "generate"
    assert of(board)
    board.batch_size = 9
    assert of(board) == {}


def test_the_chart_draws_them_and_the_key_says_what_they_are(board):
    roofline, key = board._views[3], board._views[4]
    assert len(roofline._ghosts.x) == 0
    board.techniques = ["flash-attention", "weight-quantization"]
    assert len(roofline._ghosts.x) == len(of(board))
    assert roofline._arrows.x.shape == (len([g for g in of(board).values() if g.arrow]), 5)
    assert "before the last switch" in key.value
    board.batch_size = 2
    assert len(roofline._ghosts.x) == 0
    assert "before the last switch" not in key.value
