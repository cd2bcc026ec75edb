"""Ghosts on a board: they come with a switch of techniques and go with the next change."""

from __future__ import annotations

from llm_roofline.charts import axes, ghosts


def of(board):
    on = axes(board.scenario.hardware)
    return {ghost.name: ghost for ghost in ghosts(board.state.before, board.estimate, board.phase, on)}


def test_without_a_switch_there_are_none(board):
    assert of(board) == {}
    board.batch_size = 16
    assert of(board) == {}


def test_they_stay_while_only_the_view_changes_and_go_with_the_next_change(board):
    board.techniques = ["flash-attention", "weight-quantization"]
    board.selected = "q_proj"
    assert of(board)
    board.phase = "generate"
    assert of(board)
    board.batch_size = 9
    assert of(board) == {}


def test_the_chart_draws_them_and_the_key_says_what_they_are(board):
    roofline, key = board.roofline, board.key
    assert len(roofline._ghosts.x) == 0
    board.techniques = ["flash-attention", "weight-quantization"]
    assert len(roofline._ghosts.x) == len(of(board))
    assert roofline._arrows.x.shape == (len([g for g in of(board).values() if g.arrow]), 5)
    assert "before the last switch" in key.value
    board.batch_size = 2
    assert len(roofline._ghosts.x) == 0
    assert "before the last switch" not in key.value
