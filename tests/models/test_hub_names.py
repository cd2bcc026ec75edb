"""Tuned and quantised checkpoints find the model whose layers they have; models of other layers find none."""

from __future__ import annotations

import pytest

from llm_roofline import Scenario, UnknownNameError, evaluate, hardware, load_model, models
from tests.over import over

CHECKPOINTS = {
    "llama-2-7b": "meta-llama/Llama-2-7b-hf",
    "meta-llama/Llama-2-7b-chat-hf": "meta-llama/Llama-2-7b-hf",
    "TheBloke/Llama-2-7B-GPTQ": "meta-llama/Llama-2-7b-hf",
    "llama-2-7b.Q4_K_M.gguf": "meta-llama/Llama-2-7b-hf",
    "runs/llama-2-7b-finetuned-medical/checkpoint-500": "meta-llama/Llama-2-7b-hf",
    "models--meta-llama--Llama-2-7b-hf/snapshots/01c7f73d": "meta-llama/Llama-2-7b-hf",
    "neuralmagic/Meta-Llama-3.1-70B-Instruct-FP8": "meta-llama/Llama-3.1-70B",
    "NousResearch/Hermes-3-Llama-3.1-8B": "meta-llama/Llama-3.1-8B",
    "https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct": "meta-llama/Llama-3.1-8B",
    "llama3.1:8b": "meta-llama/Llama-3.1-8B",
    "llama3:70b-instruct-q4_K_M": "meta-llama/Meta-Llama-3-70B",
    "unsloth/llama-3-8b-Instruct-bnb-4bit": "meta-llama/Meta-Llama-3-8B",
    "nvidia/Llama-3.3-70B-Instruct-NVFP4": "meta-llama/Llama-3.3-70B-Instruct",
    "mixtral-8x7b": "mistralai/Mixtral-8x7B-v0.1",
    "mistralai/Mistral-7B-Instruct-v0.3": "mistralai/Mistral-7B-v0.3",
    "gemma-3-4b-it-qat-q4_0-gguf": "google/gemma-3-4b-it",
    "google/gemma-2-9b-it": "google/gemma-2-9b",
    "Qwen/Qwen2.5-7B-Instruct-AWQ": "Qwen/Qwen2.5-7B",
    "Qwen/Qwen3-30B-A3B-Instruct-2507-FP8": "Qwen/Qwen3-30B-A3B",
    "RedHatAI/Qwen2.5-72B-Instruct-quantized.w8a8": "Qwen/Qwen2.5-72B",
    "deepseek-ai/DeepSeek-R1-0528": "deepseek-ai/DeepSeek-R1",
    "ibm-granite/granite-3.0-8b-instruct": "ibm-granite/granite-3.0-8b-base",
    "gpt-2": "openai-community/gpt2",
}
OTHERS = [
    *("llama", "llama-2", "llama-3.1-9b", "mistral-7b", "mistralai/Mistral-7B-Instruct-v0.2", "DeepSeek-V3.1"),
    *("Llama-3.1-8B-Vision", "Qwen2-VL-7B", "Qwen2.5-7B-VL", "Qwen2-Audio-7B", "Sparse-Llama-3.1-8B-2of4"),
    *("Llama-3.1-8B-to-4B", "nvidia/Llama-3.1-Minitron-4B-Width-Base", "EAGLE-Llama-2-7b", "codegemma-2b"),
    *("t5-xl", "google/t5-v1_1-base", "flan-t5-base-samsum", "Qwen3-30B", "phi-3-mini-128k-instruct", "whisper-large"),
    *("meta-llama", "instruct", "FP8", "", "../../etc", "a/" * 300),
]


@over("spelling", list(CHECKPOINTS))
def test_a_checkpoint_is_read_as_the_model_that_it_is_tuned_from(spelling):
    assert load_model(spelling) is models[CHECKPOINTS[spelling]]


@over("name", models.names(), fast=models.names()[::5])
def test_every_model_is_found_behind_words_for_tuning_and_formats(name):
    bare = name.rpartition("/")[2]
    for spelling in (f"somebody/{bare}-GPTQ", f"runs/{bare}-finetuned", f"{bare}-FP8"):
        assert models.reading(spelling) == f"{spelling!r} is read as {name}."
    assert bare in models
    assert models.reading(bare) == models.reading(name) == ""


@pytest.mark.parametrize("spelling", OTHERS)
def test_a_model_of_other_layers_is_not_found(spelling):
    assert spelling not in models
    with pytest.raises(UnknownNameError, match="Unknown model"):
        models[spelling]


def test_an_estimate_says_what_names_were_taken_for_until_they_are_exact():
    s = Scenario(models["gpt2"], hardware["l4"]).update(model="TheBloke/Llama-2-7B-GPTQ", hardware="Tesla T4")
    told = (
        "'TheBloke/Llama-2-7B-GPTQ' is read as meta-llama/Llama-2-7b-hf. "
        "Its formats are those of that checkpoint, unless others are named."
    )
    assert evaluate(s).notes[:2] == (told, "'Tesla T4' is read as t4.")
    assert evaluate(s.update(batch_size=2)).notes[:2] == evaluate(s).notes[:2]
    exact = s.update(model="meta-llama/Llama-2-7b-hf", hardware="t4")
    assert exact == s
    assert not [note for note in evaluate(exact).notes if "is read as" in note]
    assert not s.update(hardware=hardware["t4"].with_(memory_bytes=32e9)).readings[1:]


def test_a_folder_of_ones_own_is_read_itself_whatever_it_is_called(tmp_path):
    folder = tmp_path / "llama-2-7b-GPTQ"
    folder.mkdir()
    config = '{"model_type": "gpt2", "n_embd": 64, "n_layer": 2, "n_head": 2, "vocab_size": 100, "n_positions": 64}'
    (folder / "config.json").write_text(config, encoding="utf-8")
    s = Scenario(models["gpt2"], hardware["l4"]).update(model=str(folder), output_tokens=2, prompt_tokens=8)
    assert s.model.family == "gpt2"
    assert s.readings == ()
