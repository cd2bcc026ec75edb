"""A model that is loaded from its checkpoint has the bytes that are really stored, operator by operator."""

from __future__ import annotations

import json
import re

import pytest

from llm_roofline import (
    CheckpointError,
    RooflineError,
    Scenario,
    evaluate,
    hardware,
    load_model,
    models,
    quantity,
    techniques,
)
from llm_roofline.models.checkpoint.files import INDEX
from tests.checkout import REPOSITORY
from tests.models.checkpoint.written import gguf, safetensors

GOLDEN = REPOSITORY / "tests" / "golden"

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
    return weights_of(e.decode.operators)


def weights_of(table):
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


@pytest.mark.parametrize("fusion", ["fused-qkv", "fused-gate-up", "fused-activation", "fused-add-norm"])
def test_fused_products_are_read_as_they_are_stored(tmp_path, fusion):
    mixed = tensors("F8_E4M3") | {f"model.layers.{i}.self_attn.v_proj.weight": ("BF16", [32, 64]) for i in range(2)}
    plain = Scenario(load_model(folder(tmp_path, LLAMA, mixed)), hardware["h100-sxm"])
    before, after = (sum(weights_read(evaluate(s)).values()) for s in (plain, plain.using(techniques[fusion])))
    assert after == pytest.approx(before, rel=1e-12)


def test_adapters_beside_stored_weights_are_read_at_16_bit(tmp_path):
    plain = Scenario(load_model(folder(tmp_path, LLAMA, tensors("F8_E4M3"))), hardware["h100-sxm"])
    adapted = evaluate(plain.using(techniques["adapters"].with_(rank=4)))
    read, before = weights_read(adapted), weights_read(evaluate(plain))
    assert before["gate_proj"] == 2 * 96 * 64
    assert read["gate_proj"] == 2 * (96 * 64 + 2 * 4 * (96 + 64))
    told = adapted.decode.operators["gate_proj"].explain()
    assert "adapters: (640 · 1 sequences, at most 1) × 2 B = 1,280 B" in told


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
    unused = "The chosen formats are not those of the checkpoint; its stored bytes are not used."
    assert evaluate(chosen).notes[-1] == unused
    plain = Scenario(model, hardware["h100-sxm"])
    for name in ("weight-quantization", "unstructured-pruning"):
        by_technique, of_nominal = (
            evaluate(s.using(techniques[name])) for s in (plain, Scenario(load_model(LLAMA), hardware["h100-sxm"]))
        )
        assert by_technique.memory == of_nominal.memory
        assert by_technique.notes[-1] == unused


def test_a_tied_head_reads_the_table_as_it_is_stored(tmp_path):
    stored = tensors() | {"model.embed_tokens.weight": ("F8_E4M3", [100, 64])}
    del stored["lm_head.weight"]
    tied = LLAMA | {"tie_word_embeddings": True}
    read, nominal = (weights_read(estimate(m)) for m in (load_model(folder(tmp_path, tied, stored)), load_model(tied)))
    assert read["lm_head"] == nominal["lm_head"] / 2


def test_a_head_that_is_stored_though_it_is_tied_belongs_to_no_operator(tmp_path):
    model = load_model(folder(tmp_path, LLAMA | {"tie_word_embeddings": True}, tensors()))
    assert model.stored.unmatched == {"lm_head.weight": 2 * 100 * 64}


def test_an_operator_of_which_a_layer_is_not_stored_keeps_its_nominal_bytes(tmp_path):
    stored = tensors("F8_E4M3")
    del stored["model.layers.1.mlp.up_proj.weight"]
    model = load_model(folder(tmp_path, LLAMA, stored))
    assert model.stored.missing == (("layers", "up_proj"),)
    read, nominal = weights_read(estimate(model)), weights_read(estimate(load_model(LLAMA)))
    assert (read["up_proj"], read["gate_proj"]) == (nominal["up_proj"], nominal["gate_proj"] / 2)
    assert estimate(model).notes[-1].endswith("; it does not say what up_proj take, which are counted at that format.")


@pytest.mark.parametrize("total", [0, 3, 123_456, 10**15])
def test_an_index_without_its_files_is_told_and_not_counted(tmp_path, total):
    (tmp_path / "config.json").write_text(json.dumps(LLAMA))
    index = {"metadata": {"total_size": total}, "weight_map": {"a": "model-00001-of-00002.safetensors"}}
    (tmp_path / INDEX).write_text(json.dumps(index))
    model = load_model(tmp_path)
    assert model.stored.by_operator == {}
    told, nominal = estimate(model), estimate(load_model(LLAMA))
    assert told.memory == nominal.memory
    assert weights_read(told) == weights_read(nominal)
    said = quantity(total, "B") if total in (3, 123_456) else "no size that can be"
    assert f"The index says {said}, and the files that it names are not there" in told.notes[-1]
    assert "embed_tokens, input_layernorm, q_proj and 9 more operators are counted at bf16" in told.notes[-1]


