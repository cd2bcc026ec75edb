"""A graph with a missing or a forward input is refused when the model is built, by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_roofline import ConfigError, RooflineError, Scenario, hardware, models, techniques
from llm_roofline.estimates.planning import planned
from llm_roofline.models.graph import refuse_broken_graph
from tests.laws.subjects import FAMILIES

LLAMA = models["meta-llama/Llama-3.1-8B"]


def with_input(operator: str, source: str):
    """Blocks of Llama in which an operator reads something else."""

    def changed(one):
        return replace(one, inputs=(source,)) if one.name == operator else one

    return [replace(block, operators=tuple(map(changed, block.operators))) for block in LLAMA.blocks]


@pytest.mark.parametrize(
    ("operator", "source", "sentence"),
    [
        (
            "up_proj",
            "post_atention_layernorm",
            r"reads 'post_atention_layernorm', which no operator makes\. Did you mean 'post_attention_layernorm'",
        ),
        ("q_proj", "down_proj", r"^llama: q_proj of block layers reads 'down_proj', which is made only after it\."),
        (
            "q_proj",
            "lm_head",
            r"which no operator makes\..* Accepted are 'hidden_states' and the operators before it: ",
        ),
    ],
)
def test_a_broken_graph_is_refused_by_name(operator, source, sentence):
    with pytest.raises(ConfigError, match=sentence):
        refuse_broken_graph("llama", with_input(operator, source))


def test_techniques_break_no_graph():
    broken = {}
    for family, model in FAMILIES.items():
        for technique in techniques:
            try:
                plan = planned(Scenario(model, hardware["h100-sxm"]).update(techniques=[technique]))
            except RooflineError:
                continue  # it does not go with the model, and says why
            for run in plan.runs:
                try:
                    refuse_broken_graph(family, run.stack.blocks)
                except ConfigError as error:
                    broken[family, technique] = str(error)
    assert broken == {}
