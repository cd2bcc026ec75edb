"""A model that is loaded from its checkpoint has the bytes that are really stored, operator by operator."""

from __future__ import annotations

import json

import pytest

from llm_roofline import RooflineError, Scenario, evaluate, hardware, load_model, models
from llm_roofline.checkpoint import StoredTensor, matched
from tests.checkpoint.written import gguf, safetensors

LLAMA = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 96,
    "vocab_size": 100,
}
MIXTURE = LLAMA | {"model_type": "mixtral", "num_local_experts": 3, "num_experts_per_tok": 2}
LINEAR = {
    "self_attn.q_proj": [64, 64],
    "self_attn.k_proj": [32, 64],
    "self_attn.v_proj": [32, 64],
    "self_attn.o_proj": [64, 64],
    "mlp.gate_proj": [96, 64],
    "mlp.up_proj": [96, 64],
    "mlp.down_proj": [64, 96],
}


def tensors(dtype="BF16"):
    """Tensors of a small Llama under the names of its checkpoints."""
    found = {"model.embed_tokens.weight": ("BF16", [100, 64]), "lm_head.weight": ("BF16", [100, 64])}
    for layer in range(2):
        found |= {f"model.layers.{layer}.{name}.weight": (dtype, shape) for name, shape in LINEAR.items()}
        for norm in ("input_layernorm", "post_attention_layernorm"):
            found[f"model.layers.{layer}.{norm}.weight"] = ("BF16", [64])
    return found | {"model.norm.weight": ("BF16", [64])}


def folder(path, config, stored):
    (path / "config.json").write_text(json.dumps(config))
    safetensors(path / "model.safetensors", stored)
    return path


def estimate(model):
    return evaluate(Scenario(model, hardware["h100-sxm"]))


def weights_read(e):
    table = e.decode.operators
    return dict(zip(table.name, table.traffic("weight_bytes"), strict=True))


def test_a_checkpoint_at_16_bit_stores_what_its_parameters_take(tmp_path):
    model = load_model(folder(tmp_path, LLAMA, tensors()))
    assert model.stored.total == 2 * model.parameters
    assert model.stored.unmatched == {}
    stored, nominal = estimate(model), estimate(load_model(LLAMA))
    assert (stored.decode.bytes, stored.memory) == (nominal.decode.bytes, nominal.memory)
    assert stored.notes[-1] == "The checkpoint stores exactly what its parameters take at bf16 (149 kB)."


def test_stored_bytes_are_what_a_step_reads(tmp_path):
    model = load_model(folder(tmp_path, LLAMA, tensors("F8_E4M3")))
    halves, whole = estimate(model), estimate(load_model(LLAMA))
    read, nominal = weights_read(halves), weights_read(whole)
    for name in nominal:
        assert read[name] == nominal[name] / (2 if name.endswith("_proj") else 1)
    assert halves.memory.weight_bytes == model.stored.total
    assert "less than what its parameters take at bf16" in halves.notes[-1]


def test_scales_and_zero_points_belong_to_their_operator(tmp_path):
    stored = tensors() | {
        "model.layers.0.self_attn.q_proj.weight_scale_inv": ("F32", [1, 1]),
        "model.layers.1.self_attn.q_proj.qzeros": ("I32", [2]),
        "model.rotary.inv_freq": ("F32", [8]),
    }
    model = load_model(folder(tmp_path, LLAMA, stored))
    assert model.stored.by_operator["layers", "q_proj"] == 2 * 2 * 64 * 64 + 4 + 8
    assert model.stored.unmatched == {"model.rotary.inv_freq": 32}
    assert "32.0 B of it belong to no operator" in estimate(model).notes[-1]


def test_formats_that_are_chosen_take_the_place_of_stored_bytes(tmp_path):
    model = load_model(folder(tmp_path, LLAMA, tensors("F8_E4M3")))
    chosen = Scenario(model, hardware["h100-sxm"]).update(weights="int4")
    nominal = Scenario(load_model(LLAMA), hardware["h100-sxm"]).update(weights="int4")
    assert evaluate(chosen).decode.bytes == evaluate(nominal).decode.bytes
    assert evaluate(chosen).notes[-1] == (
        "The chosen formats are not those of the checkpoint; its stored bytes are not used."
    )


@pytest.mark.parametrize(
    "names",
    [
        ["block_sparse_moe.experts.{e}.w1", "block_sparse_moe.experts.{e}.w3", "block_sparse_moe.experts.{e}.w2"],
        ["mlp.experts.{e}.gate_proj", "mlp.experts.{e}.up_proj", "mlp.experts.{e}.down_proj"],
    ],
)
def test_experts_are_found_under_their_spellings(names):
    model = load_model(MIXTURE)
    stored = [
        StoredTensor(f"model.layers.{layer}.{name.format(e=e)}.weight", "BF16", (96, 64), 2 * 96 * 64)
        for layer in range(2)
        for e in range(3)
        for name in names
    ]
    found = matched(model, stored)
    assert found.unmatched == {}
    assert {name for _, name in found.by_operator} == {f"experts.{p}_proj" for p in ("gate", "up", "down")}
    assert set(found.by_operator.values()) == {2 * 3 * 2 * 96 * 64}


def test_a_tensor_that_fuses_operators_is_shared_by_their_size():
    found = matched(
        load_model(LLAMA), [StoredTensor("model.layers.0.self_attn.qkv_proj.weight", "BF16", (128, 64), 16384)]
    )
    assert found.by_operator == {("layers", "q_proj"): 8192, ("layers", "k_proj"): 4096, ("layers", "v_proj"): 4096}


def test_layers_of_several_blocks_are_told_apart_by_their_place():
    model = models["deepseek-ai/DeepSeek-V2-Lite"]
    names = ["model.layers.0.mlp.gate_proj.weight", "model.layers.5.mlp.shared_experts.gate_proj.weight"]
    found = matched(model, [StoredTensor(name, "BF16", (1,), 10) for name in names])
    assert found.unmatched == {}
    assert len({block for block, _ in found.by_operator}) == 2


def test_a_gguf_file_is_a_model_of_its_own(tmp_path):
    fields = {
        "general.architecture": "llama",
        "llama.embedding_length": 64,
        "llama.block_count": 2,
        "llama.feed_forward_length": 96,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": 2,
        "llama.context_length": 4096,
    }
    path = gguf(
        tmp_path / "tiny.gguf", fields, {"token_embd.weight": (8, [64, 100]), "blk.1.attn_q.weight": (8, [64, 64])}
    )
    model = load_model(path)
    assert (model.name, model.context_limit) == ("tiny", 4096)
    assert model.stored.by_operator == {("embedding", "embed_tokens"): 200 * 34, ("layers", "q_proj"): 128 * 34}


def test_a_scenario_keeps_the_stored_bytes(tmp_path):
    s = Scenario(load_model(folder(tmp_path, LLAMA, tensors("F8_E4M3"))), hardware["h100-sxm"])
    back = Scenario.from_json(json.dumps(s.to_json()))
    assert back == s
    assert evaluate(back).decode.bytes == evaluate(s).decode.bytes


@pytest.mark.parametrize("stored", [{}, {"total": 1}, {"total": -1, "by_operator": [], "unmatched": {}}, "x"])
def test_stored_bytes_of_a_stranger_are_numbers_or_refused(stored):
    data = Scenario(load_model(LLAMA, "mine"), hardware["h100-sxm"]).to_json()
    data["model"]["stored"] = stored
    with pytest.raises(RooflineError, match="'stored' bytes"):
        Scenario.from_json(data)
