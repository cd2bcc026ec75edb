"""The faults of LLM-Viewer (commit 472f71f), each with the value that is right, by arithmetic on published dimensions.

Llama-2 7B at a batch of one and 2,048 tokens in 16 bit on an A6000, unless a test says otherwise.
"""

from __future__ import annotations

import pytest

from llm_roofline import ConfigError, Estimate, Step, Workload, evaluate, evaluate_step, hardware, load_model, models
from llm_roofline.estimates.scenario import Scenario
from tests.techniques.arithmetic import SEVEN, SEVENTY, column, exact, scenario, weights, with_

H, F, L, V, D, HEADS = (SEVEN[name] for name in ("h", "f", "layers", "v", "d", "heads"))
S = 2048


def seven(batch=1, prompt=S, output=1, on="rtx-a6000", **fields):
    return scenario("seven", batch, prompt, output, on, **fields)


def prefill(**fields):
    return evaluate(seven(**fields)).prefill


def one(phase, name, what):
    """A figure of one layer of an operator."""
    row = phase.operators[name]
    return getattr(row, what) / row.count


def test_1_fused_attention_writes_a_head_s_values_for_each_query():
    row = prefill().operators["attention"]
    written = row.table.traffic("activation_write_bytes")[row.index] / L
    assert written == S * H * 2 == 16_777_216  # there 536.9 MB


def test_2_fused_attention_loads_keys_and_values_once():
    row = prefill().operators["attention"]
    assert row.table.traffic("kv_read_bytes")[row.index] / L == 2 * S * H * 2 == 33_554_432  # there 537 MB
    assert row.bytes / L == 67_108_864
    assert row.bound == "compute"


def test_3_keys_and_values_of_shared_heads_are_loaded_once():
    e = evaluate(scenario("seventy", 32, 3839, 2))
    row = e.decode.operators["attention"]
    assert row.bytes / 80 == pytest.approx(32 * 3840 * 2 * 8 * 128 * 2, rel=0.01)  # an eighth of that of 64 heads


def test_4_fused_attention_saves_the_scores_in_memory():
    fused, parted = (evaluate(seven(prompt=4000, flash_attention=on)).memory for on in (True, False))
    assert fused.activation_bytes < 0.3e9
    assert parted.activation_bytes - fused.activation_bytes > 0.9 * HEADS * 4000**2 * 2


def test_5_opt_has_two_matrices_in_its_network():
    opt = models["facebook/opt-6.7b"]
    assert opt.parameters == 6_658_473_984  # 13.3 GB in 16 bit; there 17.2
    names = [operator.name for _, operator in opt.operators()]
    assert [n for n in names if n in {"fc1", "fc2", "gate_proj"}] == ["fc1", "fc2"]


def test_6_a_generation_keeps_weights_once_and_the_cache_of_prompt_and_output():
    m = evaluate(seven(prompt=1024, output=1024)).memory
    cache = 2048 * L * 2 * H * 2
    assert m.kv_cache_bytes == cache
    assert m.weight_bytes + cache == pytest.approx(14.55e9, rel=0.001)  # there 14.1 TB


def test_7_each_operator_runs_at_the_peak_of_its_own_operands():
    table = prefill(on="a100-sxm-80gb", weights="int8", activations="int8").operators
    assert table["q_proj"].peak_flops_per_s == 624e12  # there 312: the cache has 16 bit
    assert table["attention"].peak_flops_per_s == 312e12


def test_8_a_device_runs_narrow_operands_at_its_fastest_peak_that_holds_them():
    wide = {"weights": "fp16", "activations": "fp16", "kv_cache": "fp16"}
    narrow = dict.fromkeys(wide, "int8")
    volta = evaluate(seven(on="v100-sxm2-32gb", **narrow)).prefill
    assert volta.operators["q_proj"].peak_flops_per_s == hardware["v100-sxm2-32gb"].peak_flops_per_s["fp16"]
    assert (
        evaluate(seven(on="h100-sxm", **dict.fromkeys(wide, "fp8"))).prefill.operators["q_proj"].compute_format == "fp8"
    )


@pytest.mark.parametrize(
    ("model", "bytes_per_token"),
    [
        ("Qwen/Qwen3-0.6B", 28 * 2 * 8 * 128 * 2),
        ("Qwen/Qwen3-32B", 64 * 2 * 8 * 128 * 2),
        ("google/gemma-7b", 28 * 2 * 16 * 256 * 2),
        ("mistralai/Mistral-Nemo-Base-2407", 40 * 2 * 8 * 128 * 2),
    ],
)
def test_9_heads_have_the_size_that_the_configuration_says(model, bytes_per_token):
    one, two = (evaluate(Scenario(models[model], hardware["h100-sxm"], Workload(1, 64, n))).memory for n in (1, 2))
    assert two.kv_cache_bytes - one.kv_cache_bytes == bytes_per_token


