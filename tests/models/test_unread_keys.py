"""A key that nobody has read costs nothing, or is refused, or is told: beside the numbers, wherever they are shown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from llm_roofline import ConfigError, Scenario, Workload, evaluate, hardware, load_model, models
from tests.models.test_config import LLAMA

TEXT = dict(models["Qwen/Qwen3-VL-8B-Instruct"].config)


def test_no_model_of_the_catalogue_has_a_key_that_is_not_understood():
    told = {name: [note for note in models[name].notes if note.startswith("Keys")] for name in models.names()}
    assert {name: notes for name, notes in told.items() if notes} == {}


def test_a_key_that_is_not_understood_is_told_beside_the_numbers():
    fields = LLAMA | {"num_loops": 4, "recurrence_depth": 8, "rope_scaling": {"rope_type": "llama3", "spin": 3}}
    model = load_model(fields)
    note = (
        "Keys of the configuration are not understood: num_loops, recurrence_depth, rope_scaling.spin; "
        "the numbers leave them out."
    )
    assert model.notes == (note,)
    assert note in evaluate(Scenario(model, hardware["h100-sxm"], Workload(1, 8, 8))).notes
    assert replace(model, notes=()) == load_model(LLAMA)  # which stays with the model that it is of
    assert note not in evaluate(Scenario(load_model(LLAMA), hardware["h100-sxm"], Workload(1, 8, 8))).notes


def test_keys_of_a_tower_are_told_with_their_part():
    fields = TEXT | {"vision_config": TEXT["vision_config"] | {"mystery": "yes"}}
    assert "vision_config.mystery" in load_model(fields).notes[0]
    with pytest.raises(ConfigError, match=r"vision_config: 'second_hidden_size' = 64 changes the cost"):
        load_model(TEXT | {"vision_config": TEXT["vision_config"] | {"second_hidden_size": 64}})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("num_memory_heads", 4),
        ("adapter_dim", 64),
        ("skipped", [0, 1]),  # one a layer
        ("per_layer_config", {"1": {"head_dim": 16}}),
        ("audio_config", {"depth": 2}),
        ("my_tower", {"hidden_size": 64}),
    ],
)
def test_a_key_whose_name_or_value_suggests_a_cost_is_refused(key, value):
    with pytest.raises(ConfigError, match="changes the cost, and this family does not read it"):
        load_model(LLAMA | {key: value})


@pytest.mark.parametrize(
    "leftover",
    [
        {"sliding_window": 4096, "use_sliding_window": False, "max_window_layers": 28},
        {"bos_token_id": 1, "attention_dropout": 0.1, "rms_norm_eps": 1e-6, "unsloth_version": "2026.1", "_any": [1]},
        {"num_experts": 0, "num_memory_heads": None, "my_config": {}, "skipped": []},
        {"rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32}},
    ],
)
def test_what_costs_nothing_is_neither_refused_nor_told(leftover):
    model = load_model(LLAMA | leftover)
    assert model.blocks == load_model(LLAMA).blocks
    assert model.notes == ()


def test_a_note_is_short_however_many_keys_there_are():
    (note,) = load_model(LLAMA | {f"key{i}{'x' * 500}": i + 0.5 for i in range(9_000)}).notes
    assert "and 8,988 more" in note
    assert len(note) < 1_200


def test_objects_without_end_are_told_and_not_entered():
    deep: dict = {}
    for _ in range(5_000):
        deep = {"a": deep}
    assert re.search(r"not understood: deep(\.a)+;", load_model(LLAMA | {"deep": deep}).notes[0])


def test_two_names_of_one_key_must_say_the_same():
    fields = dict(models["mistralai/Mixtral-8x7B-v0.1"].config)
    assert load_model(fields | {"num_experts": 8}) == load_model(fields | {"num_experts": 8}, "mixtral")
    with pytest.raises(ConfigError, match=r"'num_experts' and 'num_local_experts' must say the same \(got 2 and 8\)"):
        load_model(fields | {"num_experts": 2})


@pytest.mark.parametrize("key", ["x" * 100_000, "a\nb", "\ud800"])
def test_a_key_without_end_or_of_no_letters_is_cut_or_quoted_wherever_it_is_named(key):
    with pytest.raises(ConfigError) as refusal:
        load_model(LLAMA | {key: {"num_experts": 8}, f"{key}_experts": 64})
    sentences = [*str(refusal.value).split("\n"), *load_model(LLAMA | {key: 3.5}).notes]
    assert len(sentences) == 3
    assert all(len(sentence) < 300 and sentence.isprintable() for sentence in sentences)
