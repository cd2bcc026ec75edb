"""Model compression against arithmetic on published dimensions."""

from __future__ import annotations

import pytest

from llm_roofline import TechniqueError, evaluate, models, techniques
from tests.techniques.arithmetic import EIGHT, SEVEN, column, exact, layer_weights, scenario, weights, with_

HEAD = EIGHT["h"] * EIGHT["v"]
NORMS = (2 * EIGHT["layers"] + 1) * EIGHT["h"]


@pytest.mark.parametrize(
    ("stored", "size"), [("int4", 4.25 / 8), ("int8", 1), ("fp8", 1), ("nvfp4", 4.5 / 8), ("int2", 2.25 / 8)]
)
def test_quantised_weights_are_read_at_their_size_with_scales_and_the_head_at_16_bit(stored, size):
    decode = with_(scenario(), "weight-quantization", format=stored).decode
    assert column(decode, "weight_bytes") == exact(weights(EIGHT) * size + 2 * (HEAD + EIGHT["h"]) + 2 * NORMS)


def test_weights_alone_in_8_bit_leave_the_peak_at_16_bit_and_both_operands_double_it():
    s = scenario(on="a100-sxm-80gb")
    assert with_(s, "weight-quantization", format="int8").prefill.operators["q_proj"].peak_flops_per_s == 312e12
    assert with_(s, "weight-activation-quantization").prefill.operators["q_proj"].peak_flops_per_s == 624e12


def test_what_is_narrow_already_stays():
    s = scenario().update(weights="int4")
    assert with_(s, "weight-quantization", format="int8").tpot == evaluate(s).tpot


@pytest.mark.parametrize("stored", ["fp8", "int4", "int2"])
def test_a_quantised_cache_is_that_of_the_format_in_every_figure(stored):
    s = scenario("seven", 8)
    ours, asked = with_(s, "kv-cache-quantization", format=stored), evaluate(s.update(kv_cache=stored))
    assert (ours.tpot, ours.memory) == (asked.tpot, asked.memory)


@pytest.mark.parametrize("sparsity", [0.5, 0.6])  # SparseGPT, arXiv 2301.00774
def test_unstructured_pruning_stores_the_rest_and_a_bit_for_each_weight(sparsity):
    e = with_(scenario(), "unstructured-pruning", sparsity=sparsity)
    size = 2 * (1 - sparsity) + 1 / 8
    assert column(e.decode, "weight_bytes") == exact(weights(EIGHT) * size + 2 * (HEAD + EIGHT["h"]) + 2 * NORMS)
    assert e.memory.weight_bytes == exact(weights(EIGHT) * size + 2 * 2 * HEAD + 2 * NORMS)
    assert e.prefill.flops == evaluate(scenario()).prefill.flops


def test_two_of_four_weights_and_two_bits_each_run_at_twice_the_peak_of_an_h100():
    e = with_(scenario(), "structured-sparsity")
    assert e.prefill.operators["q_proj"].peak_flops_per_s == 2 * 989.4e12
    assert e.prefill.operators["attention"].peak_flops_per_s == 989.4e12  # its operands are no weights
    assert column(e.decode, "weight_bytes") == exact(weights(EIGHT) * 1.125 + 2 * (HEAD + EIGHT["h"]) + 2 * NORMS)


@pytest.mark.parametrize(
    ("device", "stored", "speed"),
    [
        ("a100-sxm-80gb", "int8", 2),
        ("b200-sxm", "nvfp4", 2),
        ("gb300", "nvfp4", 4 / 3),  # its datasheet: 1,440 PFLOP/s with sparsity, 1,080 without
        ("gb300", "fp8", 2),
        ("mi355x", "fp8", 2),
        ("mi355x", "nvfp4", 1),
        ("mi300x", "fp32", 1),
        ("rx-9070-xt", "int4", 2),
        ("gaudi3", "bf16", 1),
    ],
)
def test_the_peak_of_two_of_four_is_that_of_the_format_and_the_device(device, stored, speed):
    s = scenario(on=device).update(weights=stored, activations=stored)
    e = with_(s, "structured-sparsity")
    plain = evaluate(s).prefill.operators["q_proj"].peak_flops_per_s
    assert e.prefill.operators["q_proj"].peak_flops_per_s == exact(speed * plain)
    assert any("2:4 sparsity saves bytes alone" in note for note in e.notes) == (speed == 1)


def test_operators_inside_the_memory_have_no_sparse_units():
    inside = scenario().using(techniques["processing-in-memory"].with_(kind="mlp", cubes=5, peak=1.2))
    e = with_(inside, "structured-sparsity")
    assert e.decode.operators["gate_proj"].peak_flops_per_s == exact(6e12)
    assert e.decode.operators["q_proj"].peak_flops_per_s == 2 * 989.4e12


def test_structured_pruning_takes_its_share_of_flops_weights_and_cache():
    plain, pruned = evaluate(scenario()), with_(scenario(), "structured-pruning", share=0.25)
    for name in ("q_proj", "k_proj", "attention", "o_proj", "gate_proj", "down_proj", "act_fn"):
        assert pruned.decode.operators[name].flops == exact(0.75 * plain.decode.operators[name].flops)
    assert pruned.memory.kv_cache_bytes == exact(0.75 * plain.memory.kv_cache_bytes)
    assert plain.memory.weight_bytes - pruned.memory.weight_bytes == exact(2 * 0.25 * weights(EIGHT))


def test_seven_billion_weights_pruned_to_5_4_run_decode_in_that_share_of_the_time():
    s = scenario("seven")  # Compresso, arXiv 2310.05015: 7B -> 5.4B, of which embedding and head stay
    share = 1.3e9 / weights(SEVEN)
    plain, pruned = evaluate(s), with_(s, "structured-pruning", share=share)
    assert pruned.plan.decode.stack.parameters_by_kind["weights"] < plain.scenario.model.parameters_by_kind["weights"]
    assert pruned.tpot / plain.tpot == pytest.approx(5.4 / 6.7, rel=0.02)


