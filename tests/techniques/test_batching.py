"""Which requests run together, against the closed forms of a cycle."""

from __future__ import annotations

import pytest

from llm_roofline import TechniqueError, evaluate
from tests.laws.subjects import FAMILIES, a_few_models
from tests.laws.subjects import scenario as tiny
from tests.techniques.arithmetic import EIGHT, SEVEN, column, exact, scenario, weights, with_

B, P, N = 8, 1024, 200
TOKENS = 1000  # that every model can read


def test_static_batching_wastes_the_slots_of_short_requests():
    plain, e = evaluate(scenario("eight", B, P, N)), with_(scenario("eight", B, P, N), "static-batching", mean=0.4)
    assert e.tokens_per_s == exact(0.4 * plain.tokens_per_s)
    assert (e.ttft, e.tpot, e.memory) == (plain.ttft, plain.tpot, plain.memory)


def test_continuous_batching_reads_one_prompt_at_a_time_and_stalls_the_others():
    e, alone = with_(scenario("eight", B, P, N), "continuous-batching"), evaluate(scenario("eight", 1, P, N))
    step = evaluate(scenario("eight", B, P, N)).tpot
    assert e.ttft == alone.ttft
    assert e.tpot == exact(((N - 1) * step + (B - 1) * alone.ttft) / (N - 1))
    assert e.tokens_per_s == exact(B * N / ((N - 1) * step + B * alone.ttft))


def test_continuous_batching_of_one_request_is_that_request():
    plain, e = evaluate(scenario("eight", 1, P, N)), with_(scenario("eight", 1, P, N), "continuous-batching")
    assert (e.ttft, e.tpot, e.latency) == (plain.ttft, exact(plain.tpot), exact(plain.latency))


def test_uneven_requests_are_served_faster_when_nobody_waits_for_the_longest():
    longest = with_(scenario("eight", B, P, N), "static-batching", mean=0.5)
    mean = with_(scenario("eight", B, P, N // 2), "continuous-batching")
    assert mean.tokens_per_s > 1.5 * longest.tokens_per_s


@pytest.mark.parametrize("chunk", [1024, 512, 300, 7])
@a_few_models
def test_chunks_have_the_flops_of_the_whole_prompt_and_load_the_weights_each(model, chunk):
    if not model.paradigm.grows or model.encoder:
        with pytest.raises(TechniqueError, match="chunked prefill: this needs a"):
            with_(tiny(model), "chunked-prefill")
        return
    s = tiny(model, 1, TOKENS, 1)
    whole, cut = evaluate(s), with_(s, "chunked-prefill", chunk=chunk)
    chunks = -(-TOKENS // chunk)
    head = 2 * model.parameters_by_kind["head"]
    extra = cut.prefill.flops - whole.prefill.flops
    assert extra >= -1e-9 * whole.prefill.flops
    if "attention" in whole.prefill.operators.name and "kv_b_proj" not in whole.prefill.operators.name:
        assert extra <= (chunks - 1) * head * 2 + 1e-9 * whole.prefill.flops  # the head runs once in every pass
    assert cut.prefill.bytes >= whole.prefill.bytes


def test_a_mixed_pass_loads_the_weights_once_for_a_chunk_and_the_decode_of_the_others():
    e = with_(scenario("eight", B, P, N), "chunked-prefill", chunk=512)
    one = evaluate(scenario("eight", 1, P, N))
    assert column(e.prefill, "weight_bytes") == pytest.approx(2 * column(one.prefill, "weight_bytes"), rel=1e-3)
    layer = e.prefill.operators["q_proj"].flops
    assert layer == exact(2 * 32 * EIGHT["h"] ** 2 * (P + 2 * (B - 1)))  # both chunks, and seven tokens with each


def test_chunks_mixed_with_decode_end_a_cycle_sooner_than_prefills_that_stop_it():
    mixed = with_(scenario("eight", 32, P, N), "chunked-prefill", chunk=512)
    stopped = with_(scenario("eight", 32, P, N), "continuous-batching")
    assert mixed.tokens_per_s > stopped.tokens_per_s
    assert mixed.tpot < stopped.tpot


def test_a_cached_beginning_is_left_out_of_the_prefill_and_kept_once():
    s = scenario("seven", B, P, N)
    e, plain = with_(s, "prefix-cache", tokens=1000), evaluate(s)
    linear = 2 * 24 * weights(SEVEN) / SEVEN["layers"] * SEVEN["layers"] * B
    rest = sum(e.prefill.operators[name].flops for name in ("q_proj", "k_proj", "v_proj", "o_proj"))
    rest += sum(e.prefill.operators[name].flops for name in ("gate_proj", "up_proj", "down_proj"))
    assert rest == exact(linear)
    pairs = 24 * 1000 + 24 * 25 / 2
    attention = e.prefill.operators["attention"]
    assert attention.table.columns[0, attention.index] == exact(2 * B * pairs * 4096 * 2)
    token = 32 * 2 * 4096 * 2
    assert plain.memory.kv_cache_bytes - e.memory.kv_cache_bytes == exact((B - 1) * 1000 * token)
    assert e.tpot == plain.tpot


def test_a_cached_prompt_must_leave_something_to_read_and_states_cannot_be_shared():
    with pytest.raises(TechniqueError, match="leave nothing of a prompt of 1,024 to run"):
        with_(scenario("seven", 1, P), "prefix-cache", tokens=P)
    with pytest.raises(TechniqueError, match="states"):
        with_(tiny(FAMILIES["mamba2"]), "prefix-cache")


def test_parts_of_an_answer_are_sequences_of_one_batch_that_take_fewer_passes():
    s = scenario("eight", 2, P, 201)
    four = with_(s, "parallel-segments", segments=4)
    beside = evaluate(scenario("eight", 8, P, 51))
    assert four.decode.time == exact(beside.decode.time)
    assert four.tpot == exact(beside.decode.time / 4)
    assert four.memory.kv_cache_bytes == evaluate(s).memory.kv_cache_bytes
    assert 2 < evaluate(s).tpot / four.tpot < 4  # the cache of the prompt is read four times


def test_parts_of_an_answer_have_results_of_their_own_and_are_no_more_than_its_tokens():
    s = scenario("eight", 6, 1, 201)  # of one token each, so that the prefill has fewer results
    four = with_(s, "parallel-segments", segments=4).memory
    assert four.activation_bytes == exact(evaluate(scenario("eight", 24, 1, 51)).memory.activation_bytes)
    short, two = (with_(scenario("eight", 6, P, 3), "parallel-segments", segments=n) for n in (64, 2))
    assert (short.times, short.memory) == (two.times, two.memory)
    assert short.latency == exact(short.ttft + short.iteration_time)  # both tokens that are left, in one pass
