"""Compressed attention: one key for every so many tokens, counted in part where it is not complete."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Step, models
from llm_roofline.operators import CompressedAttention
from llm_roofline.operators.cost import NAMES as COLUMNS
from tests.laws.subjects import scenario, structure

FLASH = models["deepseek-ai/DeepSeek-V4-Flash"]
ATTENTION = {block.name: op for block in FLASH.blocks for op in block.operators if isinstance(op, CompressedAttention)}
every_layer = pytest.mark.parametrize("layers", ATTENTION)


def counted(query, context, layers):
    """What the core counts of attention in one layer: FLOP on matrix units, and elements of the cache that are read."""
    compiled = structure(scenario(FLASH))
    columns = compiled.columns(Step(1, query, context))[:, list(compiled.names).index(f"attention ({layers})")]
    return columns[0], columns[COLUMNS.index("kv_read")]


def seen(op, position):
    """Keys that a query sees: those of the window, and compressed ones that are complete."""
    far = (position + 1) // op.ratio if op.ratio else 0
    return min(position + 1, op.window) + (far if op.selected is None else min(far, op.selected))


@every_layer
@given(query=st.integers(1, 300), past=st.integers(0, 5000))
def test_a_query_multiplies_the_keys_that_it_sees_and_less_than_one_more(layers, query, past):
    op = ATTENTION[layers]
    each = 2 * op.heads * 2 * op.head_size  # a query, a key that is its own value
    pairs = sum(seen(op, position) for position in range(past, past + query))
    flops, _ = counted(query, past + query, layers)
    assert each * pairs <= flops < each * (pairs + query)


@every_layer
@pytest.mark.parametrize("context", [128, 2048, 4096, 100_096])
def test_decode_reads_whole_keys_once_where_all_are_complete(layers, context):
    op = ATTENTION[layers]
    assert counted(1, context, layers)[1] == seen(op, context - 1) * op.head_size


def test_layers_differ_in_what_they_compress():
    assert {name: (op.ratio, op.selected) for name, op in ATTENTION.items()} == {
        "sliding layers": (0, None),
        "compressed-sparse layers": (4, 512),
        "heavily-compressed layers": (128, None),
    }
