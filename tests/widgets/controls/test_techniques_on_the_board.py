"""Every technique can be switched on on a board, in every phase, and off again."""

from __future__ import annotations

import pytest

from llm_roofline import RooflineError, techniques
from llm_roofline.estimates.shown import offered, shown

REFUSED = {
    "llama-3.1-8b": {"expert-imbalance", "expert-parallel", "sequence-parallel"},
    "mixtral-8x7b-v0.1": {"contextual-sparsity", "sequence-parallel"},
}


@pytest.mark.parametrize("model", [pytest.param(model, marks=pytest.mark.slow) for model in REFUSED])
def test_every_technique_is_drawn_in_every_phase_and_leaves_no_trace(board, model):
    drawn(board, model, offered)


def test_every_technique_is_drawn_in_the_phase_of_all_others_and_leaves_no_trace(board):
    drawn(board, "llama-3.1-8b", lambda _: ["generate"])


def drawn(board, model, phases):
    """Switch each technique on and off."""
    board.update(model=model, batch_size=4)
    before, refused = board.estimate.tpot, set()
    for name in techniques:
        try:
            board.techniques = list(dict.fromkeys(("flash-attention", name)))
        except RooflineError:
            refused.add(name)
            continue
        for phase in phases(board.estimate):
            board.phase = phase
            assert board.picture().startswith("<svg")
            for part in shown(board.estimate, phase):
                board.selected = part.phase.operators.name[-1]
        board.update(techniques=["flash-attention"], phase="decode")
        assert board.estimate.tpot == before
    assert refused == REFUSED[model]
