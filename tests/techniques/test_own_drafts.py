"""A draft of one's own guesses for a model: given as a model, as its data, or on the command line as a path."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from llm_roofline import (
    Decoder,
    RooflineError,
    Scenario,
    TechniqueError,
    Workload,
    evaluate,
    hardware,
    load_model,
    models,
    techniques,
)
from llm_roofline.cli.technique import technique_of
from llm_roofline.operators import Head

H200 = hardware["h200-sxm"]
SPECULATIVE = techniques["speculative-decoding"]
EIGHT = models["meta-llama/Llama-3.1-8B"]
LAYER = {
    "model_type": "llama",
    "hidden_size": 4096,
    "num_hidden_layers": 1,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 14336,
    "vocab_size": 128256,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": False,
}
DRAFTS = {
    "EAGLE": LAYER | {"architectures": ["EagleLlamaForCausalLM"]},
    "EAGLE-3": LAYER | {"architectures": ["LlamaForCausalLMEagle3"], "draft_vocab_size": 32000},
    "DFlash": LAYER | {"architectures": ["DFlashDraftModel"], "num_hidden_layers": 5, "block_size": 16},
    "Medusa": {"medusa_num_heads": 5, "hidden_size": 4096, "vocab_size": 128256},
    "MTP": LAYER | {"architectures": ["LlamaMTPModel"], "num_nextn_predict_layers": 1},
    "": LAYER | {"num_hidden_layers": 2, "hidden_size": 512, "num_attention_heads": 8, "intermediate_size": 2048},
}
SCENARIO = Scenario(EIGHT, H200, Workload(2, 1000, 100))


def draft(kind):
    return load_model(DRAFTS[kind], f"mine/{kind or 'small'}")


@pytest.mark.parametrize("kind", DRAFTS)
def test_a_draft_of_ones_own_guesses(kind):
    own = draft(kind)
    assert own.draft == kind
    e, plain = evaluate(SCENARIO.using(SPECULATIVE.with_(draft=own))), evaluate(SCENARIO)
    assert e.plan.drafter is own
    assert f"Drafts by {own.name}." in e.notes
    assert e.memory.weight_bytes == pytest.approx(plain.memory.weight_bytes + 2 * own.parameters, rel=1e-9)
    assert e.iteration_time > e.decode.time > 0 < e.draft.flops


def test_a_draft_that_guesses_all_at_once_runs_once():
    passes = {kind: evaluate(SCENARIO.using(SPECULATIVE.with_(draft=draft(kind)))) for kind in DRAFTS}
    tokens = {kind: e.plan.schedule.draft_tokens for kind, e in passes.items()}
    assert tokens["DFlash"] == (5,)
    assert tokens["Medusa"] == (1,)
    assert {tokens[kind] for kind in ("EAGLE", "EAGLE-3", "MTP", "")} == {(1, 1, 1, 1)}
    heads = passes["Medusa"].draft.operators
    rows = [op for _, op in draft("Medusa").operators() if isinstance(op, Head)]
    one = 2 * 2 * 4096 * (4096 + 128256)  # of two requests, a layer and the rows of a head
    assert sum(heads.flops) == pytest.approx(len(rows) * one, rel=1e-3)


@pytest.mark.parametrize("kind", DRAFTS)
def test_a_scenario_keeps_its_draft_by_its_configuration(kind):
    scenario = SCENARIO.using(SPECULATIVE.with_(draft=draft(kind)))
    again = Scenario.from_json(json.dumps(scenario.to_json()))
    assert again == scenario
    assert evaluate(again).tpot == evaluate(scenario).tpot


def test_a_draft_with_a_checkpoint_keeps_its_stored_bytes(tmp_path):
    header = json.dumps({"fc.weight": {"dtype": "BF16", "shape": [4096, 3 * 4096], "data_offsets": [0, 100663296]}})
    (tmp_path / "config.json").write_text(json.dumps(DRAFTS["EAGLE-3"]), encoding="utf-8")
    with (tmp_path / "model.safetensors").open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header.encode())
        file.truncate(8 + len(header) + 100663296)
    own = load_model(tmp_path)
    assert own.stored.by_operator[("fusion", "fc")] == 100663296
    scenario = SCENARIO.using(SPECULATIVE.with_(draft=own))
    assert Scenario.from_json(scenario.to_json()) == scenario


def test_a_draft_of_the_catalogue_is_kept_by_its_name():
    small = models["meta-llama/Llama-3.2-1B"]
    assert SPECULATIVE.with_(draft=small) == SPECULATIVE.with_(draft=small.name)
    assert SPECULATIVE.with_(draft=small).to_json()["draft"] == small.name


def test_the_command_line_takes_a_folder_and_names_the_draft(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(DRAFTS["EAGLE-3"]), encoding="utf-8")
    technique = technique_of(f"speculative-decoding:draft={tmp_path},guesses=3")
    assert (technique.draft.draft, technique.guesses) == ("EAGLE-3", 3)
    assert technique.written == f"speculative-decoding:draft={tmp_path.name},guesses=3"
    assert technique_of("speculative-decoding:draft=mtp").draft == "mtp"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"draft": DRAFTS["EAGLE-3"] | {"vocab_size": 32000}},
            "mine has 32,000 tokens, meta-llama/Llama-3.1-8B has 12",
        ),
        (
            {"draft": DRAFTS["EAGLE-3"] | {"hidden_size": 2048, "num_attention_heads": 16}},
            "of the kind EAGLE-3, which reads the features of the model: it expects 2,048 elements of each, meta-",
        ),
        ({"draft": DRAFTS["Medusa"], "guesses": 6}, "mine has 5, so that 'guesses' is from 1 to 5 (got 6)"),
    ],
)
def test_a_draft_that_does_not_fit_the_model_says_why(changes, message):
    own = load_model(changes.pop("draft"), "mine")
    with pytest.raises(TechniqueError, match=re.escape(message)):
        evaluate(SCENARIO.using(SPECULATIVE.with_(draft=own, **changes)))


@pytest.mark.parametrize(
    "value", ["", "./folder", "mine/EAGLE-3", 3, None, [], {}, {"name": "x"}, {"name": "x", "config": {}}]
)
def test_what_is_no_model_is_refused_and_no_file_is_opened(value, monkeypatch):
    monkeypatch.setattr(Path, "open", None)
    with pytest.raises(
        RooflineError, match=r"must be 'auto', 'mtp', a name of models|a model must be a name|'model_type'"
    ):
        SPECULATIVE.with_(draft=value)


def test_a_model_written_down_by_hand_guesses():
    own = Decoder(hidden_size=512, layers=2, heads=8, ffn_size=2048, vocabulary=128256)
    scenario = SCENARIO.using(SPECULATIVE.with_(draft=own))
    assert Scenario.from_json(scenario.to_json()) == scenario
