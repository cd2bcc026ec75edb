"""Fusion, caches and offloading against arithmetic."""

from __future__ import annotations

import pytest

from llm_roofline import Scenario, TechniqueError, Workload, evaluate, hardware, models, techniques
from llm_roofline.estimates.planning import restructured
from llm_roofline.operators import Fused
from tests.laws.subjects import EVERY, FAMILIES, a_few_models
from tests.laws.subjects import scenario as tiny
from tests.techniques.arithmetic import EIGHT, SEVEN, column, exact, scenario, weights, with_

FUSIONS = ("fused-qkv", "fused-gate-up", "fused-activation", "fused-add-norm")


@pytest.mark.parametrize("fusion", FUSIONS)
@a_few_models
def test_fusion_keeps_flops_weights_and_cache(model, fusion):
    plain, fused = evaluate(tiny(model, 3)), with_(tiny(model, 3), fusion)
    assert (fused.prefill.flops, fused.decode.flops) == (exact(plain.prefill.flops), exact(plain.decode.flops))
    stack = restructured(model, (techniques[fusion],))
    assert stack.parameters_by_kind == model.parameters_by_kind
    assert fused.memory.weight_bytes == plain.memory.weight_bytes
    assert fused.memory.kv_cache_bytes == exact(plain.memory.kv_cache_bytes)
    for name in ("weight_bytes", "kv_read_bytes", "kv_write_bytes"):
        assert column(fused.decode, name) == exact(column(plain.decode, name))


def test_one_product_for_queries_keys_and_values_and_one_for_gate_and_up_read_their_input_once():
    tokens, h = 2048, SEVEN["h"]
    plain = evaluate(scenario("seven", 1, tokens))
    qkv, gate_up = (
        with_(scenario("seven", 1, tokens), "fused-qkv"),
        with_(scenario("seven", 1, tokens), "fused-gate-up"),
    )
    assert plain.prefill.bytes - qkv.prefill.bytes == pytest.approx(32 * 2 * tokens * h * 2, rel=1e-9)
    assert plain.prefill.bytes - gate_up.prefill.bytes == pytest.approx(32 * tokens * h * 2, rel=1e-9)
    assert "qkv_proj" in qkv.prefill.operators.name
    assert "q_proj" not in qkv.prefill.operators.name


def test_an_activation_in_its_product_saves_a_writing_and_a_reading_of_both_halves():
    s = scenario("seven", 1, 100).using(techniques["fused-gate-up"])
    before, after = evaluate(s), with_(s, "fused-activation")
    halves = 2 * 100 * SEVEN["f"] * 2
    assert before.prefill.bytes - after.prefill.bytes == pytest.approx(32 * 2 * halves, rel=1e-9)


def test_an_activation_in_the_second_of_two_products_saves_a_writing_and_a_reading_of_one_half():
    before, after = evaluate(scenario("seven", 1, 100)), with_(scenario("seven", 1, 100), "fused-activation")
    assert before.prefill.bytes - after.prefill.bytes == pytest.approx(32 * 2 * 100 * SEVEN["f"] * 2, rel=1e-9)
    assert "up_proj+act_fn" in after.prefill.operators.name


def test_an_activation_leaves_products_alone_that_others_read_too():
    model = FAMILIES["mamba2"]
    assert not any(
        isinstance(op, Fused) for _, op in restructured(model, (techniques["fused-activation"],)).operators()
    )


def test_every_operator_of_a_fused_layer_reads_what_is_there_already():
    for model in EVERY.values():
        for fusion in FUSIONS:
            for block in restructured(model, (techniques[fusion],)).blocks:
                names = [operator.name for operator in block.operators]
                for i, operator in enumerate(block.operators):
                    assert not set(names[i:]).intersection(operator.inputs), (model.name, fusion, operator.name)


def test_a_modulated_norm_behind_a_sum_still_reads_its_scale_and_shift():
    s = Scenario(models["facebook/DiT-XL-2"], hardware["h100-sxm"], Workload(4, 256, 2))
    before, after = evaluate(s), with_(s, "fused-add-norm")
    assert before.prefill.bytes - after.prefill.bytes == pytest.approx(28 * 4 * 256 * 1152 * 2, rel=1e-9)


def test_a_sum_is_still_written_when_its_norm_runs_on_the_chip():
    before, after = evaluate(scenario("seven", 1, 100)), with_(scenario("seven", 1, 100), "fused-add-norm")
    assert before.prefill.bytes - after.prefill.bytes == pytest.approx(32 * 100 * SEVEN["h"] * 2, rel=1e-6)
    assert "attn_add+post_attention_layernorm" in after.prefill.operators.name


def test_fusion_moves_memory_bound_points_up_the_slope_and_saves_compute_bound_ones_no_time():
    """The two cases of figure 15 of arXiv 2402.16363."""
    s = scenario("seven", 1, 2048).using(techniques["fused-gate-up"])
    before, after = evaluate(s), with_(s, "fused-activation")
    row, fused = before.decode.operators["gate_up_proj"], after.decode.operators["gate_up_proj+act_fn"]
    assert fused.arithmetic_intensity > row.arithmetic_intensity
    assert fused.attainable_flops_per_s > row.attainable_flops_per_s
    bound = before.prefill.operators["gate_up_proj"]
    assert bound.bound == "compute"
    assert after.prefill.operators["gate_up_proj+act_fn"].matrix_time == exact(bound.matrix_time)


