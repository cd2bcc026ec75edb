"""Tensors go to the operator whose name they bear, in every family, under every spelling in use."""

from __future__ import annotations

import json
from itertools import product
from math import prod

import pytest

from llm_roofline import load_model, models
from llm_roofline.models.checkpoint import StoredTensor, matched
from tests.checkout import REPOSITORY
from tests.laws.subjects import FAMILIES, FEW
from tests.over import over

TENSORS = json.loads((REPOSITORY / "tests/golden/tensors.json").read_text(encoding="utf-8"))
LLAMA = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_hidden_layers": 1,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 96,
    "vocab_size": 100,
    "tie_word_embeddings": True,
}
MIXTURE = LLAMA | {"model_type": "mixtral", "num_local_experts": 3, "num_experts_per_tok": 2}
LATENT = "deepseek-ai/DeepSeek-V2-Lite"


def numbers(text):
    """What a star of the table stands for."""
    first, _, last = text.partition("-")
    return range(int(first), int(last) + 1) if last else [int(n) for n in text.split(",")]


def tensors(rows):
    """Tensors of the table at 16 bit."""
    for name, elements, *stars in rows:
        for place in product(*map(numbers, stars)):
            yield StoredTensor(name.replace("*", "{}").format(*place), "BF16", (elements,), 2 * elements)


def operators(model, names):
    """Names of the operators that tensors of one layer go to, with how many bytes of 12 a tensor."""
    found = matched(model, [StoredTensor(name, "of any size", (6,), 12) for name in names])
    assert found.unmatched == {}
    return {name: nbytes for (_, name), nbytes in found.by_operator.items()}


@over("name", list(TENSORS), [FAMILIES[family].name for family in FEW])
def test_a_checkpoint_at_16_bit_stores_of_every_operator_what_its_parameters_take(name):
    model = models[name]
    found = matched(model, tensors(TENSORS[name]))
    for stack in model.stacks:
        stored = found if stack is model else found.towers[stack.name]
        assert stored.by_operator == {
            (block.name, operator.name): 2 * block.layers * size
            for block, operator in stack.operators()
            if (size := sum(operator.parameters.values()))
        }
        assert stored.missing == ()
    assert found.unmatched == {}
    assert found.total == sum(
        2 * elements * prod(len(numbers(s)) for s in stars) for _, elements, *stars in TENSORS[name]
    )


@pytest.mark.parametrize(
    "name",
    [
        "model.layers.0.self_attn.q_proj.weight",
        "model.layers.0.self_attn.q_proj.bias",
        "model.layers.0.self_attn.q_proj.qweight",
        "model.layers.0.self_attn.q_proj.qzeros",
        "model.layers.0.self_attn.q_proj.scales",
        "model.layers.0.self_attn.q_proj.g_idx",
        "model.layers.0.self_attn.q_proj.weight_packed",
        "model.layers.0.self_attn.q_proj.weight_scale",
        "model.layers.0.self_attn.q_proj.weight_scale_inv",
        "model.layers.0.self_attn.q_proj.weight.absmax",
        "model.layers.0.self_attn.q_proj.weight.quant_state.bitsandbytes__nf4",
        "model.language_model.layers.0.self_attn.q_proj.weight",
        "blk.0.attn_q.weight",
    ],
)
def test_codes_scales_and_zero_points_belong_to_their_operator(name):
    assert operators(load_model(LLAMA), [name]) == {"q_proj": 12}


@pytest.mark.parametrize(
    "names",
    [
        ["block_sparse_moe.experts.{}.w1", "block_sparse_moe.experts.{}.w3", "block_sparse_moe.experts.{}.w2"],
        ["mlp.experts.{}.gate_proj", "mlp.experts.{}.up_proj", "mlp.experts.{}.down_proj"],
    ],
)
def test_experts_add_up(names):
    stored = [f"model.layers.0.{name.format(expert)}.weight" for expert in range(3) for name in names]
    assert operators(load_model(MIXTURE), stored) == dict.fromkeys(
        ("experts.gate_proj", "experts.up_proj", "experts.down_proj"), 36
    )


def test_a_tensor_that_fuses_operators_is_shared_by_their_size():
    stored = ["model.layers.0.self_attn.qkv_proj.weight", "model.layers.0.mlp.gate_up_proj.weight"]
    assert operators(load_model(LLAMA), stored) == {"q_proj": 6, "k_proj": 3, "v_proj": 3, "gate_proj": 6, "up_proj": 6}


def test_an_operator_that_is_stored_in_several_tensors_has_them_all():
    stored = [f"blk.{layer}.attn_{part}.weight" for layer in range(32) for part in "qkv"]
    found = operators(models["microsoft/Phi-3-mini-4k-instruct"], stored)
    assert found == {"qkv_proj": 32 * 3 * 12}


@pytest.mark.parametrize(
    ("name", "operator"),
    {
        "token_embd.weight": "embed_tokens",
        "output_norm.weight": "norm",
        "blk.0.attn_norm.weight": "input_layernorm",
        "blk.0.ffn_norm.weight": "post_attention_layernorm",
        "blk.0.attn_output.weight": "o_proj",
        "blk.0.ffn_gate_inp.weight": "gate",
        "blk.0.ffn_gate_exps.weight": "experts.gate_proj",
        "blk.0.ffn_up_exps.weight": "experts.up_proj",
        "blk.0.ffn_down_exps.weight": "experts.down_proj",
    }.items(),
)
def test_names_of_gguf_files_are_understood(name, operator):
    assert operators(load_model(MIXTURE), [name]) == {operator: 12}


