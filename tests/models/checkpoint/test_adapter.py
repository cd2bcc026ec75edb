"""A folder with an adapter is its model and the adapter, both at what they take."""

from __future__ import annotations

import json
import re

import pytest

from llm_roofline import ConfigError, RooflineError, Scenario, evaluate, hardware, load_model, models
from tests.models.checkpoint.test_stored_bytes import LLAMA, estimate, folder, tensors, weights_read
from tests.models.checkpoint.written import safetensors

RANK = 4
ADAPTER = {"peft_type": "LORA", "r": RANK, "target_modules": ["q_proj", "down_proj"], "base_model_name_or_path": "a/b"}
SHAPES = {"self_attn.q_proj": (64, 64), "mlp.down_proj": (64, 96)}  # out, in
ELEMENTS = 2 * RANK * (64 + 64 + 64 + 96)


def thin(layers=range(2)):
    """Tensors of the adapter, under the names that PEFT gives them."""
    found = {}
    for layer in layers:
        for name, (out, into) in SHAPES.items():
            place = f"base_model.model.model.layers.{layer}.{name}"
            found[f"{place}.lora_A.weight"] = ("F32", [RANK, into])
            found[f"{place}.lora_B.weight"] = ("F32", [out, RANK])
    return found


def adapted(path, adapter=ADAPTER, config=LLAMA, stored=None):
    (path / "config.json").write_text(json.dumps(config))
    (path / "adapter_config.json").write_text(json.dumps(adapter))
    safetensors(path / "adapter_model.safetensors", thin() if stored is None else stored)
    return path


def test_a_folder_of_an_adapter_is_its_model_and_the_adapter(tmp_path):
    e, base = estimate(load_model(adapted(tmp_path))), estimate(load_model(LLAMA))
    assert e.memory.weight_bytes == base.memory.weight_bytes + 4 * ELEMENTS
    assert sum(weights_read(e).values()) == sum(weights_read(base).values()) + 4 * ELEMENTS
    assert e.decode.flops == base.decode.flops + 2 * ELEMENTS
    assert "An adapter of rank 4 lies beside q_proj, down_proj, unmerged." in e.notes
    assert "does not say what embed_tokens, input_layernorm, q_proj and 9 more operators take" in e.notes[-1]


def test_an_adapter_beside_a_whole_checkpoint_takes_what_both_store(tmp_path):
    model = load_model(folder(adapted(tmp_path), LLAMA, tensors("F8_E4M3")))
    assert model.stored.missing == ()
    assert estimate(model).memory.weight_bytes == model.stored.total


def test_an_adapter_of_which_no_file_is_read_counts_at_16_bit(tmp_path):
    adapted(tmp_path)
    (tmp_path / "adapter_model.safetensors").unlink()
    base = estimate(load_model(LLAMA)).memory.weight_bytes
    assert estimate(load_model(tmp_path)).memory.weight_bytes == base + 2 * ELEMENTS


def test_an_adapter_alone_lies_beside_the_model_of_the_catalogue_that_it_names(tmp_path):
    base = "HuggingFaceTB/SmolLM2-135M"
    (tmp_path / "adapter_config.json").write_text(json.dumps(ADAPTER | {"base_model_name_or_path": base}))
    assert load_model(tmp_path).parameters > models[base].parameters
    (tmp_path / "adapter_config.json").write_text(json.dumps(ADAPTER))
    with pytest.raises(ConfigError, match="this folder is an adapter of 'a/b', and holds no config"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"peft_type": "IA3"}, "this folder is an adapter of the kind 'IA3'; 'LORA' is understood"),
        ({"target_modules": ".*proj"}, "must be a list of names or 'all-linear' (got '.*proj')"),
        ({"target_modules": ["nothing"]}, "must name modules of the model (got ['nothing'])"),
        ({"use_dora": True}, "'use_dora' = True of a LoRA adapter is not understood"),
        ({"rank_pattern": {"q_proj": 2}}, "'rank_pattern'"),
        ({"r": -1}, "'r' must be a whole number from 1"),
    ],
)
def test_an_adapter_that_is_not_understood_says_so(tmp_path, changes, message):
    with pytest.raises(ConfigError, match="adapter_config.json: .*" + re.escape(message)):
        load_model(adapted(tmp_path, ADAPTER | changes))


def test_all_linear_is_every_projection_and_a_head_is_one_where_it_is_named(tmp_path):
    every = load_model(adapted(tmp_path, ADAPTER | {"target_modules": "all-linear"}, stored={}))
    per_layer = 2 * (64 + 64) + 2 * (64 + 32) + 3 * (64 + 96)
    assert every.parameters - load_model(LLAMA).parameters == 2 * RANK * per_layer
    head = load_model(adapted(tmp_path, ADAPTER | {"target_modules": ["lm_head"]}, stored={}))
    assert head.parameters - load_model(LLAMA).parameters == RANK * (64 + 100)


def test_a_scenario_of_an_adapter_goes_to_json_and_back(tmp_path):
    s = Scenario(load_model(adapted(tmp_path)), hardware["h100-sxm"])
    back = Scenario.from_json(json.dumps(s.to_json()))
    assert back == s
    assert evaluate(back).memory == evaluate(s).memory


@pytest.mark.parametrize("technique", ["tensor-parallel", "fused-qkv", "adapters", "weight-quantization", "low-rank"])
def test_techniques_run_over_a_model_with_an_adapter(tmp_path, technique):
    s = Scenario(load_model(adapted(tmp_path)), hardware["h100-sxm"])
    try:
        e = evaluate(s.update(techniques=[technique]))
    except RooflineError as error:
        pytest.fail(str(error))
    assert e.tpot > 0
