"""Figure 16 of arXiv 2402.16363: what FlashAttention saves, as published, and as it is.

What is published follows from two faults of the tool at that time: it loads keys or values once where both are needed,
and writes as many results as there are scores. Without them decode saves next to nothing, since keys and values have to
be read anyway, while a long prefill saves more than is published.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from llm_roofline import Step, evaluate_step, techniques
from tests.golden.test_paper_figures import A6000, FIGURES, LLAMA, scenario

SHOWN = FIGURES["figure_16"]
CASES = list(enumerate(map(tuple, SHOWN["settings"])))
FLASH = techniques["flash-attention"]
HEADS, SIZE, LAYERS, WIDE = 40, 128, 40, 2
PARTS = ("qk_matmul", "softmax", "attention")


def step_of(phase, batch, tokens):
    return Step(batch, tokens, tokens, prompt=True) if phase == "prefill" else Step(batch, 1, tokens)


def saved(before, after):
    return 100 * (1 - after / before)


def plain(phase, batch, tokens, *, byte_head=False):
    return evaluate_step(scenario(batch, byte_head=byte_head), step_of(phase, batch, tokens))


def with_both_faults(phase, batch, tokens):
    """Bytes and time of the tool of version 6, whose fused attention is written out here."""
    before = plain(phase, batch, tokens, byte_head=True)  # as in the other figures
    rows = [before.operators[name] for name in PARTS]
    queries = tokens if phase == "prefill" else 1
    loads = math.ceil(queries / SIZE) * tokens * SIZE * batch * HEADS * WIDE  # of keys or values, not of both
    results = queries * tokens * batch * HEADS * WIDE  # as many as scores
    moved = LAYERS * (queries * SIZE * batch * HEADS * WIDE + 2 * results + loads)
    flops = sum(row.flops for row in rows)
    time = max(flops / A6000.peak_flops_per_s["fp16"], moved / A6000.memory_bandwidth)
    rest = before.bytes - sum(row.bytes for row in rows), before.time - sum(row.time for row in rows)
    return rest[0] + moved, rest[1] + time


def test_the_dimensions_are_those_of_the_model():
    attention = next(op for _, op in LLAMA.operators() if op.name == "attention")
    assert (attention.heads, attention.head_size, LLAMA.blocks[1].layers) == (HEADS, SIZE, LAYERS)


@pytest.mark.parametrize(("i", "case"), CASES)
def test_what_is_published_follows_from_two_faults(i, case):
    for phase in ("decode", "prefill"):
        before, (moved, time) = plain(phase, *case, byte_head=True), with_both_faults(phase, *case)
        if phase == "decode":
            assert saved(before.bytes, moved) == pytest.approx(SHOWN["published"]["decode"][i], abs=0.0101)
            assert saved(before.time, time) == pytest.approx(SHOWN["published"]["decode"][i], abs=0.0101)
        else:
            assert saved(before.bytes, moved) == pytest.approx(SHOWN["published"]["prefill bytes"][i], abs=0.0101)
            assert saved(before.time, time) == pytest.approx(SHOWN["published"]["prefill time"][i], abs=0.0101)


@pytest.mark.parametrize(("i", "case"), CASES)
@pytest.mark.parametrize(("form", "block"), [("read once", 0), ("read by blocks of 128", 128)])
def test_what_it_saves_in_truth(form, block, i, case):
    true = dict.fromkeys(("fused_output", "fused_reading", "fused_kv_heads"), True)
    plain_scenario = scenario(case[0])
    s = plain_scenario.update(conventions=replace(plain_scenario.conventions, **true)).using(FLASH.with_(block=block))
    for phase in ("decode", "prefill"):
        before, after = plain(phase, *case), evaluate_step(s, step_of(phase, *case))
        if phase == "decode":
            shown = SHOWN["read once"]["decode"][i]  # one query is one block
            assert saved(before.bytes, after.bytes) == pytest.approx(shown, abs=0.0101)
        else:
            assert saved(before.bytes, after.bytes) == pytest.approx(SHOWN[form]["prefill bytes"][i], abs=0.101)
            assert saved(before.time, after.time) == pytest.approx(SHOWN[form]["prefill time"][i], abs=0.101)


def test_the_claim_for_the_prefill_holds_and_the_one_for_decode_does_not():
    once = SHOWN["read once"]
    assert all(time < moved for time, moved in zip(once["prefill time"], once["prefill bytes"], strict=True))
    assert max(once["decode"]) < 1.5 < min(SHOWN["published"]["decode"])
