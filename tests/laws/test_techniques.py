"""What holds for every technique, whatever the model."""

from __future__ import annotations

import json
import math

import pytest

from llm_roofline import Scenario, TechniqueError, Workload, evaluate, hardware, techniques
from llm_roofline.estimates.deltas import deltas
from llm_roofline.estimates.quantities import QUANTITIES
from llm_roofline.techniques import CATEGORIES, parameters
from llm_roofline.techniques.order import ORDER, arranged
from tests.laws.subjects import a_few_models
from tests.over import over

every_technique = over("technique", techniques)
a_technique = pytest.mark.parametrize("technique", techniques.values(), ids=techniques)
with_neutral = pytest.mark.parametrize(
    "technique", [pytest.param(t, id=name) for name, t in techniques.items() if t.neutral is not None]
)


def figures(s):
    """Every number of an estimate that a sweep gives."""
    e = evaluate(s)
    return {name: entry.of(e) for name, entry in QUANTITIES.items()}


def both(model, technique):
    """Figures of scenarios without and with a technique; none where it does not go with the model."""
    limit = model.source_limit or 2**30
    for batch, prompt, output in ((1, 128, 16), (48, 96, 9)):
        plain = Scenario(model, hardware["h100-sxm"], Workload(batch, min(prompt, limit), output))
        try:
            yield figures(plain), figures(plain.using(technique))
        except TechniqueError as error:
            assert len(str(error)) > 20  # noqa: PT017 - a reason
            return


@with_neutral
@a_few_models
def test_neutral_parameters_change_nothing_bit_for_bit(model, technique):
    for without, neutral in both(model, technique.with_(**technique.neutral)):
        assert neutral == without


@a_technique
@a_few_models
def test_what_it_never_raises_it_does_not_raise(model, technique):
    for without, with_it in both(model, technique):
        for name in technique.never_raises:
            assert with_it[name] <= without[name] * (1 + 1e-12), name
        for name, value in with_it.items():
            assert math.isfinite(value), name
            assert value >= 0, name


@every_technique
def test_it_says_what_it_is_where_it_stands_and_whence_it_comes(technique):
    assert technique.category in CATEGORIES.values()
    assert technique.acts_on in ORDER, f"acts_on is one of {', '.join(ORDER)}"
    assert technique.mechanism.endswith("."), "mechanism is a sentence and ends with a full stop"
    assert technique.mechanism.count(". ") == 0, "mechanism is one sentence"
    assert technique.citation
    assert set(technique.never_raises) <= QUANTITIES.keys(), f"never_raises has names of {', '.join(QUANTITIES)}"
    for name, reason in technique.excludes.items():
        assert name in techniques
        assert reason


@every_technique
def test_it_comes_back_from_json(technique):
    there = json.loads(json.dumps(technique.to_json()))
    plain = Scenario.from_json({"model": "gpt2", "hardware": "h100-sxm", "techniques": [there]})
    assert plain.techniques == (technique,)


@every_technique
def test_a_parameter_that_is_not_accepted_says_what_is(technique):
    for name in parameters(technique):
        with pytest.raises(TechniqueError, match=f"'{name}' of {technique.name} must be "):
            technique.with_(**{name: object()})
    with pytest.raises(TechniqueError, match=f"{technique.name} has no parameter 'colour'"):
        technique.with_(colour="red")


def test_the_order_in_which_techniques_are_named_makes_no_difference():
    chosen = tuple(t for t in techniques.values() if not t.excludes and not t.rivals)
    assert arranged(chosen) == arranged(chosen[::-1])


def test_a_technique_is_applied_once():
    twice = (techniques["flash-attention"],) * 2
    with pytest.raises(TechniqueError, match="FlashAttention is there twice"):
        arranged(twice)


def test_the_effect_of_a_technique_is_the_same_whether_it_is_on_or_would_be():
    plain = Scenario.from_json({"model": "llama-3.1-8b", "hardware": "h100-sxm", "techniques": []})
    for before in deltas(evaluate(plain)):
        if not before.reason:
            (after,) = deltas(evaluate(plain.using(before.technique)), [before.technique])
            assert (before.is_on, after.is_on) == (False, True)
            assert after[2:] == before[2:]
