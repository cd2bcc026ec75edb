"""Hardware techniques against arithmetic, and effects that papers publish."""

from __future__ import annotations

import pytest

from llm_roofline import evaluate, hardware, techniques
from tests.over import over
from tests.techniques.arithmetic import column, exact, scenario, with_


def test_a_device_with_twice_of_everything_takes_half_the_time():
    plain, double = evaluate(scenario()), with_(scenario(), "device-figures", peak=2, vector=2, bandwidth=2)
    assert (double.ttft, double.tpot) == (exact(plain.ttft / 2), exact(plain.tpot / 2))


def test_bandwidth_alone_speeds_up_what_is_memory_bound_and_moves_the_ridge():
    plain, fast = evaluate(scenario(batch=8)), with_(scenario(batch=8), "device-figures", bandwidth=3)
    assert fast.tpot == pytest.approx(plain.tpot / 3, rel=1e-6)
    assert fast.ttft > plain.ttft / 1.2


@pytest.mark.parametrize(
    ("name", "sent"), [("tensor-parallel", "o_proj.all_reduce"), ("disaggregation", "kv_transfer")]
)
def test_a_faster_network_is_faster_for_all_that_crosses_it(name, sent):
    s = scenario("eight", 8).using(techniques[name].with_(latency=0))
    plain, fast = evaluate(s), with_(s, "device-figures", bandwidth=1, network=1.5)
    row = fast.prefill.operators[sent]
    assert row.link_time == exact(plain.prefill.operators[sent].link_time / 1.5)


def test_a_what_if_capacity_holds_a_larger_batch():
    e = with_(scenario(), "device-figures", bandwidth=1, capacity=2)
    assert e.memory.capacity_bytes == 160e9
    assert e.tpot == evaluate(scenario()).tpot


@pytest.mark.parametrize(("kind", "outside"), [("attention", "kv-offloading"), ("mlp", "weight-offloading")])
def test_what_the_host_has_and_runs_crosses_no_link(kind, outside):
    away = scenario(batch=8).using(techniques[outside].with_(share=1))
    e, crossing = with_(away, "host-compute", kind=kind), evaluate(away)
    of_kind = [
        name for name, shown in zip(e.decode.operators.name, e.decode.operators.kind, strict=True) if shown == kind
    ]
    assert of_kind
    for name in of_kind:
        assert crossing.decode.operators[name].link_bytes > 0
        assert e.decode.operators[name].link_bytes == 0
    assert e.memory.weight_bytes == crossing.memory.weight_bytes
    assert e.memory.kv_cache_bytes == crossing.memory.kv_cache_bytes
    assert e.ttft == crossing.ttft


def test_weights_resident_on_chips_are_read_at_the_bandwidth_on_chip():
    """Groq's LPU serves Llama-2 70B at more than 300 tokens a second and user (arXiv 2402.16363, section 6.1).

    That is a roofline effect: the bound at the bandwidth of its memory lies above what is reported.
    """
    e = with_(scenario("seventy"), "spatial-architecture", chips=576, megabytes=230, bandwidth=80)
    assert e.memory.capacity_bytes == exact(576 * 230e6)
    assert 300 < 1 / e.tpot < 1000
    assert evaluate(scenario("seventy").update(weights="fp8")).tpot > 1 / 60  # an H100 does not reach it at 8 bit


def test_attention_in_memory_runs_at_its_own_roof_and_all_else_as_before():
    plain, e = evaluate(scenario("seven", 16)), with_(scenario("seven", 16), "processing-in-memory")
    row = e.decode.operators["attention"]
    assert row.memory_time == exact(plain.decode.operators["attention"].bytes / 10e12)
    assert row.peak_flops_per_s == 6e12
    assert e.decode.operators["q_proj"].time == plain.decode.operators["q_proj"].time
    assert e.ttft == plain.ttft
    assert e.memory.capacity_bytes == 40e9


def test_units_in_memory_suit_operators_of_one_or_two_flops_a_byte():
    """HBM-PIM: 2 TB/s and 1.2 TFLOP/s a cube against 307 GB/s outside (arXiv 2402.16363, section 6.2, table 2).

    At an intensity of one its units win; where groups of queries share a head of keys and values, they lose.
    """
    one = {"bandwidth": 2.0, "peak": 1.2, "cubes": 1}
    cube = scenario("seven").hardware.with_(memory_bandwidth=307e9)
    for name, wins in (("seven", True), ("seventy", False)):
        s = scenario(name, 1).update(hardware=cube)
        inside = with_(s, "processing-in-memory", **one).decode.operators["attention"].time
        assert (inside < evaluate(s).decode.operators["attention"].time) is wins


def test_operators_on_the_host_run_at_the_roof_of_the_host():
    e = with_(scenario(), "host-compute", kind="mlp", device="xeon-8480plus")
    row = e.decode.operators["gate_proj"]
    host = evaluate(scenario(on="xeon-8480plus")).decode.operators["gate_proj"]
    assert (row.time, row.peak_flops_per_s) == (host.time, host.peak_flops_per_s)


def test_a_new_format_gives_narrow_products_their_own_roof():
    narrow = scenario().update(weights="nvfp4", activations="nvfp4", kv_cache="nvfp4")
    plain, e = evaluate(narrow), with_(narrow, "number-format", format="fp4", speed=4)
    assert plain.prefill.operators["q_proj"].peak_flops_per_s == 1978.9e12
    assert e.prefill.operators["q_proj"].peak_flops_per_s == exact(4 * 989.4e12)
    assert column(e.decode, "weight_bytes") == column(plain.decode, "weight_bytes")
    assert with_(scenario(), "number-format").ttft == evaluate(scenario()).ttft


@pytest.mark.parametrize(("stored", "plain", "summed"), [("fp16", 165.2e12, 330.3e12), ("fp8", 330.3e12, 660.6e12)])
def test_a_geforce_that_sums_in_fp16_multiplies_at_twice_the_rate(stored, plain, summed):
    s = scenario(on="rtx-4090").update(**dict.fromkeys(("weights", "activations", "kv_cache"), stored))
    before, after = evaluate(s), with_(s, "fp16-accumulation")
    assert before.prefill.operators["q_proj"].peak_flops_per_s == plain
    row = after.prefill.operators["q_proj"]
    assert row.peak_flops_per_s == summed
    assert "with fp16 accumulation, NVIDIA Ada whitepaper rates" in row.explain()
    assert "rtx-4090* is rtx-4090 with fp16 peak 330.3 TFLOP/s instead of 165.2 TFLOP/s" in after.notes[0]
    assert after.prefill.bytes == before.prefill.bytes


@over("name", hardware.names())
def test_every_peak_with_fp16_sums_can_be_chosen(name):
    s = scenario(on=name).update(weights="fp16", activations="fp16", kv_cache="fp16")
    before, after = evaluate(s), with_(s, "fp16-accumulation")
    peaks = hardware[name].peak_flops_per_s
    assert (after.ttft < before.ttft) is ("fp16_acc16" in peaks)
    said = f"{name} has no faster peak with fp16 accumulation; its peaks stay."
    assert (said in after.notes) is not ("fp16_acc16" in peaks)


def test_figures_of_the_device_reach_the_network():
    s = scenario("seventy").using(techniques["tensor-parallel"].with_(degree=8, latency=0))
    plain, e = evaluate(s), with_(s, "device-figures", bandwidth=1, network=2)
    name = "o_proj.all_reduce"
    assert 2 * e.decode.operators[name].link_time == exact(plain.decode.operators[name].link_time)