def test_10_the_head_multiplies_and_adds_for_every_sequence():
    row = evaluate(seven(batch=256, output=2)).decode.operators["lm_head"]
    assert row.flops == 2 * 256 * H * V
    assert row.bytes == 2 * (H * V + 256 * H + 256 * V)


def test_11_memory_holds_embedding_head_and_norms():
    assert evaluate(seven()).memory.weight_bytes == 2 * 6_738_415_616 == 13_476_831_232  # there 12.95 GB
    assert evaluate(scenario()).memory.weight_bytes == 2 * 8_030_261_248


def test_12_causal_attention_multiplies_visible_pairs():
    parted = prefill(flash_attention=False).operators["qk_matmul"]
    assert parted.flops / L == 2 * (S * S + S) / 2 * H  # there s² pairs


def test_13_the_activation_runs_on_the_width_of_the_network():
    assert one(prefill(), "act_fn", "bytes") == 3 * S * F * 2  # 135.3 MB; there 50.3
    opt = evaluate(Scenario(models["facebook/opt-6.7b"], hardware["rtx-a6000"], Workload(1, 1024, 1))).prefill
    assert (
        one(opt, "activation_fn" if "activation_fn" in opt.operators.name else "act_fn", "bytes")
        == 2 * 1024 * 16384 * 2
    )


def test_14_an_addition_reads_both_its_operands():
    assert one(prefill(), "attn_add", "bytes") == 3 * S * H * 2  # 50.3 MB; there 33.5


def test_15_the_prefill_reads_the_queries_of_every_head():
    row = evaluate(scenario("seventy", 1, S, 1, flash_attention=False)).prefill.operators["qk_matmul"]
    read = row.table.traffic("activation_read_bytes")[row.index] / 80
    assert read == S * 8192 * 2  # 33.6 MB; there 4.2


def test_16_memory_of_activations_is_what_is_alive_at_once():
    parted = evaluate(seven(flash_attention=False)).memory.activation_bytes
    scores, stream = HEADS * S * S * 2, S * H * 2
    assert (
        parted == 2 * scores + stream
    )  # scores, probabilities and the residual stream; there 0.778 GB, all of a layer
    assert evaluate(seven()).memory.activation_bytes < 0.16e9


def test_17_the_cache_grows_with_the_output():
    assert evaluate(seven(prompt=1024, output=1024)).memory.kv_cache_bytes == 1_073_741_824  # there 0.537 GB


def test_18_the_prefill_yields_the_first_token_and_n_minus_one_steps_follow():
    assert evaluate(seven(output=1)).latency == evaluate(seven(output=1)).ttft
    three = evaluate(seven(output=3))
    steps = [evaluate_step(three.scenario, Step(1, 1, S + k)).time for k in (1, 2)]
    assert three.latency == exact(three.ttft + sum(steps))


def test_19_an_operator_without_flops_takes_the_time_of_its_traffic():
    row = prefill().operators["embed_tokens"]
    assert row.flops == 0
    assert row.time == row.bytes / hardware["rtx-a6000"].memory_bandwidth > 0


def test_20_quantised_weights_have_scales_and_the_head_stays_at_16_bit():
    decode = evaluate(seven(output=2, weights="int4")).decode
    norms = 2 * (2 * L + 1) * H
    assert column(decode, "weight_bytes") == exact(weights(SEVEN) * 4.25 / 8 + 2 * (H * V + H) + norms)


def test_21_what_quantisation_leaves_alone_stays_at_16_bit():
    row = prefill(flash_attention=False, activations="int4", weights="int4").operators["qk_matmul"]
    assert row.table.traffic("activation_write_bytes")[row.index] / L == HEADS * S * S * 2  # scores; there a quarter


def test_22_softmax_runs_on_the_vector_lanes():
    row = prefill(on="h100-sxm", flash_attention=False).operators["softmax"]
    assert row.compute_format == "vector"
    assert row.peak_flops_per_s == hardware["h100-sxm"].vector_flops_per_s["fp32"]


def test_23_rotation_embedding_and_final_norm_are_there():
    table = prefill().operators
    assert {"rotary_emb", "embed_tokens", "norm"} <= set(table.name)
    assert one(prefill(), "rotary_emb", "bytes") == 2 * 2 * 2 * S * H