@pytest.mark.parametrize(("tokens", "held"), [(2304, 2304), (2305, 2320), (2320, 2320)])
def test_pages_round_up_to_whole_blocks(tokens, held):
    s = scenario("seven", 8, tokens - 256)
    paged, whole = with_(s, "paged-kv-cache").memory, evaluate(scenario("seven", 8, held - 256)).memory
    assert paged.kv_cache_bytes == whole.kv_cache_bytes
    assert with_(s, "paged-kv-cache").tpot == evaluate(s).tpot  # no point moves


def test_a_contiguous_cache_reserves_the_longest_context_of_the_model():
    m = with_(scenario("seven", 8), "contiguous-kv-cache").memory
    assert m.kv_cache_bytes == exact(8 * 4096 * 32 * 2 * 4096 * 2)
    with pytest.raises(TechniqueError, match="both say how the cache is allocated"):
        scenario().using(techniques["paged-kv-cache"]).using(techniques["contiguous-kv-cache"])


def test_weights_outside_cross_the_link_in_every_pass_and_leave_the_memory():
    plain, out = evaluate(scenario()), with_(scenario(), "weight-offloading", share=0.5, bandwidth=25)
    sent = weights(EIGHT)  # half of the weights, two bytes each
    assert float(out.decode.operators.link_bytes.sum()) == exact(sent)
    assert plain.memory.weight_bytes - out.memory.weight_bytes == exact(sent)
    assert out.tpot == pytest.approx(sent / 25e9, rel=0.2)
    assert out.decode.bound == "link"
    many = with_(scenario(batch=64, prompt=8), "weight-offloading")
    assert many.tokens_per_s > 32 * with_(scenario(prompt=8), "weight-offloading").tokens_per_s


@pytest.mark.parametrize("fusion", ["fused-qkv", "fused-gate-up"])
def test_weights_of_products_that_run_as_one_cross_the_link_as_well(fusion):
    outside = scenario().using(techniques["weight-offloading"].with_(share=0.5))
    apart, fused = evaluate(outside), with_(outside, fusion)
    assert float(fused.decode.operators.link_bytes.sum()) == exact(float(apart.decode.operators.link_bytes.sum()))
    assert fused.memory.weight_bytes == exact(apart.memory.weight_bytes)


def test_a_cache_outside_crosses_the_link_whenever_it_is_read():
    plain, out = evaluate(scenario("seven", 8)), with_(scenario("seven", 8), "kv-offloading", share=1, bandwidth=25)
    assert float(out.decode.operators.link_bytes.sum()) == exact(column(plain.decode, "kv_read_bytes"))
    assert out.memory.kv_cache_bytes == 0


def test_dropped_tokens_are_neither_kept_nor_read():
    e = with_(scenario("seven", 8), "kv-token-dropping", tokens=1024)
    assert column(e.decode, "kv_read_bytes") == exact(8 * 1024 * 32 * 2 * 4096 * 2)
    assert e.memory.kv_cache_bytes == exact(8 * 1024 * 32 * 2 * 4096 * 2)
    assert e.ttft == evaluate(scenario("seven", 8)).ttft
    with pytest.raises(TechniqueError, match="none can be dropped"):
        with_(tiny(FAMILIES["mamba2"]), "kv-token-dropping")


@pytest.mark.parametrize("name", ["deepseek-ai/DeepSeek-V2-Lite"])
def test_latents_outside_cross_the_link_also_where_keys_are_rebuilt_from_them(name):
    s = Scenario(models[name], hardware["h100-sxm"], Workload(1, 512, 16))
    plain, out = evaluate(s), with_(s, "kv-offloading", share=1)
    for phase in ("prefill", "decode"):
        read = column(getattr(plain, phase), "kv_read_bytes")
        assert float(getattr(out, phase).operators.link_bytes.sum()) == exact(read)
    assert column(with_(s, "kv-compression", kept=0.25).prefill, "kv_read_bytes") == exact(
        0.25 * column(plain.prefill, "kv_read_bytes")
    )


def test_a_share_of_the_entries_takes_that_share_of_unfused_scores_too():
    s = scenario("seven", 8, techniques=[])
    plain, e = evaluate(s), with_(s, "kv-compression", kept=0.25)
    assert e.prefill.operators["softmax"].bytes == exact(0.25 * plain.prefill.operators["softmax"].bytes)
    queries = 32 * 8 * 2048 * 4096 * 2
    before, after = (x.prefill.operators["qk_matmul"].bytes - queries for x in (plain, e))
    assert after == exact(0.25 * before)


def test_a_block_of_queries_reads_its_own_part_of_a_window():
    """Layers of gpt-oss see 128 keys; blocks of 64 queries then read 128 + 64 - 1 at most, of 8 heads of 64."""
    s = Scenario(models["openai/gpt-oss-20b"], hardware["h100-sxm"], Workload(1, 2048, 2))
    e = evaluate(s.update(techniques=[techniques["flash-attention"].with_(block=64)]))
    window, full = (2 * 8 * 64 * 2 * blocks for blocks in (32 * (128 + 64 - 1), 32 * 2048))
    assert column(e.prefill, "kv_read_bytes") == exact(12 * (window + full))


def test_a_share_of_the_entries_takes_that_share_of_cache_and_pairs():
    """What LLM-Viewer's ``kv_token_ratio`` announces and never does."""
    plain, e = evaluate(scenario("seven", 8)), with_(scenario("seven", 8), "kv-compression", kept=0.1)
    assert e.memory.kv_cache_bytes == exact(0.1 * plain.memory.kv_cache_bytes)
    assert column(e.decode, "kv_read_bytes") == exact(0.1 * column(plain.decode, "kv_read_bytes"))
    assert e.decode.operators["attention"].flops == exact(0.1 * plain.decode.operators["attention"].flops)
