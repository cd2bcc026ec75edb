"""What Transformers makes of a key that is absent, and how it writes a configuration (see ``tests/referee/keys.py``).

A key that is absent is what its class takes, or the model is refused: never another value. A configuration that it has
written is the same model.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

from llm_roofline import RooflineError, load_model, models
from llm_roofline.models.keys import is_harmless
from tests.laws.subjects import FEW
from tests.over import over

TOLD = json.loads((Path(__file__).parents[1] / "referee" / "keys.json").read_text(encoding="utf-8"))
WITHOUT_A_CLASS = {  # in Transformers
    *("baichuan", "chatglm", "decoder", "deepseek", "dit", "grok-1", "internlm", "internlm2", "kimi_k2", "kimi_k3"),
    *("mimo", "minimax_m3", "nemotron-nas", "step3p7"),
}
LIMITS = {"max_position_embeddings", "max_seq_len", "n_positions"}  # where one is absent there is none
TIED = {"t5"}  # its class ties the head of every model, those that say otherwise as well
TIES = {"mistral3": "tie_word_embeddings"}  # its class ties; files that do not say so are published with a head, too
every_type = over("told", TOLD, FEW)


def test_every_type_of_the_catalogue_is_asked_for():
    """`make referee` asks for one that is new."""
    assert {models[name].family for name in models.names()} - WITHOUT_A_CLASS <= TOLD.keys()


def loaded(fields):
    """A model as Transformers builds it, or None where it is refused."""
    try:
        return as_built(load_model(fields, "model"))
    except RooflineError:
        return None


def as_built(model):
    """A model without its notes, and without the layers that predict further tokens, which no class builds."""
    return replace(model, notes=(), predictor=None)


def parameters(model):
    """Parameters of the text, and of the tower."""
    return [model.parameters, model.vision.parameters if model.vision else 0]


def without(config, part, key):
    fields = deepcopy(config)
    (fields[part] if part else fields).pop(key, None)
    return fields


def with_(config, part, key, value):
    fields = deepcopy(config)
    (fields[part] if part else fields)[key] = value
    return fields


@every_type
def test_a_key_that_is_absent_is_what_its_class_takes(told):
    config = told["config"]
    whole = loaded(config)
    assert parameters(whole) == told["parameters"]
    wrong = {}
    for path, said in told["absent"].items():
        part, _, key = path.rpartition(".")
        if (
            is_harmless(key)
            or key in LIMITS
            or path == TIES.get(config["model_type"])
            or said.get("parameters", ...) is None
        ):
            continue
        stated = (config[part] if part else config).get(key, ...)
        ours = whole if stated is ... else loaded(without(config, part, key))
        if ours is None:  # it is refused
            continue
        if parameters(ours) != said.get("parameters", told["parameters"]):
            wrong[path] = parameters(ours)
        elif (value := said.get("value")) is not None:
            named = whole if value == stated else loaded(with_(config, part, key, value))
            if named not in (None, ours):
                wrong[path] = value
    assert wrong == {}


@every_type
def test_a_configuration_that_transformers_has_written_is_the_same_model(told):
    model = load_model(told["config"] | told["saved"], "model")
    assert all("tower" in note or "predict further tokens" in note for note in model.notes)
    if told["config"]["model_type"] not in TIED:
        assert as_built(model) == loaded(told["config"])