def test_24_projections_that_read_the_same_can_be_one():
    plain = prefill()
    fused = with_(seven().update(techniques=["flash-attention", "fused-gate-up"]), "fused-qkv").prefill
    assert (plain.bytes - fused.bytes) / L == pytest.approx(3 * S * H * 2, rel=1e-9)  # 50.3 MB


def test_25_a_share_of_the_cached_tokens_is_a_technique_with_an_effect():
    tenth, whole = with_(seven(output=2), "kv-compression", kept=0.1), evaluate(seven(output=2))
    assert column(tenth.decode, "kv_read_bytes") == exact(0.1 * column(whole.decode, "kv_read_bytes"))


def test_26_a_step_sees_the_past_and_itself():
    decode = evaluate(seven(output=2)).decode
    assert column(decode, "kv_read_bytes") == (S + 1) * L * 2 * H * 2


def test_27_a_diffusion_transformer_has_modulation_and_no_cache():
    e = evaluate(Scenario(models["facebook/DiT-XL-2"], hardware["rtx-a6000"], Workload(1, 256, 1)))
    blocks = sum(row.flops for row in e.decode.operators if row.count == 28)
    assert blocks / 2 == pytest.approx(118.6e9, rel=0.01)  # MAC of an image, arXiv 2212.09748; there 156.6
    assert e.memory.kv_cache_bytes == 0
    assert "decode" not in {phase.name for phase in e.phases}


def test_28_every_operator_of_gpt_j_reads_operators_that_exist():
    for on in (True, False):
        s = Scenario(models["EleutherAI/gpt-j-6B"], hardware["rtx-a6000"], Workload(1, 64, 1)).update(
            flash_attention=on
        )
        structure = evaluate(s).plan.decode.structure
        assert all(source < i for i, inputs in enumerate(structure.inputs) for source in inputs)


def test_29_a_model_is_what_its_configuration_says_it_is():
    config = {**models["mistralai/Mistral-7B-v0.1"].config}
    assert load_model(config, "/opt/models/llama").family == "mistral"
    with pytest.raises(ConfigError, match="model_type"):
        load_model({**config, "model_type": "no such"}, "llama")


def test_30_mixtures_have_all_their_experts_and_run_the_chosen():
    m = models["mistralai/Mixtral-8x7B-v0.1"]
    assert 2 * m.parameters == pytest.approx(93.4e9, rel=0.001)  # there 13.96 GB
    flops = evaluate(Scenario(m, hardware["h100-sxm"], Workload(1, 16, 2))).decode.operators["experts.down_proj"].flops
    assert flops == 2 * 2 * 14336 * 4096 * 32


def test_31_devices_have_the_figures_of_their_datasheets_and_a_capacity():
    h100 = hardware["h100-sxm"]
    assert (round(h100.memory_bandwidth / 1e10), h100.memory_bytes) == (335, 80e9)  # there 3.072 TB/s, and no capacity
    assert {"fp8", "int8", "bf16"} <= h100.peak_flops_per_s.keys()
    assert h100.source
    seventy = evaluate(scenario("seventy", 1, 64, 2, "rtx-a6000"))
    assert not seventy.memory.fits
    assert "does not fit" in seventy.takeaway


def test_32_what_is_stated_is_a_bound():
    """A sum of rooflines has no launches in it: it is called a bound, and nothing measured may beat it."""
    time = evaluate(scenario("seven", 1, 128, 2, "a100-sxm-80gb")).decode.time
    assert time < 1 / 95  # TensorRT-LLM on an A100: at most 95 tokens a second
    assert "a bound, which no measurement may beat" in Estimate.__doc__


def test_33_tensor_parallelism_divides_all_that_has_heads_and_columns_and_adds_up_over_the_network():
    s = scenario("seventy", 32, 3839, 2)
    whole, eighth = evaluate(s), with_(s, "tensor-parallel", degree=8, latency=0)
    for name in ("attention", "q_proj", "down_proj", "lm_head"):
        assert eighth.decode.operators[name].flops == exact(whole.decode.operators[name].flops / 8)
    attention = eighth.decode.operators["attention"]
    assert attention.bytes == pytest.approx(whole.decode.operators["attention"].bytes / 8, rel=1e-9)  # there undivided
    sent = 32 * SEVENTY["h"] * 2 * 2 * 7 / 8
    assert eighth.decode.operators["o_proj.all_reduce"].link_bytes == exact(80 * sent)  # there none
