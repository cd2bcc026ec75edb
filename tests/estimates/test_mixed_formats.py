"""Operators that are stored otherwise than their kind: memory and steps count the same bytes, and choices override."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_roofline import Scenario, Workload, evaluate, hardware, load_model
from llm_roofline.formats import Sparsity, formats

LLAMA = {
    "model_type": "llama",
    "hidden_size": 256,
    "num_hidden_layers": 8,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "intermediate_size": 512,
    "vocab_size": 1000,
    "tie_word_embeddings": False,
}
GROUPS = {"g": {"targets": ["Linear"], "weights": {"num_bits": 8, "type": "float"}}}
GROUPS["g"]["input_activations"] = GROUPS["g"]["weights"]
FP8 = {
    "quant_method": "compressed-tensors",
    "config_groups": GROUPS,
    "ignore": [f"model.layers.{n}.mlp" for n in range(2)],
}
H100 = hardware["h100-sxm"]
PLAIN = load_model(LLAMA, "plain")
MIXED = load_model(LLAMA | {"quantization_config": FP8}, "mixed")
MATRICES = {"q_proj": 256**2, "k_proj": 256 * 128, "v_proj": 256 * 128, "o_proj": 256**2}
NETWORK = dict.fromkeys(("gate_proj", "up_proj", "down_proj"), 256 * 512)


def of(model, **changes):
    return evaluate(Scenario(model, H100, Workload(1, 64, 2)).update(**changes))


def read(estimate):
    table = estimate.decode.operators
    return dict(zip(table.name, table.traffic("weight_bytes"), strict=True))


def test_an_operator_reads_what_its_layers_store():
    found = read(of(MIXED))
    for name, elements in MATRICES.items():
        assert found[name] == 8 * elements
    for name, elements in NETWORK.items():
        assert found[name] == (6 + 2 * 2) * elements


def test_memory_and_a_step_count_the_same_bytes():
    table = 1000 * 256 * 2  # a decode step reads one row of it alone
    for model in (PLAIN, MIXED):
        estimate = of(model)
        rows = read(estimate)
        assert estimate.memory.weight_bytes == sum(rows.values()) - rows["embed_tokens"] + table


def test_work_in_two_formats_takes_what_its_shares_take():
    estimate = of(MIXED)
    peaks = dict(zip(estimate.decode.operators.name, estimate.plan.decode.rates.peaks, strict=True))
    wide, narrow = H100.peak_flops_per_s["bf16"], H100.peak_flops_per_s["fp8"]
    assert peaks["q_proj"] == narrow
    assert peaks["up_proj"] == pytest.approx(1 / (0.75 / narrow + 0.25 / wide))


def test_formats_that_are_chosen_override_those_of_single_operators():
    for changes in ({"weights": "int4"}, {"weights": "bf16", "activations": "bf16"}):
        chosen, plain = of(MIXED, **changes), of(PLAIN, **({"activations": "fp8"} | changes))
        assert chosen.memory.weight_bytes == plain.memory.weight_bytes
        assert chosen.tpot == plain.tpot
        assert not any("several formats" in note for note in chosen.notes)
    cache = of(MIXED, kv_cache="fp8")  # is no choice of weights
    assert read(cache) == read(of(MIXED))


@pytest.mark.parametrize("technique", ["weight-quantization", "weight-activation-quantization"])
def test_a_technique_narrows_every_share(technique):
    narrow, plain = of(MIXED, techniques=[technique]), of(PLAIN, techniques=[technique])
    assert read(narrow)["up_proj"] <= read(plain)["up_proj"]
    assert narrow.memory.weight_bytes <= plain.memory.weight_bytes
    nothing = {"name": "weight-quantization", "format": "fp32"}
    assert of(MIXED, techniques=[nothing]).tpot == of(MIXED, techniques=[]).tpot


def test_operators_that_run_as_one_store_what_each_stores():
    for technique, names in (
        ("fused-gate-up", ["gate_proj", "up_proj"]),
        ("fused-qkv", ["q_proj", "k_proj", "v_proj"]),
    ):
        plain, fused = read(of(MIXED)), read(of(MIXED, techniques=[technique]))
        assert sum(fused.values()) == pytest.approx(sum(plain.values()))
        assert not set(names) <= set(fused)


def test_a_part_of_an_operator_has_its_formats():
    half = of(MIXED, techniques=[{"name": "tensor-parallel", "degree": 2}])
    assert read(half)["up_proj"] == pytest.approx(read(of(MIXED))["up_proj"] / 2)
    factors = of(MIXED, techniques=[{"name": "low-rank", "rank": 0.25}])
    assert read(factors)["up_proj.low_rank"] == (6 + 2 * 2) * 256 * 64


def test_what_sparse_storage_leaves_out_is_not_left_out_twice():
    sparse = {"format": "sparse-24-bitmask", "targets": ["Linear"], "ignore": FP8["ignore"]}
    model = load_model(LLAMA | {"quantization_config": FP8 | {"sparsity_config": sparse}}, "sparse")
    assert read(of(model))["q_proj"] == 8 * MATRICES["q_proj"] * (0.5 + 1 / 8)
    again = of(model, techniques=["structured-sparsity"])
    assert read(again)["q_proj"] == read(of(model))["q_proj"]
    assert again.plan.decode.sparsity == Sparsity(0.5, 1.0, is_structured=True)


def test_it_is_shown_as_what_it_is():
    estimate = of(MIXED)
    note = "Weights are stored in several formats: weights fp8, 2 of 8 layers bf16."
    assert note in estimate.notes
    assert "  stored  fp8, 2 of 8 layers bf16" in estimate.decode.operators["up_proj"].explain()


def test_it_goes_to_json_and_back():
    scenario = Scenario(MIXED, H100)
    assert Scenario.from_json(scenario.to_json()) == scenario
    assert Scenario.from_json(scenario.to_json()).model.formats == MIXED.formats
    assert replace(MIXED, formats={}) != MIXED


def test_what_the_configuration_names_in_vain_is_noted():
    given = FP8 | {"ignore": ["re:.*linear_attn.*", "lm_head", "model.layers.3.mlp.up_proj"], "shuffle": "yes"}
    notes = " ".join(of(load_model(LLAMA | {"quantization_config": given}, "in vain")).notes)
    assert "'ignore' of its quantisation names modules that the model does not have: 're:.*linear_attn.*'." in notes
    assert "'quantization_config' has keys that are not read: 'shuffle'." in notes


def test_float32_is_said_where_16_bit_are_counted():
    estimate = of(load_model(LLAMA | {"torch_dtype": "float32"}, "wide"))
    assert any(
        note.startswith("'torch_dtype' is float32; the weights are counted at 16 bit") for note in estimate.notes
    )
    assert formats[estimate.scenario.precision.weights].bits == 16


@pytest.mark.parametrize(
    ("name", "content", "weights"),
    [
        ("hf_quant_config.json", '{"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "FP8"}}', "fp8"),
        ("quantize_config.json", '{"bits": 4, "group_size": 128, "desc_act": false, "sym": true}', "int4-g128"),
        ("quant_config.json", '{"w_bit": 4, "q_group_size": 64, "zero_point": true, "version": "GEMM"}', "int4-g64z"),
    ],
)
def test_a_statement_beside_the_configuration_is_read(tmp_path, name, content, weights):
    config = tmp_path / "config.json"
    config.write_text(str(LLAMA).replace("'", '"').replace("False", "false"))
    (tmp_path / name).write_text(content)
    for source in (tmp_path, config):
        model = load_model(source)
        assert model.precision.weights == weights
        assert Scenario.from_json(Scenario(model, H100).to_json()).model == model
