"""Every method states its formats in its own words; what is said of what is not understood."""

from __future__ import annotations

import pytest

from llm_roofline import ConfigError, load_model
from llm_roofline.models.quantization.methods import ALIASES, METHODS

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
FP8 = {"num_bits": 8, "type": "float"}
GPTQ = {"quant_method": "gptq", "bits": 4, "group_size": 32}
VPTQ = {"vector_lens": [-1, 8], "num_centroids": [-1, 256], "num_res_centroids": [-1, -1], "group_num": 1}
SPQR = {"dense_weights": 100, "row_offsets": 65, "col_vals": 200, "in_perm": 64}


def loaded(**given):
    return load_model(LLAMA | {"quantization_config": given})


def formats_of(model, name="q_proj"):
    """Formats of the weights of an operator."""
    own = model.formats.get(("layers", name))
    kind = "attention_weights" if name in ("q_proj", "k_proj", "v_proj", "o_proj") else "weights"
    return [share.weights for share in own] if own else [model.precision.of(kind)]


ONE_FORMAT = {  # of weights, of activations
    "fbgemm": ({"quant_method": "fbgemm_fp8", "activation_scale_ub": 1200.0}, "fp8", "fp8"),
    "fp_quant": ({"quant_method": "fp_quant", "forward_dtype": "mxfp4", "hadamard_group_size": 32}, None, None),
    "eetq": ({"quant_method": "eetq", "weights": "int8"}, "int8", "bf16"),
    "quanto": ({"quant_method": "quanto", "weights": "int4"}, "int4-g128b", "bf16"),
    "quanto activations": ({"quant_method": "quanto", "weights": "float8", "activations": "float8"}, "fp8", "fp8"),
    "w8a8": ({"quant_method": "w8a8_int8"}, "int8", "int8"),
    "fp4 of bitsandbytes": (
        {"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": "fp4"},
        "nf4",
        "bf16",
    ),
    "hqq": (
        {"quant_method": "hqq", "quant_config": {"weight_quant_params": {"nbits": 4, "group_size": 64, "axis": 1}}},
        "int4-g64b",
        "bf16",
    ),
    "torchao by name": (
        {"quant_method": "torchao", "quant_type": "int4_weight_only", "quant_type_kwargs": {"group_size": 64}},
        "int4-g64b",
        "bf16",
    ),
    "torchao by type": (
        {
            "quant_method": "torchao",
            "quant_type": {"default": {"_type": "Float8DynamicActivationFloat8WeightConfig", "_version": 1}},
        },
        "fp8",
        "fp8",
    ),
    "auto-round": ({"quant_method": "auto-round", "bits": 2, "group_size": 32, "sym": True}, "int2-g32", "bf16"),
    "auto-round mx": (
        {"quant_method": "auto-round", "bits": 4, "group_size": 32, "data_type": "mx_fp", "act_bits": 4},
        "mxfp4",
        "mxfp4",
    ),
    "exl2": ({"quant_method": "exl2", "bits": 4.25}, "4.25bpw", "bf16"),
    "higgs": ({"quant_method": "higgs", "bits": 4, "group_size": 256, "p": 2}, "4.0625bpw", "bf16"),
    "quark": (
        {
            "quant_method": "quark",
            "global_quant_config": {
                "weight": {"dtype": "fp4", "qscheme": "per_group", "group_size": 32, "scale_format": "e8m0"},
                "input_tensors": {"dtype": "fp4", "qscheme": "per_group", "group_size": 32},
            },
            "exclude": ["lm_head"],
        },
        "mxfp4",
        "mxfp4",
    ),
    "modelopt blocks": ({"quant_method": "modelopt", "quant_algo": "FP8_PB_WO"}, "fp8-block", "bf16"),
    "mx of 8 bits": (
        {"quant_method": "compressed-tensors", "config_groups": {"g": {"weights": FP8 | {"group_size": 32}}}},
        "mxfp8",
        "bf16",
    ),
    "not compressed": (
        {"quant_method": "compressed-tensors", "format": "dense", "config_groups": {"g": {"weights": INT4}}},
        "bf16",
        "bf16",
    ),
}


