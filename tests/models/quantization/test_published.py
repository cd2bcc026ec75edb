"""Statements of published exports, reduced to what they say: what is read is what the files hold."""

from __future__ import annotations

import pytest

from llm_roofline import Scenario, evaluate, hardware, load_model, models, techniques

B200 = hardware["b200-sxm"] if "b200-sxm" in hardware else hardware["b200"]
MTP = techniques["speculative-decoding"].with_(draft="mtp", guesses=1)
FP8, NVFP4 = {"quant_algo": "FP8"}, {"quant_algo": "NVFP4", "group_size": 16}
W4A16 = {"quant_algo": "W4A16_NVFP4", "group_size": 16}
FLOAT4 = {"dynamic": False, "num_bits": 4, "type": "float", "group_size": 16}
GROUP = {"input_activations": FLOAT4, "weights": FLOAT4}
LINEAR = ("linear_attn.in_proj_qkv", "linear_attn.in_proj_z", "linear_attn.out_proj")
FULL = tuple(f"self_attn.{name}_proj" for name in "qkvo")


def exported(name, statement):
    return load_model(dict(models[name].config) | {"quantization_config": statement}, name)


def gigabytes(model):
    """Of all weights, those of the layers that predict among them."""
    return evaluate(Scenario(model, B200).using(MTP)).memory.weight_bytes / 1e9


def own(stack, block, name):
    """Formats of an operator's weights, and the share of each."""
    found = stack.formats.get((block, name))
    return None if found is None else {share.weights: share.share for share in found}


def mixed_by_layer(layers, *modules):
    """Qwen3.6's statement: attention in FP8, these modules in NVFP4, both said again by groups."""
    prefix = "model.language_model.layers"
    listed = {f"{prefix}.{i}.{name}": FP8 for i in range(layers) for name in (FULL if i % 4 == 3 else LINEAR)} | {
        f"{prefix}.{i}.mlp.{name}": W4A16 for i in range(layers) for name in modules
    }
    return {
        "quant_method": "modelopt",
        "quant_algo": "MIXED_PRECISION",
        "quantized_layers": listed | {"lm_head": W4A16},
        "config_groups": {"group_0": GROUP | {"targets": [name for name, how in listed.items() if how is W4A16]}},
        "ignore": ["mtp*", "mtp.layers.0*"],
        "kv_cache_scheme": {"dynamic": False, "num_bits": 8, "type": "float"},
    }


@pytest.mark.parametrize(
    ("name", "layers", "modules", "size"),  # of the safetensors files of nvidia/Qwen3.6-27B-NVFP4 and -35B-A3B-NVFP4
    [
        ("Qwen/Qwen3.5-27B", 64, ("gate_proj", "up_proj", "down_proj"), 21.92),
        (
            "Qwen/Qwen3.5-35B-A3B",
            40,
            ("experts", *(f"shared_expert.{part}_proj" for part in ("gate", "up", "down"))),
            23.44,
        ),
    ],
)
def test_an_export_of_qwen_takes_what_its_files_take(name, layers, modules, size):
    model = exported(name, mixed_by_layer(layers, *modules))
    assert model.notes == models[name].notes
    assert gigabytes(model) == pytest.approx(size, rel=2e-3)
    assert own(model, "head", "lm_head") == {"nvfp4": 1.0}
    assert (model.precision.activations, model.precision.kv_cache) == ("bf16", "fp8")
    predicting = {op.name: own(model.predictor, b.name, op.name) for b, op in model.predictor.operators()}
    assert predicting["q_proj"] == {"bf16": 1.0}  # `mtp*` is left at 16 bit


def test_an_export_of_glm_leaves_its_first_layers_attention_and_the_layer_that_predicts():
    """nvidia/GLM-5.2-NVFP4: 465 GB, as that of GLM-5.3, which has its shape."""
    left = [f"model.layers.{i}.{part}*" for i in range(3, 78) for part in ("mlp.shared_experts", "self_attn")]
    left += ["lm_head", "model.embed_tokens", "model.layers.0*", "model.layers.1.*", "model.layers.2.*"]
    statement = {
        "quant_method": "modelopt",
        "quant_algo": "NVFP4",
        "config_groups": {"g": GROUP | {"targets": ["Linear"]}},
    }
    model = exported("zai-org/GLM-5.2", statement | {"ignore": [*left, "model.layers.78*"]})
    assert model.notes == ()
    assert gigabytes(model) == pytest.approx(465, rel=1e-3)
    without = exported("zai-org/GLM-5.2", statement | {"ignore": left})
    assert own(without.predictor, "predicting layers", "experts.up_proj") is None  # in NVFP4, as others are
    assert own(model.predictor, "predicting layers", "experts.up_proj") == {"bf16": 1.0}


