"""Prefill and decode apart, against arithmetic: what travels, over which link, and who waits for it."""

from __future__ import annotations

import pytest

from llm_roofline import evaluate, hardware, techniques
from tests.laws.subjects import FAMILIES
from tests.laws.subjects import scenario as tiny
from tests.techniques.arithmetic import exact, scenario, with_

NVLINK = 450e9  # of an H100 in one direction [byte/s]


def test_prefill_and_decode_apart_send_the_cache_of_every_prompt():
    s = scenario("seven", 4, 1000)
    plain, apart = evaluate(s), with_(s, "disaggregation", latency=0)
    cache = 4 * 1000 * 32 * 2 * 4096 * 2
    assert apart.prefill.operators["kv_transfer"].link_bytes == exact(cache)
    assert (apart.ttft, apart.tpot) == (exact(plain.ttft), plain.tpot)  # the second token waits for the cache
    assert apart.latency - plain.latency == pytest.approx(cache / NVLINK, rel=1e-9)
    assert apart.tokens_per_s == exact(4 * 256 / max(plain.ttft, cache / NVLINK, 255 * plain.tpot))


def test_a_request_for_one_token_waits_for_no_cache():
    s = scenario("seven", 4, 1000, 1)
    assert with_(s, "disaggregation").latency == exact(evaluate(s).latency)


def test_a_network_that_is_slower_than_both_devices_sets_the_throughput():
    s = scenario("seven", 4, 1000, 2)
    slow = with_(s, "disaggregation", bandwidth=1, latency=0)
    assert slow.tokens_per_s == exact(4 * 2 / (4 * 1000 * 32 * 2 * 4096 * 2 / 1e9))


@pytest.mark.parametrize(("prefill", "decode"), [("l4", "h100-sxm"), ("h100-sxm", "l4")])
def test_the_slower_link_and_the_smaller_memory_of_two_devices_count(prefill, decode):
    e = with_(scenario("eight", 4, on=decode), "disaggregation", prefill_device=prefill, latency=0)
    row = e.prefill.operators["kv_transfer"]
    assert row.link_bytes / row.link_time == exact(hardware["l4"].interconnect_bandwidth)
    assert e.memory.capacity_bytes == hardware["l4"].memory_bytes


def test_sums_of_the_prefill_cross_the_network_of_its_own_device():
    s = scenario("eight", 4).using(techniques["tensor-parallel"].with_(degree=2, latency=0))
    e = with_(s, "disaggregation", prefill_device="a100-sxm-80gb")
    for phase, bandwidth in ((e.prefill, 300e9), (e.decode, NVLINK)):
        row = phase.operators["o_proj.all_reduce"]
        assert row.link_bytes / row.link_time == exact(bandwidth)


def test_each_stage_sends_its_part_of_the_cache_at_once():
    s = scenario("seven", 4, 1000).using(techniques["pipeline-parallel"].with_(stages=4))
    e = with_(s, "disaggregation", latency=0)
    assert e.prefill.operators["kv_transfer"].link_bytes == exact(1000 * 32 * 2 * 4096 * 2 / 4)


def test_states_travel_in_their_own_format():
    batch, s = 4, tiny(FAMILIES["jamba"], 4, 64, 9)
    model = s.model
    wide, narrow = (with_(s.update(kv_cache=kv), "disaggregation") for kv in ("bf16", "fp8"))
    saved = 2 * batch * 64 * sum(model.kept["kv_cache"].values()) / 2
    sent = [e.prefill.operators["kv_transfer"].link_bytes for e in (wide, narrow)]
    assert sent[0] - sent[1] == exact(saved)
    assert sent[1] > saved  # the states, at 16 bit


def test_the_prefill_may_run_on_another_device():
    e = with_(scenario("eight", 4), "disaggregation", prefill_device="a100-sxm-80gb")
    other = evaluate(scenario("eight", 4, on="a100-sxm-80gb"))
    assert e.prefill.operators["q_proj"].time == exact(other.prefill.operators["q_proj"].time)
    assert e.tpot == evaluate(scenario("eight", 4)).tpot