@pytest.mark.parametrize("name", [name for name, (_, weights, _) in ONE_FORMAT.items() if weights])
def test_a_method_states_one_format(name):
    given, weights, activations = ONE_FORMAT[name]
    model = loaded(**given)
    assert (model.precision.weights, model.precision.activations) == (weights, activations)
    assert model.precision.head == "bf16"
    assert not model.formats


def test_every_method_and_alias_is_known():
    assert set(ALIASES.values()) <= set(METHODS)
    for alias, method in ALIASES.items():
        assert alias not in METHODS, method


def test_a_codebook_weighs_more_in_a_small_matrix():
    # AQLM: 8-bit codes of 8 weights are 1 bit a weight; 2^8 vectors of 8 values of 16 bit lie beside each matrix.
    given = {
        "quant_method": "aqlm",
        "num_codebooks": 1,
        "nbits_per_codebook": 8,
        "in_group_size": 8,
        "out_group_size": 1,
    }
    model = loaded(**given)
    beside = 256 * 8 * 16
    assert formats_of(model) == [f"{1 + beside / 64**2:g}bpw"]
    assert float(formats_of(model, "up_proj")[0][:-3]) == pytest.approx(1 + beside / (64 * 96), abs=1e-6)


def test_vectors_and_outliers_are_counted_matrix_by_matrix():
    into = {"in_features": 64, "out_features": 64}
    model = loaded(quant_method="vptq", config_for_layers={"model.layers.0.self_attn.q_proj": VPTQ | into})
    own = model.formats["layers", "q_proj"]
    assert {share.weights: share.share for share in own} == {"bf16": 0.75, f"{1 + 256 * 8 * 16 / 64**2:g}bpw": 0.25}
    shapes = {f"model.layers.2.self_attn.q_proj.{part}.shape": many for part, many in SPQR.items()}
    model = loaded(quant_method="spqr", bits=3, beta1=16, beta2=16, shapes=shapes)
    bits = (100 * 64 + 65 * 32 + 200 * 32 + 64 * 16) / 64**2
    assert float(formats_of(model)[1][:-3]) == pytest.approx(bits, abs=1e-6)


def test_modules_have_formats_of_their_own():
    bits = {
        r"-:model\.layers\.1\..*": {},
        r"+:.*\.(?:[0-2])\..*down_proj": {"bits": 8, "group_size": 64},
        "lm_head": {"bits": 8},
    }
    model = loaded(**GPTQ, dynamic=bits)
    own = model.formats["layers", "down_proj"]
    assert {share.weights: share.share for share in own} == {"int8-g64": 0.5, "int4-g32": 0.25, "bf16": 0.25}
    assert [share.weights for share in model.formats["head", "lm_head"]] == ["int8-g32"]
    mlx = load_model(
        LLAMA
        | {"quantization": {"bits": 4, "group_size": 64, "model.layers.3.mlp.up_proj": False, "lm_head": {"bits": 6}}}
    )
    assert mlx.precision.head == "int4-g64b"
    assert [share.weights for share in mlx.formats["layers", "up_proj"]] == ["int4-g64b", "bf16"]
    extra = {"model.layers.0.self_attn.q_proj": {"bits": 16}, "model.layers.1.self_attn.q_proj": {"bits": 8}}
    model = loaded(quant_method="auto-round", bits=4, group_size=32, sym=True, extra_config=extra)
    assert set(formats_of(model)) == {"int4-g32", "bf16", "int8-g32"}
    model = loaded(**GPTQ, modules_in_block_to_quantize=[["self_attn.q_proj", "self_attn.k_proj"]])
    assert (formats_of(model), formats_of(model, "k_proj"), formats_of(model, "o_proj")) == (
        ["int4-g32"],
        ["int4-g32"],
        ["bf16"],
    )


