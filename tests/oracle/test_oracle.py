"""The core agrees with the oracle: counts to the unit, times to twelve digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Hardware, Precision, Scenario, Step, Workload, evaluate, evaluate_step, load_model
from tests.oracle import oracle

COLUMNS = {
    "weight": "weight_bytes",
    "in": "activation_read_bytes",
    "out": "activation_write_bytes",
    "kv read": "kv_read_bytes",
    "kv write": "kv_write_bytes",
}
BYTES = {"fp32": 4, "bf16": 2, "fp8": 1}
KINDS = ("weights", "activations", "kv_cache", "head")


@st.composite
def decoders(draw):
    kv_heads = draw(st.integers(1, 3))
    return oracle.Decoder(
        hidden=draw(st.integers(1, 9)),
        layers=draw(st.integers(1, 3)),
        heads=kv_heads * draw(st.integers(1, 3)),
        kv_heads=kv_heads,
        head_size=draw(st.integers(1, 5)),
        ffn=draw(st.integers(1, 9)),
        vocabulary=draw(st.integers(1, 20)),
        window=draw(st.none() | st.integers(1, 12)),
        qk_norm=draw(st.booleans()),
        tied=draw(st.booleans()),
    )


def model_of(d):
    """The same decoder for the core. A window on every layer and norms of queries and keys is what Qwen 3 can say."""
    config = {
        "model_type": "qwen3" if d.qk_norm else "mistral",
        "hidden_size": d.hidden,
        "num_hidden_layers": d.layers,
        "num_attention_heads": d.heads,
        "num_key_value_heads": d.kv_heads,
        "head_dim": d.head_size,
        "intermediate_size": d.ffn,
        "vocab_size": d.vocabulary,
        "tie_word_embeddings": d.tied,
        "sliding_window": d.window,
    }
    if d.qk_norm:
        config |= {"use_sliding_window": True, "max_window_layers": 0}
    return load_model(config)


formats_of = st.tuples(*[st.sampled_from(sorted(BYTES))] * 4).map(lambda names: dict(zip(KINDS, names, strict=True)))
magnitudes = st.floats(1, 1e3)


@st.composite
def machines(draw):
    """An oracle's machine and the core's; the oracle knows no compute formats, so all have the same peak."""
    matrix, vector, bandwidth = (draw(magnitudes) * scale for scale in (1e6, 1e6, 1e5))
    stored = draw(formats_of)
    size = {kind: BYTES[name] for kind, name in stored.items()} | {"wide": BYTES["bf16"]}
    device = Hardware(
        name="drawn",
        title="drawn",
        memory_bytes=1e9,
        memory_bandwidth=bandwidth,
        peak_flops_per_s=dict.fromkeys(("fp8", "bf16", "fp32"), matrix),
        vector_flops_per_s={"fp32": vector},
    )
    return oracle.Machine(matrix, vector, bandwidth, size), device, Precision(**stored)


def both(d, machine, *, fused, work=(1, 1, 1)):
    """The oracle's machine, and the core's scenario of the same."""
    theirs, device, stored = machine
    s = Scenario(model_of(d), device, Workload(*work), stored).update(flash_attention=fused)
    return theirs, s


@given(decoders(), machines(), st.integers(1, 3), st.integers(1, 7), st.integers(0, 8), st.booleans(), st.booleans())
def test_a_step_costs_what_the_oracle_counts(d, machine, batch, query, past, fused, prompt):
    theirs, s = both(d, machine, fused=fused)
    run = oracle.Run(d, theirs, batch, query, past + query, fused=fused, prompt=prompt)
    table = evaluate_step(s, Step(batch, query, past + query, prompt)).operators
    assert set(table.name) == set(run.costs)
    for row in table:
        cost = run.costs[row.name]
        assert row.count * table.columns[0][row.index] == cost.matrix, row.name
        assert row.count * table.columns[1][row.index] == cost.vector, row.name
        assert row.flops == cost.matrix + cost.vector
        assert {k: table.traffic(v)[row.index] for k, v in COLUMNS.items()} == {k: cost.bytes[k] for k in COLUMNS}, (
            row.name
        )
        assert row.time == pytest.approx(sum(cost.runs), rel=1e-12)
    assert table.time.sum() == pytest.approx(run.time(), rel=1e-12)


@given(decoders(), machines(), st.integers(1, 2), st.integers(1, 6), st.integers(1, 9), st.booleans())
def test_a_generation_takes_what_the_oracle_adds_up(d, machine, batch, prompt, output, fused):
    theirs, s = both(d, machine, fused=fused, work=(batch, prompt, output))
    first, steps = oracle.generation(d, theirs, batch, prompt, output, fused=fused)
    e = evaluate(s)
    assert e.ttft == pytest.approx(first, rel=1e-12)
    assert e.latency == pytest.approx(first + sum(steps), rel=1e-12)
    assert e.tokens_per_s == pytest.approx(batch * output / (first + sum(steps)), rel=1e-12)
    if steps:
        assert e.tpot == pytest.approx(sum(steps) / len(steps), rel=1e-12)


@given(decoders(), machines(), st.integers(1, 3), st.integers(1, 6), st.integers(1, 6), st.booleans())
def test_memory_is_what_the_oracle_keeps(d, machine, batch, prompt, output, fused):
    theirs, s = both(d, machine, fused=fused, work=(batch, prompt, output))
    memory = evaluate(s).memory
    context = prompt + output
    steps = ((prompt, prompt, True), (1, context, False))
    runs = [oracle.Run(d, theirs, batch, q, c, fused=fused, prompt=p) for q, c, p in steps]
    assert memory.activation_bytes == max(run.peak_live for run in runs)
    assert memory.kv_cache_bytes == batch * theirs.size["kv_cache"] * oracle.cached_elements(d, context)


@given(decoders())
def test_parameters_are_what_the_oracle_stores(d):
    assert model_of(d).parameters == oracle.parameters(d)


def test_the_oracle_knows_a_case_worked_by_hand():
    """One layer, one head of one element, everything else one: few enough to count on paper."""
    d = oracle.Decoder(hidden=1, layers=1, heads=1, kv_heads=1, head_size=1, ffn=1, vocabulary=1)
    machine = oracle.Machine(1.0, 1.0, 1.0, dict.fromkeys((*KINDS, "wide"), 2))
    run = oracle.Run(d, machine, 1, 3, 3, fused=True, prompt=True)
    assert run.costs["q_proj"].matrix == 2 * 3  # a multiply-add a token
    assert run.costs["attention"].matrix == 2 * 2 * (1 + 2 + 3)  # pairs, twice
    assert run.costs["attention"].vector == 5 * (1 + 2 + 3)
    assert run.costs["attention"].bytes == {"in": 6, "out": 6, "kv read": 12}
    assert run.costs["lm_head"].matrix == 2  # the last position alone
    assert oracle.parameters(d) == 2 + 7 + 2 + 1
