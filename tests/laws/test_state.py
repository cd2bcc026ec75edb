"""States: of a constant size, read and written once a step, and updated by the work of the papers' recurrences."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from llm_roofline import Conventions, Step, load_model, models
from llm_roofline.models.layers import Delta, KimiDelta, Mamba, Mamba2, gated_delta, kimi_delta, mamba, mamba2
from llm_roofline.operators import ShortConvolution, StateScan
from llm_roofline.operators.cost import NAMES as COLUMNS
from llm_roofline.operators.scan import RULES
from tests.laws.subjects import TINY, scenario, structure
from tests.over import over

STATES = {
    name: models[name]
    for name in models.names()
    if any(isinstance(operator, StateScan) for _, operator in models[name].operators())
}
every_state = over("model", STATES)
MULTIPLY_ADD, SOFTPLUS, SIGMOID, SILU = 2, 3, 3, 4
HIDDEN, HEADS, GROUPS, ROWS, COLUMNS_OF_STATE, SEEN = 8, 4, 2, 3, 5, 4
BLOCKS = {
    "state-space dual": 128,
    "lightning attention": 256,
    "gated delta": 64,
    "Kimi delta": 64,
}  # of kernels [token]
"""Forms in blocks, arXiv 2405.21060 section 6, 2401.04658 section 3, 2412.06464 section 3.3, 2510.26692 section 3."""


def selective_scan(count):
    """A token of all channels: arXiv 2312.00752, algorithm 2; the bias of the step is that of a projection."""
    for _ in range(HEADS):
        count["beside"] += SOFTPLUS
        count["beside"] += 1  # step times value
        for _ in range(ROWS):
            count["state"] += 1
            count["work"] += 1  # step times A
            count["work"] += 1  # its exponential
            count["work"] += 1  # of which the state is a multiple
            count["work"] += MULTIPLY_ADD  # the value is added under B
            count["work"] += MULTIPLY_ADD  # and read under C
            count["own"] += 1  # A
        count["beside"] += MULTIPLY_ADD  # the skip
        count["own"] += 1  # D


def state_space_dual(count):
    """A token of all heads: arXiv 2405.21060, section 2.1, with the steps and the skip of section 7.1."""
    for _ in range(HEADS):
        count["beside"] += 1 + SOFTPLUS  # the step, with its bias
        count["beside"] += 1 + 1  # step times A, exponential
        count["own"] += 3  # A, D and the bias
        for _ in range(COLUMNS_OF_STATE):
            count["beside"] += 1  # step times value
            for _ in range(ROWS):
                count["state"] += 1
                count["work"] += 1  # decay
                count["work"] += MULTIPLY_ADD  # the value is added under B
                count["work"] += MULTIPLY_ADD  # and read under C
            count["beside"] += MULTIPLY_ADD  # the skip


def lightning_attention(count):
    """A token of all heads: arXiv 2401.04658, section 3; the decay of a head is a constant."""
    for _ in range(HEADS):
        for _ in range(ROWS):
            for _ in range(ROWS):
                count["state"] += 1
                count["work"] += 1  # decay
                count["work"] += MULTIPLY_ADD  # the value is added under the key
                count["work"] += MULTIPLY_ADD  # and read under the query


def gated_delta_rule(count):
    """A token of all heads: arXiv 2412.06464, equation 10."""
    delta_rule(count, GROUPS, ROWS, COLUMNS_OF_STATE, decays=1)
    count["own"] += 2 * HEADS  # A and the bias of the decay of each head


def kimi_delta_attention(count):
    """A token of all heads: arXiv 2510.26692, section 3, where every channel of a key has a decay."""
    delta_rule(count, HEADS, ROWS, ROWS, decays=ROWS)
    count["own"] += HEADS + HEADS * ROWS


def delta_rule(count, key_heads, rows, columns, *, decays):
    for _ in range(key_heads):
        for _ in range(rows):
            for _ in ("query", "key"):
                count["beside"] += MULTIPLY_ADD + 1  # its length, and the division by it
    for _ in range(HEADS):
        for _ in range(decays):
            count["beside"] += 1 + SOFTPLUS  # the step, with its bias
            count["beside"] += 1 + 1  # step times A, exponential
        count["beside"] += SIGMOID  # the share of what a key holds that is replaced
        for _ in range(columns):
            for _ in range(rows):
                count["state"] += 1
                count["work"] += 1  # decay
                count["work"] += MULTIPLY_ADD  # what the state holds under the key
            count["beside"] += 1 + 1  # its difference from the value, and of that the share
            for _ in range(rows):
                count["work"] += MULTIPLY_ADD  # is added under the key
                count["work"] += MULTIPLY_ADD  # and read under the query


def lightning():
    config = TINY | {"model_type": "minimax", "num_attention_heads": HEADS, "head_dim": ROWS, "num_local_experts": 2}
    model = load_model(config | {"num_experts_per_tok": 1, "layer_types": ["linear_attention"] * 5})
    return model.blocks[1].operators


SLOW = {
    "selective scan": (selective_scan, lambda: mamba(Mamba(HIDDEN, HEADS, ROWS, 2, SEEN), "norm")),
    "state-space dual": (
        state_space_dual,
        lambda: mamba2(Mamba2(HIDDEN, HEADS, COLUMNS_OF_STATE, GROUPS, ROWS, SEEN), "norm", norm="mixer.norm"),
    ),
    "lightning attention": (lightning_attention, lightning),
    "gated delta": (
        gated_delta_rule,
        lambda: gated_delta(Delta(HIDDEN, GROUPS, HEADS, ROWS, COLUMNS_OF_STATE, SEEN), "norm", fused=True),
    ),
    "Kimi delta": (kimi_delta_attention, lambda: kimi_delta(KimiDelta(HIDDEN, HEADS, ROWS, SEEN), "norm")),
}


def total(terms):
    return sum(terms.values())


def state_rows(compiled):
    return [i for i, kind in enumerate(compiled.kinds) if kind == "state"]


def column(counts, name):
    return counts[COLUMNS.index(name)]


@pytest.mark.parametrize("rule", RULES)
def test_a_scan_does_the_work_of_the_papers_recurrence(rule):
    recurrence, rows = SLOW[rule]
    count = Counter()
    recurrence(count)
    (scan,) = (row for row in rows() if isinstance(row, StateScan))
    counts = scan.cost(Conventions.standard)
    work = (total(counts.matrix_flops), total(counts.vector_flops))
    expected = (count["work"], count["beside"]) if work[0] else (0, count["work"] + count["beside"])
    assert scan.rule == rule
    assert work == expected
    assert total(scan.kept["state"]) == total(counts.state_read) == total(counts.state_write) == count["state"]
    assert total(scan.parameters) == total(counts.wide_weight_read) == count["own"]


def test_a_short_convolution_sees_the_last_tokens_and_keeps_them_as_they_were_made():
    channels, count = 6, Counter()
    for _ in range(channels):
        for _ in range(SEEN):
            count["work"] += MULTIPLY_ADD
            count["weights"] += 1
            count["state"] += 1
        count["work"] += 1 + SILU  # the bias, and the activation function
        count["weights"] += 1
    convolution = ShortConvolution("conv1d", ("in_proj",), channels, SEEN, bias=True)
    counts = convolution.cost(Conventions.standard)
    assert total(counts.vector_flops) == count["work"]
    assert total(convolution.parameters) == total(counts.wide_weight_read) == count["weights"]
    kept, moved = convolution.kept["wide_state"], (counts.wide_state_read, counts.wide_state_write)
    assert total(kept) == count["state"] == total(moved[0]) == total(moved[1])


@every_state
def test_bytes_of_states_grow_with_the_batch_alone(model):
    compiled = structure(scenario(model))
    steps = [Step(3, 1, 1), Step(3, 1, 10**6), Step(3, 64, 64), Step(3, 64, 10**6)]
    for name in ("state_read", "state_write"):
        moved = [column(compiled.columns(step), name) for step in steps]
        assert moved[0].any()
        assert all(np.array_equal(moved[0], other) for other in moved)
        assert np.array_equal(column(compiled.columns(Step(6, 1, 1)), name), 2 * moved[0])


@every_state
def test_a_prefill_updates_states_as_often_as_its_tokens_do_one_by_one(model):
    compiled, tokens = structure(scenario(model)), 300
    rows = state_rows(compiled)
    whole = compiled.columns(Step(2, tokens, tokens))[:2, rows]
    steps = compiled.columns(Step(2, 1, np.arange(1, tokens + 1)))[:2, rows]
    assert np.array_equal(whole, steps.sum(axis=-1))


@every_state
def test_a_state_is_kept_by_every_layer_that_has_one(model):
    """Counted from the configuration, key by key."""
    config = model.config.get("text_config", model.config)
    kept = [sum(model.kept.get(kind, {}).values()) for kind in ("state", "wide_state")]
    assert sum(kept) == expected_state(config)


def expected_state(c):  # noqa: PLR0911 - one a family
    match c["model_type"]:
        case "mamba" | "falcon_mamba":
            channels = c["expand"] * c["hidden_size"]
            return c["num_hidden_layers"] * channels * (c["state_size"] + c["conv_kernel"])
        case "jamba":
            channels = c["mamba_expand"] * c["hidden_size"]
            attend = c["num_hidden_layers"] // c["attn_layer_period"]
            return (c["num_hidden_layers"] - attend) * channels * (c["mamba_d_state"] + c["mamba_d_conv"])
        case "mamba2":
            dual = c["num_heads"], c["head_dim"], c["n_groups"], c["state_size"], c["conv_kernel"]
            return c["num_hidden_layers"] * dual_state(*dual)
        case "nemotron_h":
            layers = c.get("hybrid_override_pattern", "").count("M") or c["layers_block_type"].count("mamba")
            sizes = (c[k] for k in ("mamba_num_heads", "mamba_head_dim", "n_groups", "ssm_state_size", "conv_kernel"))
            return layers * dual_state(*sizes)
        case "granitemoehybrid":
            names = ("n_heads", "d_head", "n_groups", "d_state", "d_conv")
            return c["layer_types"].count("mamba") * dual_state(*(c[f"mamba_{name}"] for name in names))
        case "minimax":
            return c["layer_types"].count("linear_attention") * c["num_attention_heads"] * c["head_dim"] ** 2
        case "kimi_linear":
            linear = c["linear_attn_config"]
            width = linear["num_heads"] * linear["head_dim"]
            return len(linear["kda_layers"]) * width * (linear["head_dim"] + 3 * linear["short_conv_kernel_size"])
    keys, values = (c[f"linear_num_{kind}_heads"] * c[f"linear_{kind}_head_dim"] for kind in ("key", "value"))
    layers = c["num_hidden_layers"] - c["num_hidden_layers"] // c["full_attention_interval"]
    mixed = (2 * keys + values) * c["linear_conv_kernel_dim"]
    return layers * (values * c["linear_key_head_dim"] + mixed)


def dual_state(heads, size, groups, state, width):
    return heads * size * state + (heads * size + 2 * groups * state) * width


@every_state
def test_forms_in_blocks_take_nine_tenths_of_the_flops_or_more(model):
    """Their products alone: past each query in its block, what the block reads of the state, and what it adds."""
    for _, scan in model.operators():
        if not isinstance(scan, StateScan) or scan.rule not in BLOCKS:
            continue
        tokens, rows, columns = BLOCKS[scan.rule], scan.key_size, scan.value_size
        pairs = tokens * (tokens + 1) / 2
        groups = (scan.width_in / scan.heads - columns) / (2 * rows)  # heads of keys for each head
        block = MULTIPLY_ADD * (pairs * (rows * groups + columns) + 2 * tokens * rows * columns) + rows * columns
        if "delta" in scan.rule:  # what keys hold of each other and of the state is replaced
            block += MULTIPLY_ADD * (pairs * (2 * rows + columns) + tokens * rows * columns)
        recurrence = tokens * RULES[scan.rule].cost * rows * columns
        assert block >= 0.9 * recurrence
