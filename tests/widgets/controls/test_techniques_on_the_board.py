"""Every technique can be switched on on a board, in every phase, and off again."""

from __future__ import annotations

import pytest

from llm_roofline import RooflineError, techniques
from llm_roofline.estimates.shown import offered, shown
from llm_viewer_widgets import LLMViewer

REFUSED = {
    "llama-3.1-8b": {"expert-imbalance", "expert-parallel", "sequence-parallel"},
    "mixtral-8x7b-v0.1": {"contextual-sparsity", "sequence-parallel"},
}


@pytest.mark.parametrize(
    "model", [*list(REFUSED)[:1], *(pytest.param(m, marks=pytest.mark.slow) for m in list(REFUSED)[1:])]
)
def test_every_technique_is_drawn_in_every_phase_and_leaves_no_trace(model):
    board = LLMViewer(model, "h100-sxm", batch_size=4)
    before, refused = board.estimate.tpot, set()
    for name in techniques:
        try:
            board.techniques = list(dict.fromkeys(("flash-attention", name)))
        except RooflineError:
            refused.add(name)
            continue
        for phase in offered(board.estimate):
            board.phase = phase
            assert board.picture().startswith("<svg")
            for part in shown(board.estimate, phase):
                board.selected = part.phase.operators.name[-1]
        board.update(techniques=["flash-attention"], phase="decode")
        assert board.estimate.tpot == before
    assert refused == REFUSED[model]
