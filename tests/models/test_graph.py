"""A graph with a missing or a forward input is refused when the model is built, by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_roofline import ConfigError, RooflineError, Scenario, hardware, models, techniques
from llm_roofline.estimates.planning import planned
from llm_roofline.models import Block
from llm_roofline.models.graph import refuse_broken_graph
from llm_roofline.operators import HIDDEN, Linear
from tests.laws.subjects import COVER, FAMILIES
from tests.over import over

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
            r"reads 'post_atention_layernorm', which no operator before it makes\. Did you mean 'post_attention_l",
        ),
        ("q_proj", "down_proj", r"^llama: q_proj of block layers reads 'down_proj', which is made only after it\."),
        (
            "q_proj",
            "lm_head",
            r"which no operator before it makes\..* Accepted are hidden_states, input_layernorm, and operators of",
        ),
    ],
)
def test_a_broken_graph_is_refused_by_name(operator, source, sentence):
    with pytest.raises(ConfigError, match=sentence):
        refuse_broken_graph("llama", with_input(operator, source))


@pytest.mark.parametrize(
    "families", [COVER, pytest.param(sorted(FAMILIES), marks=pytest.mark.slow)], ids=["some", "all"]
)
@over("technique", techniques)
def test_techniques_break_no_graph(technique, families):
    broken = {}
    for family in families:
        try:
            plan = planned(Scenario(FAMILIES[family], hardware["h100-sxm"]).using(technique))
        except RooflineError:
            continue  # it does not go with the model, and says why
        for run in plan.runs:
            try:
                refuse_broken_graph(family, run.stack.blocks)
            except ConfigError as error:
                broken[family] = str(error)
    assert broken == {}


def linear(name, *inputs):
    return Linear(name, inputs, 8, 8, "mlp")


def test_a_name_of_a_block_is_not_that_of_an_earlier_block():
    """Layers of several groups have operators of one name; what runs is the block's own, here after its reader."""
    dense = Block("dense layers", 1, (linear("up", HIDDEN), linear("down", "up")))
    turned = Block("layers", 1, (linear("down", "up"), linear("up", HIDDEN)))
    with pytest.raises(ConfigError, match=r"down of block layers reads 'up', which is made only after it"):
        refuse_broken_graph("made up", (LLAMA.blocks[0], dense, turned))


def test_the_first_block_has_no_hidden_states_to_read():
    with pytest.raises(ConfigError, match=r"reads 'hidden_states', .* It is the first operator, which reads nothing"):
        refuse_broken_graph("made up", (Block("embedding", 1, (linear("up", HIDDEN),)),))


@pytest.mark.parametrize(
    "other", ["structured-pruning", "contextual-sparsity", "early-exit", "kv-compression", "tensor-parallel"]
)
def test_attention_in_three_passes_reads_projections_that_were_fused(other):
    """What was divided or left out before fell into passes that read projections of which there is only one by now."""
    chosen = techniques[other], techniques["fused-qkv"]
    graph = planned(Scenario(LLAMA, hardware["h100-sxm"], techniques=chosen)).decode.rates.structure
    read = {graph.names[i]: [graph.names[j] for j in inputs] for i, inputs in enumerate(graph.inputs)}
    readers = [name for name in read if name.split(" ")[0] == "attention"]
    assert readers
    assert all(any("qkv_proj" in source for source in read[name]) for name in readers)