def test_gguf_files_of_old_have_a_tensor_for_each_expert():
    stored = [f"blk.0.ffn_{part}.{expert}.weight" for part in ("gate", "up", "down") for expert in range(3)]
    assert operators(load_model(MIXTURE), stored) == dict.fromkeys(
        ("experts.gate_proj", "experts.up_proj", "experts.down_proj"), 36
    )


@pytest.mark.parametrize(
    ("config", "names", "whole"),
    [
        (MIXTURE, [f"block_sparse_moe.experts.{expert}.w1" for expert in range(3)], 3 * 96 * 64),
        (MIXTURE, [f"block_sparse_moe.experts.{expert}.w1" for expert in range(2)], 0),
        (LLAMA, ["self_attn.q_proj"], 64 * 64),
        (LLAMA | {"num_hidden_layers": 2}, ["self_attn.q_proj"], 0),
    ],
)
def test_an_operator_is_stored_where_all_of_its_parameters_are(config, names, whole):
    sizes = {"w1": (96, 64), "q_proj": (64, 64)}
    shapes = {name: sizes[name.rpartition(".")[2]] for name in names}
    stored = [
        StoredTensor(f"model.layers.0.{name}.weight", "F8_E4M3", shape, prod(shape)) for name, shape in shapes.items()
    ]
    found = matched(load_model(config), stored)
    assert found.unmatched == {}
    assert sum(found.by_operator.values()) == whole
    assert found.total == sum(tensor.nbytes for tensor in stored)


def test_codes_in_integers_may_be_those_of_any_number_of_bits():
    packed = StoredTensor("model.layers.0.self_attn.q_proj.qweight", "I32", (8, 64), 4 * 8 * 64)
    assert matched(load_model(LLAMA), [packed]).by_operator == {("layers", "q_proj"): packed.nbytes}
    single = StoredTensor("model.layers.0.self_attn.q_proj.qweight", "I32", (1, 64), 4 * 64)
    assert matched(load_model(LLAMA), [single]).by_operator == {}


def test_layers_behind_the_last_one_are_those_that_predict_further_tokens():
    model = models["deepseek-ai/DeepSeek-V3"]
    names = {
        "model.layers.61.enorm.weight": ("predicting layers", "enorm"),
        "model.layers.61.eh_proj.weight": ("predicting layers", "eh_proj"),
        "model.layers.61.self_attn.o_proj.weight": ("predicting layers", "o_proj"),
        "model.layers.61.mlp.experts.7.up_proj.weight": ("predicting layers", "experts.up_proj"),
        "model.layers.61.shared_head.norm.weight": ("predicting layers", "shared_head.norm"),
    }
    found = matched(model, [StoredTensor(name, "of any size", (6,), 12) for name in names])
    assert (found.unmatched, found.by_operator) == ({}, {})
    assert found.towers["predictor"].by_operator == dict.fromkeys(names.values(), 12)


@pytest.mark.parametrize(
    ("name", "tensors_of"),
    [
        ("Qwen/Qwen3.5-27B", ["mtp.fc", "mtp.pre_fc_norm_hidden", "mtp.layers.0.self_attn.q_proj", "mtp.norm"]),
        ("XiaomiMiMo/MiMo-7B-Base", [f"model.mtp_layers.0.{part}" for part in ("input_proj", "mlp.up_proj")]),
    ],
)
def test_families_spell_the_layers_that_predict_in_their_own_ways(name, tensors_of):
    stored = [StoredTensor(f"{tensor}.weight", "of any size", (6,), 12) for tensor in tensors_of]
    found = matched(models[name], stored)
    assert (found.unmatched, found.by_operator) == ({}, {})
    assert sum(found.towers["predictor"].by_operator.values()) == 12 * len(stored)


def test_layers_of_several_blocks_are_told_apart_by_their_place():
    stored = ["model.layers.0.mlp.gate_proj.weight"]
    stored += [f"model.layers.{layer}.mlp.shared_experts.gate_proj.weight" for layer in range(1, 27)]
    stored += [f"model.layers.{layer}.mlp.experts.5.gate_proj.weight" for layer in range(1, 27)]
    assert operators(models[LATENT], stored) == {
        "gate_proj": 12,
        "shared_experts.gate_proj": 26 * 12,
        "experts.gate_proj": 26 * 12,
    }


@pytest.mark.parametrize(
    "name",
    [
        "model.layers.1.self_attn.q_proj.weight",  # the model has one layer
        "model.layers.999999999999999999999.self_attn.q_proj.weight",
        "model.layers.0.self_attn.rotary_emb.inv_freq",
        "model.layers.0.cross_attn.q_proj_of_another.weight",
        "mtp.layers.0.self_attn.q_proj.weight",
        "vision_tower.encoder.layers.0.self_attn.q_proj.weight",
        "v.blk.0.attn_q.weight",
        "model.audio_tower.layers.0.self_attn.q_proj.weight",
        "rope_freqs.weight",
        "q_proj.weight",
        "",
        ".",
        "model.layers.0",
        "model.layers.0.",
        "x." * 250 + "q_proj",
        "model.layers.\u0664.self_attn.q_proj.weight",
    ],
)
def test_what_belongs_to_no_operator_is_kept_by_its_name(name):
    found = matched(load_model(LLAMA), [StoredTensor(name, "BF16", (6,), 12)])
    assert (found.total, found.by_operator, found.unmatched) == (12, {}, {name: 12})
