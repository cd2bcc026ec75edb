"""What a configuration says of its formats: methods, exceptions, and text that must never run."""

from __future__ import annotations

import pytest

from llm_roofline import ConfigError, Precision, Scenario, evaluate, hardware, load_model, models

LLAMA = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_hidden_layers": 4,
    "num_attention_heads": 8,
    "intermediate_size": 96,
    "vocab_size": 1000,
}
INT4 = {"num_bits": 4, "type": "int", "group_size": 32, "symmetric": True}
NVFP4 = {"num_bits": 4, "type": "float", "group_size": 16}
IGNORES_ATTENTION = ["lm_head", "re:.*self_attn.*", "re:.*shared_experts.*", r"re:.*mlp\.(gate|up|gate_up|down)_proj.*"]


MIXTURE = {"model_type": "qwen3_moe", "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32}
MIXTURE |= {"num_key_value_heads": 8, "head_dim": 8, "mlp_only_layers": [0]}


def precision(base=LLAMA, **given):
    return load_model(base | {"quantization_config": given}).precision


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"quant_method": "fp8", "weight_block_size": [128, 128]}, Precision("fp8-block", "fp8")),
        ({"quant_method": "fp8"}, Precision("fp8", "fp8")),
        ({"quant_method": "gptq", "bits": 4, "group_size": 128, "sym": True}, Precision("int4-g128")),
        ({"quant_method": "gptq", "bits": 3, "group_size": 64, "sym": False}, Precision("int3-g64z")),
        ({"quant_method": "gptq", "bits": 8, "group_size": -1}, Precision("int8")),
        ({"quant_method": "gptq", "bits": 4, "group_size": -1}, Precision("int4-channel")),
        ({"quant_method": "awq", "bits": 4, "group_size": 128, "zero_point": True}, Precision("int4-g128z")),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, Precision("nf4")),
        (
            {"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_use_double_quant": True},
            Precision("nf4-double"),
        ),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, Precision("int8", "int8")),
        ({"quant_method": "bitnet"}, Precision("ternary", "int8")),
        ({"quant_method": "modelopt", "quant_algo": "FP8", "kv_cache_quant_algo": "FP8"}, Precision(*["fp8"] * 3)),
        (
            {"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights": INT4}}},
            Precision("int4-g32"),
        ),
        (
            {
                "quant_method": "modelopt",
                "config_groups": {"group_0": {"weights": NVFP4, "input_activations": NVFP4}},
                "kv_cache_scheme": {"num_bits": 8, "type": "float"},
                "ignore": [f"model.language_model.layers.{n}.self_attn*" for n in range(4)],
            },
            Precision("nvfp4", "nvfp4", "fp8", attention_weights="bf16", experts="nvfp4"),
        ),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"group_0": {"weights": INT4}},
                "ignore": IGNORES_ATTENTION,
            },
            Precision("bf16", attention_weights="bf16", experts="int4-g32"),
        ),
        (
            {"quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn", "lm_head"]},
            Precision("bf16", attention_weights="bf16", experts="mxfp4"),
        ),
    ],
)
def test_a_method_is_read_into_the_format_of_each_kind(given, expected):
    found = precision(LLAMA | MIXTURE if expected.experts else LLAMA, **given)
    for kind in ("weights", "attention_weights", "experts"):
        assert (getattr(found, kind) or found.weights) == (getattr(expected, kind) or expected.weights)
    for kind in ("activations", "kv_cache", "head", "states"):
        assert getattr(found, kind) == getattr(expected, kind)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("fp8", r"'quantization_config' must be an object \(got 'fp8'\)"),
        ({"quant_method": "magic"}, "has the method 'magic', which is not understood. Understood are fp8, mxfp4"),
        (
            {"quant_method": "fp8", "weight_block_size": [64, 64]},
            r"blocks of \[64, 64\], where 128 x 128 are understood",
        ),
        ({"quant_method": "gptq", "bits": 5.5, "group_size": 128}, "5.5 bits in groups of 128"),
        ({"quant_method": "gptq"}, "the method 'gptq' is not understood"),
        ({"quant_method": "bitsandbytes"}, "neither load_in_8bit nor load_in_4bit is set"),
        ({"quant_method": "fp8", "ignore": ["re:(a+)+$"]}, "says more than literals"),
        ({"quant_method": "fp8", "ignore": [7]}, "names of modules must be at most"),
    ],
)
def test_what_is_not_understood_is_said(given, message):
    with pytest.raises(ConfigError, match=message):
        load_model(LLAMA | {"quantization_config": given})


def test_a_scenario_takes_the_formats_of_its_checkpoint_unless_others_are_chosen():
    quantised = load_model(LLAMA | {"quantization_config": {"quant_method": "fp8"}}, "quantised")
    plain = load_model(LLAMA, "plain")
    s = Scenario(quantised, hardware["h100-sxm"])
    assert (s.precision.weights, s.precision.activations) == ("fp8", "fp8")
    assert s.update(model=plain).precision == Precision()
    assert s.update(weights="int4").update(model=plain).precision.weights == "int4"
    assert s.update(model=plain, weights="int8").precision == Precision("int8")


@pytest.mark.parametrize(
    ("model", "gigabytes"),  # of the safetensors files on the hub, without layers that predict further tokens
    [
        ("openai/gpt-oss-120b", 65.2),
        ("openai/gpt-oss-20b", 13.76),
        ("moonshotai/Kimi-K2.5", 595),
        ("MiniMaxAI/MiniMax-M2.5", 230),
        ("microsoft/bitnet-b1.58-2B-4T", 1.18),
        ("google/gemma-4-31B", 62.5),
        ("meta-llama/Llama-3.1-8B", 16.06),
    ],
)
def test_weights_of_the_catalogue_take_what_their_checkpoints_take(model, gigabytes):
    found = evaluate(Scenario(models[model], hardware["h100-sxm"]))
    assert found.memory.weight_bytes == pytest.approx(gigabytes * 1e9, rel=5e-3)


def test_a_format_chosen_for_the_weights_is_that_of_attention_and_experts_too():
    stored = Precision("bf16", attention_weights="fp8", experts="mxfp4")
    assert stored.changed({"weights": "int4"}) == Precision("int4")
    assert stored.changed({"weights": "int4", "experts": "int2"}) == Precision("int4", experts="int2")


@pytest.mark.parametrize("other", [2, {"quant_method": "fp8"}])
def test_two_statements_that_differ_are_refused(other):
    kimi = dict(models["moonshotai/Kimi-K2.5"].config)
    said = "'quantization_config' and 'quantization_config' of config, text_config state different"
    with pytest.raises(ConfigError, match=said):
        load_model(kimi | {"quantization_config": other})
    assert load_model(kimi | {"quantization_config": kimi["text_config"]["quantization_config"]}).parameters
