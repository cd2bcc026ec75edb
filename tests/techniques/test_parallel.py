"""Parallelism against arithmetic: shards add up to the whole, and collectives carry what their papers say."""

from __future__ import annotations

import math

import pytest

from llm_roofline import TechniqueError, evaluate, models, techniques
from llm_roofline.techniques.rewriting.layout import COLUMNS, INNER, ROWS, places
from tests.laws.subjects import FAMILIES, a_few_models
from tests.laws.subjects import scenario as tiny
from tests.techniques.arithmetic import EIGHT, SEVENTY, exact, scenario, with_

NVLINK = 450e9  # of an H100 in one direction [byte/s]


def of(table, name, column="flops"):
    return float(getattr(table, column)[table.name.index(name)])


@pytest.mark.parametrize("degree", [2, 4, 8])
@a_few_models
def test_the_shards_of_what_divides_add_up_to_the_whole(model, degree):
    plain = evaluate(tiny(model, 3, 64, 9))
    try:
        sharded = with_(tiny(model, 3, 64, 9), "tensor-parallel", degree=degree)
    except TechniqueError as error:
        assert "needs a degree that divides" in str(error)  # noqa: PT017 - the only reason
        return
    for phase in ("prefill", "decode"):
        ours, whole = getattr(sharded, phase).operators, getattr(plain, phase).operators
        for block in model.blocks:
            for name, place in places(block.operators).items():
                if place not in {COLUMNS, ROWS, INNER} or name not in whole.name:
                    continue
                operator = next(op for op in block.operators if op.name == name)
                if getattr(operator, "cached", 0) or "k_" in name or "rotary" in name or "kv" in name:
                    continue  # heads of keys and values may be too few to divide
                assert degree * of(ours, name) == exact(of(whole, name)), name


def test_weights_of_a_70b_divide_by_eight_and_norms_are_repeated():
    plain, eight = (
        evaluate(scenario("seventy", 32, 3800)),
        with_(scenario("seventy", 32, 3800), "tensor-parallel", degree=8),
    )
    norms = 2 * (2 * SEVENTY["layers"] + 1) * SEVENTY["h"]
    assert 8 * (eight.memory.weight_bytes - norms) == exact(plain.memory.weight_bytes - norms)
    assert 8 * eight.memory.kv_cache_bytes == exact(plain.memory.kv_cache_bytes)  # 8 heads of keys and values


def test_more_devices_than_heads_of_keys_and_values_keep_one_each():
    sixteen = with_(scenario("seventy", 32), "tensor-parallel", degree=16)
    plain = evaluate(scenario("seventy", 32))
    assert 8 * sixteen.memory.kv_cache_bytes == exact(plain.memory.kv_cache_bytes)


def test_two_all_reduces_a_layer_carry_two_n_minus_one_nths_of_the_hidden_states_each():
    batch, n = 32, 8
    table = with_(scenario("seventy", batch, 3800), "tensor-parallel", degree=n, latency=0).decode.operators
    sums = [name for name, kind in zip(table.name, table.kind, strict=True) if kind == "communication"]
    assert sums == ["embed_tokens.all_reduce", "o_proj.all_reduce", "down_proj.all_reduce", "lm_head.all_gather"]
    message = batch * SEVENTY["h"] * 2 * 2 * (n - 1) / n
    for name in ("o_proj.all_reduce", "down_proj.all_reduce"):
        assert of(table, name, "link_bytes") == exact(80 * message)
        assert of(table, name, "link_time") == exact(80 * message / NVLINK)
    assert of(table, "lm_head.all_gather", "link_bytes") == exact(batch * SEVENTY["v"] * 2 * (n - 1) / n)


@pytest.mark.parametrize("guessing", ["speculative-decoding", "medusa"])
def test_the_logits_of_every_guess_are_gathered(guessing):
    s = scenario("eight", 4).using(techniques["tensor-parallel"].with_(degree=4))
    e = with_(s, guessing)
    logits = 4 * e.plan.schedule.query_tokens * EIGHT["v"]
    assert of(e.decode.operators, "lm_head.all_gather", "link_bytes") == exact(2 * logits * 3 / 4)
    assert of(e.prefill.operators, "lm_head.all_gather", "link_bytes") == exact(2 * 4 * EIGHT["v"] * 3 / 4)


@pytest.mark.parametrize("beside", ["pipeline-parallel", "disaggregation"])
def test_a_slow_network_between_nodes_leaves_sums_within_a_node_as_fast_as_they_were(beside):
    s = scenario("eight").using(techniques["tensor-parallel"].with_(degree=8))
    fast, slow = with_(s, beside), with_(s, beside, bandwidth=5)
    for name in ("o_proj.all_reduce", "lm_head.all_gather"):
        assert of(slow.decode.operators, name, "time") == of(fast.decode.operators, name, "time")
    sent = {"pipeline-parallel": "pipeline.send", "disaggregation": "kv_transfer"}[beside]
    assert of(slow.prefill.operators, sent, "time") > of(fast.prefill.operators, sent, "time")


def test_each_collective_waits_for_its_latency():
    slow, fast = (with_(scenario("seventy"), "tensor-parallel", degree=4, latency=us).decode for us in (5, 0))
    name = "o_proj.all_reduce"
    waited = of(slow.operators, name, "link_time") - of(fast.operators, name, "link_time")
    assert waited == pytest.approx(80 * 5e-6, rel=1e-9)
    assert slow.operators["o_proj.all_reduce"].bound == "link"