def test_groups_are_for_their_targets_and_layers_for_their_algorithms():
    groups = {
        "a": {"targets": ["re:.*self_attn.*"], "weights": FP8, "input_activations": FP8},
        "b": {"targets": ["Linear"], "weights": NVFP4, "input_activations": NVFP4},
    }
    model = loaded(quant_method="compressed-tensors", config_groups=groups, ignore=["re:.*down_proj"])
    assert (formats_of(model), formats_of(model, "up_proj"), formats_of(model, "down_proj")) == (
        ["fp8"],
        ["nvfp4"],
        ["bf16"],
    )
    layers = {f"model.layers.{n}.mlp.up_proj": {"quant_algo": "NVFP4", "group_size": 16} for n in range(3)}
    model = loaded(quant_algo="MIXED_PRECISION", quantized_layers=layers, kv_cache_quant_algo="FP8")
    assert formats_of(model, "up_proj") == ["nvfp4", "bf16"]
    assert (formats_of(model, "gate_proj"), model.precision.kv_cache) == (["bf16"], "fp8")


def test_a_head_of_any_name_is_quantised_where_it_is_said():
    neox = {k: v for k, v in LLAMA.items() if k != "model_type"} | {"model_type": "gpt_neox"}
    model = load_model(neox | {"quantization_config": GPTQ | {"lm_head": True}})
    assert [share.weights for share in model.formats["head", "embed_out"]] == ["int4-g32"]
    assert ("embedding", "embed_in") not in model.formats


def test_a_target_of_every_name_quantises_no_embedding():
    groups = {"g": {"targets": ["re:.*"], "weights": FP8}}
    model = loaded(quant_method="compressed-tensors", config_groups=groups)
    assert (model.precision.weights, model.precision.head) == ("fp8", "bf16")
    groups["g"]["targets"].append("re:.*lm_head")
    model = loaded(quant_method="compressed-tensors", config_groups=groups, ignore=["model.embed_tokens"])
    assert [share.weights for share in model.formats["head", "lm_head"]] == ["fp8"]


def test_the_cache_is_stated_in_several_words():
    for stated in ({"num_bits": 8, "type": "float"}, "FP8", "fp8_e4m3"):
        assert loaded(quant_method="fp8", kv_cache_scheme=stated).precision.kv_cache == "fp8"
    assert loaded(quant_method="fp8", kv_cache_dtype="auto").precision.kv_cache == "bf16"
    with pytest.raises(ConfigError, match="a KV cache of 'int3'; understood are FP8"):
        loaded(quant_method="fp8", kv_cache_scheme="int3")


def test_two_of_four_weights_are_stored_with_a_bit_for_each():
    groups = {"g": {"targets": ["Linear"], "weights": FP8, "input_activations": FP8}}
    sparse = {"format": "sparse-24-bitmask", "targets": ["Linear"], "ignore": ["lm_head"]}
    model = loaded(quant_method="compressed-tensors", config_groups=groups, sparsity_config=sparse, ignore=["lm_head"])
    (share,) = model.formats["layers", "up_proj"]
    assert share.weight_bytes() == 0.5 + 1 / 8
    assert share.sparsity.is_structured


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"quant_method": "quanto", "weights": "int3"}, "weights of 'int3'; understood are int8, int4, int2, float8"),
        ({"quant_method": "torchao", "quant_type": "magic"}, "the type 'magic'; understood are int4_weight_only"),
        ({"quant_method": "modelopt", "quant_algo": "W2"}, "the algorithm 'W2'; understood are NVFP4"),
        ({"quant_method": "aqlm", "num_codebooks": -1}, "num_codebooks of -1, where a number above 0 is understood"),
        (
            {"quant_method": "fp8", "bits_by_layer": [4]},
            r"has 'bits_by_layer' = \[4\], which is not understood and may",
        ),
        ({"quant_method": "awq", "bits": 4, "group_size": 32, "dynamic": {"x": {"bits": 8}}}, "'dynamic' = "),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"g": {"weights": FP8}},
                "sparsity_config": {"format": "sparse-4-of-9"},
            },
            "a sparsity of the format 'sparse-4-of-9'; understood are sparse-24-bitmask, sparse-bitmask, dense",
        ),
        (GPTQ | {"dynamic": {"(?!x)y": {"bits": 8}}}, "says more than literals"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(given, message):
    with pytest.raises(ConfigError, match=message):
        loaded(**given)