def test_depth_pruning_leaves_whole_layers_out():
    e = with_(scenario(), "depth-pruning", share=0.25)
    assert set(e.decode.operators.count) == {24, 1}
    assert e.memory.weight_bytes == exact(2 * (24 * layer_weights(EIGHT) + 2 * HEAD + (2 * 24 + 1) * EIGHT["h"]))


def test_factors_of_rank_r_have_r_times_both_widths_in_weights_and_twice_that_in_flops_a_token():
    e = with_(scenario(prompt=64), "low-rank", rank=0.25)
    table, rank = e.prefill.operators, 1024  # a quarter of 4,096
    both = table["gate_proj.low_rank"].flops + table["gate_proj"].flops
    assert both == exact(2 * 64 * rank * (4096 + 14336) * 32)
    assert table["gate_proj"].table.traffic("weight_bytes")[table.name.index("gate_proj")] == exact(
        2 * rank * 14336 * 32
    )


def test_a_rank_beyond_break_even_leaves_the_matrix_whole():
    # Of a square matrix r (i + o) < i o only below half the rank.
    assert "q_proj.low_rank" not in with_(scenario(), "low-rank", rank=0.5).decode.operators.name
    assert "q_proj.low_rank" in with_(scenario(), "low-rank", rank=0.49).decode.operators.name


def test_adapters_add_two_thin_products_and_their_weights_once_for_each_adapter_in_the_batch():
    plain, s = evaluate(scenario(batch=4)), scenario(batch=4)
    both = sum(i + o for i, o in ((4096, 4096), (4096, 1024), (4096, 1024), (4096, 4096)))
    both += 2 * (4096 + 14336) + (14336 + 4096)
    for adapters in (1, 3, 64):
        e = with_(s, "adapters", rank=16, adapters=adapters)
        assert e.decode.flops - plain.decode.flops == exact(32 * 4 * 2 * 16 * both)
        read = column(e.decode, "weight_bytes") - column(plain.decode, "weight_bytes")
        assert read == pytest.approx(2 * 32 * min(adapters, 4) * 16 * both, rel=1e-9)
        assert e.memory.weight_bytes - plain.memory.weight_bytes == exact(2 * 32 * adapters * 16 * both)


def test_adapters_stand_beside_both_factors_of_a_matrix():
    low = scenario().using(techniques["low-rank"].with_(rank=0.25))
    table, plain = with_(low, "adapters", rank=16).prefill.operators, evaluate(low).prefill.operators
    for name in ("q_proj", "q_proj.low_rank"):  # of 4,096 x 1,024 each
        assert table[name].flops - plain[name].flops == exact(32 * 2048 * 2 * 16 * (4096 + 1024))


def test_pruned_columns_take_their_share_of_the_adapters():
    table = with_(scenario().using(techniques["structured-pruning"].with_(share=0.25)), "adapters").prefill.operators
    assert table["gate_proj"].flops == exact(0.75 * 32 * 2048 * 2 * (4096 * 14336 + 16 * (4096 + 14336)))


def test_adapters_beside_4_bit_weights_stay_at_16_bit():  # QLoRA, arXiv 2305.14314
    s, both = scenario(), 32 * 16 * (2 * (4096 + 4096) + 2 * (4096 + 1024) + 3 * (4096 + 14336))
    adapted = with_(s.using(techniques["weight-quantization"].with_(format="nf4-double")), "adapters")
    quantised = with_(s, "weight-quantization", format="nf4-double")
    assert column(adapted.decode, "weight_bytes") - column(quantised.decode, "weight_bytes") == pytest.approx(
        2 * both, rel=1e-9
    )
    assert adapted.memory.weight_bytes - quantised.memory.weight_bytes == pytest.approx(2 * both, rel=1e-9)


def test_a_student_answers_with_its_own_dimensions():
    s = scenario()
    student = evaluate(s.update(model="meta-llama/Llama-3.2-1B"))
    assert with_(s, "distillation").tpot == student.tpot


def test_a_student_runs_in_the_formats_that_were_chosen_else_in_those_of_its_own_checkpoint():
    teacher, own = scenario().update(model="deepseek-ai/DeepSeek-V3"), "meta-llama/Llama-3.2-1B runs in the formats"
    assert teacher.precision.weights == "fp8-block"
    e = with_(teacher, "distillation")
    assert (e.tpot, e.memory) == ((s := evaluate(teacher.update(model="meta-llama/Llama-3.2-1B"))).tpot, s.memory)
    assert any(own in note for note in e.notes)
    chosen = with_(teacher.update(weights="int4"), "distillation")
    assert chosen.plan.decode.precision.weights == "int4"
    assert not any(own in note for note in chosen.notes)


def test_a_smaller_student_with_more_keys_and_values_may_take_more_memory():
    s = scenario(batch=16, prompt=1536)
    e = with_(s, "distillation", student="huggyllama/llama-7b")  # 32 heads of keys and values for 8
    assert e.memory.weight_bytes < evaluate(s).memory.weight_bytes
    assert e.memory.total_bytes > evaluate(s).memory.total_bytes


def test_a_student_must_be_smaller_and_of_the_same_kind():
    with pytest.raises(TechniqueError, match="a student must be smaller than its teacher"):
        with_(scenario(), "distillation", student="meta-llama/Llama-3.1-70B")
    with pytest.raises(TechniqueError, match="is not of the kind of"):
        with_(scenario(), "distillation", student="openai/whisper-base")
    assert "openai/whisper-base" in models