def test_an_export_of_deepseek_v4_changes_the_experts_of_what_was_fp8():
    """nvidia/DeepSeek-V4-Flash-NVFP4: the method is FP8's, and what ModelOpt ignores stays so."""
    name = "deepseek-ai/DeepSeek-V4-Flash"
    statement = dict(models[name].config["quantization_config"]) | {
        "config_groups": {"group_0": GROUP | {"targets": ["Linear"]}},
        "ignore": ["*.attn.*", "*.ffn.shared_experts.*", "head", "mtp.*"],
        "moe_quant_algo": "NVFP4",
        "quant_algo": "MIXED_PRECISION",
        "group_size": 16,
        "quantized_layers": {f"layers.{i}.ffn.experts": NVFP4 for i in range(43)},
    }
    model = exported(name, statement)
    assert (model.precision.weights, model.precision.experts) == ("fp8-block", "nvfp4")
    assert own(model, "sliding layers", "q_a_proj") in (None, {"fp8-block": 1.0})
    assert own(model.predictor, "predicting layers", "experts.up_proj") == {"mxfp4": 1.0}  # as DeepSeek made them
    grown = gigabytes(model) - gigabytes(models[name])
    experts = 43 * 256 * 3 * 2048 * 4096
    assert grown == pytest.approx(experts * (0.5625 - 0.53125) / 1e9, rel=1e-3)


def test_norms_that_a_statement_names_are_no_modules_that_are_missing():
    """zai-org/GLM-5-FP8 names every norm, and an indexer's projection by a name that lost a part."""
    left = [
        f"model.layers.{i}.{name}" for i in (0, 78) for name in ("input_layernorm", "self_attn.indexer.k_norm.bias")
    ]
    model = exported(
        "zai-org/GLM-5", {"quant_method": "fp8", "weight_block_size": [128, 128], "modules_to_not_convert": left}
    )
    assert model.notes == ()
    odd = exported(
        "zai-org/GLM-5",
        {"quant_method": "fp8", "modules_to_not_convert": [*left, "model.layers.0.self_attn.indexers_proj"]},
    )
    assert "names modules that the model does not have: 'model.layers.0.self_attn.indexers_proj'." in odd.notes[0]


def test_an_export_of_unsloth_names_what_lies_around_the_modules_that_it_leaves():
    """The statement of unsloth/Qwen3.8-27B-NVFP4, 23.42 GB, on the shape of Qwen3.5-27B.

    FP8 by channel, and NVFP4 in the MLPs of all layers but the last eight.
    """
    layers, prefix = 64, "model.language_model.layers"
    linear = [i for i in range(layers) if i % 4 != 3]
    left = [f"{prefix}.{i}.linear_attn{part}" for i in linear for part in ("", ".norm", ".in_proj_b", ".in_proj_a")]
    left += [f"model.visual.blocks.{i}.{part}" for i in range(27) for part in ("attn.qkv", "attn.proj")]
    left += [f"model.visual.blocks.{i}.mlp.linear_fc{n}" for i in range(27) for n in (1, 2)]
    left += ["model.visual.merger.linear_fc1", "model.visual.merger.linear_fc2", "re:^mtp.*"]
    eight = {"num_bits": 8, "type": "float", "strategy": "channel", "symmetric": True}
    model = exported(
        "Qwen/Qwen3.5-27B",
        {
            "quant_method": "compressed-tensors",
            "format": "mixed-precision",
            "config_groups": {
                "group_0": {
                    "format": "float-quantized",
                    "weights": eight,
                    "input_activations": {"num_bits": 8, "type": "float", "dynamic": True, "strategy": "token"},
                    "targets": [
                        r"re:.*self_attn\.(q|k|v|o)_proj$",
                        r"re:.*linear_attn\.(in_proj_qkv|in_proj_z|out_proj)$",
                        "re:.*lm_head",
                        r"re:.*layers\.(56|57|58|59|60|61|62|63)\.mlp\.(gate|up|down)_proj$",
                    ],
                },
                "group_1": GROUP | {"format": "nvfp4-pack-quantized", "targets": [r"re:.*mlp\.(gate|up|down)_proj$"]},
            },
            "ignore": left,
        },
    )
    assert model.notes == models["Qwen/Qwen3.5-27B"].notes
    assert own(model, "linear layers", "in_proj_a") == {"bf16": 1.0}
    assert own(model, "linear layers", "in_proj_qkv") in (None, {"fp8": 1.0})
    assert gigabytes(model) == pytest.approx(23.42, rel=3e-3)
