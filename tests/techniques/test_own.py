"""A technique of one's own: what it acts on is one of the places in which techniques are applied."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from llm_roofline import Scenario, Technique, TechniqueError, hardware, models
from llm_roofline.techniques.discovery import discovered
from llm_roofline.techniques.system import flash_attention


@dataclass(frozen=True)
class Misplaced(Technique):
    name = "misplaced"
    label = "misplaced"
    acts_on = "atention"


def test_an_unknown_place_is_refused_with_the_nearest():
    scenario = Scenario(models["llama-3.1-8b"], hardware["h100-sxm"])
    with pytest.raises(
        TechniqueError, match=r"'acts_on' of misplaced must be one of model, .* Did you mean 'attention'"
    ):
        scenario.using(Misplaced())


@pytest.fixture
def found():
    """What is found in the folders, looked for anew."""
    discovered.cache_clear()
    yield discovered
    discovered.cache_clear()


def test_a_technique_that_does_not_say_what_it_is_is_refused(found, monkeypatch):
    monkeypatch.delattr(flash_attention.FlashAttention, "label")
    monkeypatch.delattr(flash_attention.FlashAttention, "citation")
    with pytest.raises(TechniqueError, match=r"flash_attention: FlashAttention lacks label, citation\. A technique st"):
        found()


def test_a_name_is_that_of_one_technique(found, monkeypatch):
    monkeypatch.setattr(flash_attention.FlashAttention, "name", "fused-qkv")
    with pytest.raises(TechniqueError, match=r"'fused-qkv' is the name of .* as well\."):
        found()