def test_a_folder_with_some_files_of_its_index_counts_the_rest_at_the_stated_format(tmp_path):
    stored = tensors("F8_E4M3")
    first = {name: tensor for name, tensor in stored.items() if ".1." not in name and "lm_head" not in name}
    (tmp_path / "config.json").write_text(json.dumps(LLAMA))
    safetensors(tmp_path / "model-00001-of-00002.safetensors", first)
    places = {name: f"model-0000{1 if name in first else 2}-of-00002.safetensors" for name in stored}
    (tmp_path / INDEX).write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": places}))
    e, nominal = estimate(load_model(tmp_path)), estimate(load_model(LLAMA))
    assert e.memory.weight_bytes == nominal.memory.weight_bytes  # what is whole is stored at 16 bit
    assert weights_read(e) == weights_read(nominal)
    assert "it does not say what input_layernorm, q_proj, k_proj and 7 more operators take" in e.notes[-1]


def test_what_a_tower_stores_is_what_its_pass_reads(tmp_path):
    config = {k: v for k, v in models["openai/whisper-base"].config.items() if not k.startswith("_")}
    names = json.loads((GOLDEN / "tensors.json").read_text())["openai/whisper-base"]
    stored = {}
    for name, elements, *numbers in names:
        for layer in range(config["encoder_layers"]) if numbers else [0]:
            stored[name.replace("*", str(layer))] = ("F32", [elements])
    model = load_model(folder(tmp_path, config, stored))
    assert model.stored.missing == model.encoder.stored.missing == ()
    assert model.stored.total == sum(4 * elements for _, (elements,) in stored.values())
    table, width = estimate(model).encoder.operators, config["d_model"]
    assert weights_of(table)["conv1"] == 4 * width * (80 * 3 + 1)  # weight and bias
    assert weights_of(table)["encoder_attn.k_proj"] == 4 * width**2 * config["decoder_layers"]


GGUF = {
    "general.architecture": "llama",
    "general.alignment": 32,
    "llama.embedding_length": 64,
    "llama.block_count": 2,
    "llama.feed_forward_length": 96,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "llama.context_length": 4096,
    "llama.rope.dimension_count": 16,
}


def test_a_gguf_file_is_a_model_of_its_own(tmp_path):
    stored = {"token_embd.weight": (8, [64, 100]), "output.weight": (30, [64, 100])}
    stored |= {f"blk.{layer}.attn_q.weight": (8, [64, 64]) for layer in range(2)}
    path = gguf(tmp_path / "tiny.gguf", GGUF, stored)
    for source in (path, tmp_path):
        model = load_model(source)
        assert (model.name, model.context_limit) == ("tiny", 4096)
        assert model.blocks == load_model(LLAMA).blocks
        assert model.stored.by_operator == {
            ("embedding", "embed_tokens"): 200 * 34,
            ("layers", "q_proj"): 2 * 128 * 34,
            ("head", "lm_head"): 2 * 6400,
        }


def test_a_gguf_file_without_a_head_is_tied_and_one_with_experts_is_a_mixture(tmp_path):
    table = {"token_embd.weight": (8, [64, 100])}
    tied = load_model(gguf(tmp_path / "tied.gguf", GGUF, table))
    assert tied.blocks == load_model(LLAMA | {"tie_word_embeddings": True}).blocks
    experts = {"llama.expert_count": 3, "llama.expert_used_count": 2}
    mixture = load_model(gguf(tmp_path / "m.gguf", GGUF | experts, table | {"output.weight": (8, [64, 100])}))
    assert mixture.blocks == load_model(MIXTURE).blocks


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"general.type": "adapter"}, "a GGUF file of the type 'adapter' is not the whole model; give one of the type"),
        ({"general.architecture": "magic"}, "the architecture 'magic' of a GGUF file is not understood (llama,"),
        ({"llama.attention.sliding_window": 512}, "llama.attention.sliding_window = 512 may change the cost"),
        ({"llama.attention.head_count_kv": [2, 1]}, "head_count_kv = one value for each layer may change the cost"),
    ],
)
def test_a_gguf_file_that_is_not_understood_needs_a_configuration_beside_it(tmp_path, fields, message):
    path = gguf(tmp_path / "tiny.gguf", GGUF | fields, {"token_embd.weight": (8, [64, 100])})
    with pytest.raises(CheckpointError, match=re.escape(message)):
        load_model(path)
    (tmp_path / "config.json").write_text(json.dumps(LLAMA))
    for source in (path, tmp_path):
        assert load_model(source).stored.by_operator == {("embedding", "embed_tokens"): 200 * 34}


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
