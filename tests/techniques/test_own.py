"""A technique of one's own: what it acts on is one of the places in which techniques are applied."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from llm_roofline import Scenario, Technique, TechniqueError, hardware, models


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
