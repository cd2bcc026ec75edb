"""Attention to selected keys, singly or in blocks: what is seen is what picking them one by one adds up to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Step, evaluate, evaluate_step, load_model
from llm_roofline.operators.cost import NAMES as COLUMNS
from llm_roofline.operators.counts import SelectedContext, SelectedPairs, SelectedScores
from tests.laws.subjects import decode_steps, scenario, structure

BLOCK, CHOSEN = 8, 3
TINY = load_model(
    {
        "model_type": "minimax_m3",
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "rotary_dim": 4,
        "intermediate_size": 16,
        "dense_intermediate_size": 64,
        "shared_intermediate_size": 16,
        "num_local_experts": 4,
        "num_experts_per_tok": 2,
        "moe_layer_freq": [0, 1],
        "vocab_size": 100,
        "sparse_attention_config": {
            "sparse_attention_freq": [0, 1],
            "sparse_block_size": BLOCK,
            "sparse_topk_blocks": CHOSEN,
            "sparse_num_index_heads": 2,
            "sparse_index_dim": 8,
            "sparse_disable_index_value": [0, 1],
        },
    },
    "tiny M3",
)


def seen(position, width, block):
    """Keys that a query sees if it selects its own block and the ones before it, as many as it may."""
    blocks = [range(start, min(start + block, position + 1)) for start in range(0, position + 1, block)]
    return sum(len(keys) for keys in blocks[-(width // block) :])


@given(st.integers(1, 3), st.integers(1, 40), st.integers(0, 60), st.integers(1, 6), st.integers(1, 7))
def test_pairs_and_keys_are_those_of_a_selection_made_query_by_query(batch, query, past, block, chosen):
    width, context = block * chosen, past + query
    pairs = sum(seen(position, width, block) for position in range(past, context))
    shape = Step(batch, query, context).arrays
    assert SelectedPairs(width, block).of(shape) == batch * pairs
    assert SelectedContext(width, block).of(shape) == batch * min(context, pairs)
    assert SelectedScores(width, block).of(shape) == batch * query * min(context, width)


@pytest.mark.parametrize(("prompt", "output"), [(1, 100), (23, 3), (24, 2), (25, 40), (40, 300)])
def test_the_closed_form_knows_where_blocks_end(prompt, output):
    s = scenario(TINY, 2, prompt, output)
    times = [evaluate_step(s, step).time for step in decode_steps(s)]
    assert evaluate(s).decode.time == pytest.approx(np.mean(times), rel=1e-12)


def test_an_indexer_scores_every_key_but_attention_reads_the_selected_ones_alone():
    compiled = structure(scenario(TINY))
    read = compiled.columns(Step(1, 1, np.array([100, 200])))[COLUMNS.index("kv_read")]
    rows = dict(zip(compiled.names, read, strict=True))
    assert rows["indexer"].tolist() == [100 * 8, 200 * 8]
    full, selected = (rows[f"attention ({name} layers)"] for name in ("dense", "block-sparse expert"))
    assert full.tolist() == [100 * 2 * 16, 200 * 2 * 16]
    assert selected.tolist() == [seen(99, 24, 8) * 2 * 16, seen(199, 24, 8) * 2 * 16]
