"""The metadata of a GGUF file describe the model that its config.json does."""

from __future__ import annotations

import pytest

from llm_roofline import load_model, models
from llm_roofline.models.checkpoint.gguf_config import FAMILIES, MIXTRAL
from tests.models.checkpoint.written import gguf

DESCRIBED = {
    "meta-llama/Llama-3.1-8B": "llama",
    "meta-llama/Llama-3.2-1B": "llama",
    "mistralai/Mixtral-8x7B-v0.1": "llama",
    "Qwen/Qwen2.5-7B": "qwen2",
    "Qwen/Qwen2.5-0.5B": "qwen2",
    "Qwen/Qwen3-8B": "qwen3",
    "Qwen/Qwen3-30B-A3B": "qwen3moe",
    "google/gemma-7b": "gemma",
    "google/gemma-2-9b": "gemma2",
    "google/gemma-3-1b-it": "gemma3",
}


def written(path, model, architecture):
    """A file whose metadata are a configuration's, under the names of the GGUF specification."""
    fields = {"general.architecture": architecture, f"{architecture}.rope.freq_base": 10000.0}
    for key, name in (MIXTRAL | FAMILIES[architecture].keys).items():
        if (value := model.config.get(name)) is not None:
            fields[f"{architecture}.{key}"] = value
    table = (1, [model.config["hidden_size"], model.config["vocab_size"]])
    is_tied = not model.parameters_by_kind["head"] > table[1][0] * table[1][1]
    return gguf(path, fields, {"token_embd.weight": table} | ({} if is_tied else {"output.weight": table}))


def test_every_architecture_that_is_understood_is_tried():
    assert set(DESCRIBED.values()) == set(FAMILIES)


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_gguf_file_describes_the_model_that_its_configuration_does(tmp_path, name):
    loaded = load_model(written(tmp_path / "m.gguf", models[name], DESCRIBED[name]))
    assert loaded.blocks == models[name].blocks
    assert (loaded.parameters, loaded.context_limit) == (models[name].parameters, models[name].context_limit)