def test_heads_that_do_not_divide_and_devices_without_a_link_are_refused():
    with pytest.raises(TechniqueError, match="needs a degree that divides the 32 heads"):
        with_(scenario(), "tensor-parallel", degree=3)
    lonely = scenario().hardware.with_(interconnect_bandwidth=None)
    with pytest.raises(TechniqueError, match="has no known link to other devices"):
        with_(scenario().update(hardware=lonely), "tensor-parallel")
    assert with_(scenario().update(hardware=lonely), "tensor-parallel", bandwidth=100).tpot > 0


@pytest.mark.parametrize(
    ("model", "degree", "heads"), [("microsoft/phi-4", 4, 10), ("microsoft/bitnet-b1.58-2B-4T", 2, 5)]
)
def test_heads_of_keys_and_values_that_neither_divide_nor_are_divided_are_refused(model, degree, heads):
    s = scenario().update(model=models[model])
    with pytest.raises(TechniqueError, match=f"divides the {heads} heads of keys and values, or is a multiple"):
        with_(s, "tensor-parallel", degree=degree)


def test_sequence_parallelism_runs_norms_and_sums_on_a_share_of_the_tokens():
    s = scenario("seventy", 4).using(techniques["tensor-parallel"].with_(degree=8))
    plain, split = evaluate(s), with_(s, "sequence-parallel")
    for name in ("input_layernorm", "attn_add", "mlp_add"):
        assert 8 * of(split.prefill.operators, name) == exact(of(plain.prefill.operators, name))
    sent = (of(e.prefill.operators, "o_proj.all_reduce", "link_bytes") for e in (plain, split))
    assert len({*sent}) == 1
    with pytest.raises(TechniqueError, match="switch that on first"):
        with_(scenario(), "sequence-parallel")


def test_a_pipeline_keeps_all_flops_and_each_stage_has_its_part_of_the_memory():
    plain, four = evaluate(scenario("seventy", 8)), with_(scenario("seventy", 8), "pipeline-parallel", stages=4)
    assert four.memory.weight_bytes == exact(plain.memory.weight_bytes / 4)
    assert four.memory.kv_cache_bytes == exact(plain.memory.kv_cache_bytes / 4)
    assert of(four.decode.operators, "q_proj") == exact(of(plain.decode.operators, "q_proj") / 4)  # a micro-batch
    assert four.ttft == exact(four.prefill.time * (1 + 3 / 4))  # four micro-batches follow each other a stage apart
    assert of(four.decode.operators, "pipeline.send", "link_bytes") == exact(3 * 2 * SEVENTY["h"] * 2)
    assert four.plan.devices == 4


def test_a_batch_of_one_gains_nothing_from_a_pipeline():
    plain, four = evaluate(scenario("seventy")), with_(scenario("seventy"), "pipeline-parallel", stages=4, latency=0)
    assert four.tpot >= plain.tpot


@pytest.mark.parametrize(("name", "devices"), [("tensor-parallel", 2), ("data-parallel", 2), ("disaggregation", 2)])
def test_throughput_is_shared_among_the_devices(name, devices):
    e, alone = with_(scenario("eight", 8), name), evaluate(scenario("eight", 8))
    assert devices * e.tokens_per_s_per_device == e.tokens_per_s
    assert alone.tokens_per_s_per_device == alone.tokens_per_s


@pytest.mark.parametrize(("batch", "replicas"), [(8, 2), (9, 2), (1, 4)])
def test_copies_share_the_requests(batch, replicas):
    e = with_(scenario("eight", batch), "data-parallel", replicas=replicas)
    own = evaluate(scenario("eight", math.ceil(batch / replicas)))
    assert (e.ttft, e.tpot) == (own.ttft, own.tpot)
    assert e.memory.kv_cache_bytes == own.memory.kv_cache_bytes
    assert e.memory.largest_batch == replicas * own.memory.largest_batch


def test_what_is_taken_to_be_even_among_devices_is_said():
    assert any("mean stage" in note for note in with_(scenario(), "pipeline-parallel").notes)
    few, full = (with_(tiny(FAMILIES["mixtral"], batch, 64, 9), "expert-parallel", degree=4) for batch in (5, 8))
    assert (few.tpot, few.ttft) == (full.tpot, full.ttft)
    assert any("counts as the next multiple of 4" in note for note in few.notes)


def test_experts_divide_and_their_tokens_travel():
    model, n, batch = FAMILIES["mixtral"], 8, 64
    s = tiny(model, batch, 64, 9)
    plain, spread = evaluate(s), with_(s, "expert-parallel", degree=n)
    own = evaluate(tiny(model, batch // n, 64, 9))
    experts = plain.scenario.model.parameters_by_kind["experts"]
    assert plain.memory.weight_bytes - spread.memory.weight_bytes == exact(2 * experts * (1 - 1 / n))
    table = spread.decode.operators
    # As many tokens as one device has, and an eighth of the experts that all tokens hit.
    assert of(table, "experts.down_proj") == exact(of(own.decode.operators, "experts.down_proj"))
    for name in ("experts.gate_proj", "experts.down_proj"):
        at = plain.decode.operators.name.index(name)
        whole = plain.decode.operators.traffic("weight_bytes")[at]
        assert table.traffic("weight_bytes")[table.name.index(name)] == exact(whole / n)
    hidden = model.config["hidden_size"]
    sent = 2 * (batch / n) * 2 * hidden * 7 / 8 * model.config["num_hidden_layers"]  # to two experts, in 16 bit
    exchanges = [name for name in table.name if name.endswith((".dispatch", ".combine"))]
    assert [of(table, name, "link_bytes") for name in exchanges] == [exact(sent), exact(sent)]
