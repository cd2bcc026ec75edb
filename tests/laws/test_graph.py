"""The graph of operators: every input is resolved, results come before their readers, names stand for one row."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from llm_roofline import Conventions, Step, load_model
from llm_roofline.operators.cost import NAMES as COLUMNS
from tests.laws.subjects import FAMILIES, SHAPES, TINY, every_model, scenario, structure


def flipped(names):
    """Both conventions, and each with one switch flipped."""
    bases = (Conventions.standard, Conventions.paper)
    return [*bases, *(replace(base, **{name: not getattr(base, name)}) for base in bases for name in names)]


EVERY_SWITCH = flipped([field.name for field in fields(Conventions)])
ROWS = flipped(["fused_attention", "embedding", "rope", "final_norm", "qk_norm"])  # switches that leave rows out


def graphs(model):
    """Graphs under both conventions; of one model a family with the switches that matter, of some with every one."""
    chosen = EVERY_SWITCH if model in SHAPES.values() else ROWS if model in FAMILIES.values() else ROWS[:2]
    return [structure(scenario(model, conventions=conventions)) for conventions in chosen]


@every_model
def test_every_operator_reads_results_that_come_before_it(model):
    for graph in graphs(model):
        for i, inputs in enumerate(graph.inputs):
            assert all(0 <= source < i for source in inputs)
            assert list(inputs) == list(dict.fromkeys(inputs))


@every_model
def test_only_embeddings_read_nothing(model):
    graph = structure(scenario(model))
    roots = [kind for kind, inputs in zip(graph.kinds, graph.inputs, strict=True) if not inputs]
    assert set(roots) == {"embedding"}


@every_model
def test_every_result_but_the_logits_is_read(model):
    for graph in graphs(model):
        read = {source for inputs in graph.inputs for source in inputs}
        unread = [graph.names[i] for i in range(len(graph.names)) if i not in read]
        assert unread == [graph.names[-1]]


@every_model
def test_an_operator_reads_no_more_than_its_inputs_have_written(model):
    """A mixture over depth reads sums of layers before, which an edge to the last of them stands for."""
    graph = structure(scenario(model))
    counted = dict(zip(COLUMNS, graph.columns(Step(2, 64, 64, source_tokens=64)), strict=True))
    read = counted["activation_read"] + counted["wide_read"]
    written = counted["activation_write"] + counted["wide_write"] + counted["kv_write"]
    more = [
        graph.names[i]
        for i, inputs in enumerate(graph.inputs)
        if inputs and read[i] > written[list(inputs)].sum() and "_res" not in graph.names[i]
    ]
    assert more == []


@every_model
def test_a_result_is_alive_from_its_making_to_its_last_reader(model):
    graph = structure(scenario(model))
    for result in range(len(graph.names)):
        readers = [i for i, inputs in enumerate(graph.inputs) if result in inputs]
        alive = np.flatnonzero(graph.live[:, result])
        assert alive.tolist() == list(range(result, max([result, *readers]) + 1))


@every_model
def test_a_name_stands_for_one_row(model):
    for graph in graphs(model):
        assert len(set(graph.names)) == len(graph.names)


def test_names_that_several_blocks_share_say_their_block():
    names = structure(scenario(SHAPES["late window"])).names
    assert "q_proj (full layers)" in names
    assert "q_proj (sliding layers)" in names
    assert "lm_head" in names


@every_model
def test_layers_of_the_blocks_are_the_layers_of_the_model(model):
    config = model.config.get("text_config", model.config)
    names = ("num_decoder_layers", "decoder_layers", "num_hidden_layers", "n_layer", "n_layers", "num_layers", "layers")
    listed = len(config.get("layers_block_type", ())) or None
    layers = next((config[key] for key in names if config.get(key) is not None), listed)
    named = {block.name: block.layers for block in model.blocks}
    counted = sum(block.layers for block in model.blocks if block.is_numbered)
    assert counted == layers, f"a block of decoder layers has 'layers' in its name, and no other block has: {named}"


@pytest.mark.parametrize("first", [0, 1, 5, 9])
def test_groups_of_layers_with_and_without_a_window_split_where_the_file_says(first):
    model = load_model(TINY | {"use_sliding_window": True, "sliding_window": 48, "max_window_layers": first})
    full = min(first, 5)
    groups = {block.name: block.layers for block in model.blocks if block.is_numbered}
    assert groups == {name: n for name, n in (("full layers", full), ("sliding layers", 5 - full)) if n}
