"""Towers: an encoder leaves what its decoder reads, and each pass of a tower reads what it stores once."""

from __future__ import annotations

from collections import Counter

import pytest

from llm_roofline import Conventions, Step, evaluate
from llm_roofline.estimates.planning import restructured
from llm_roofline.operators import Embedding
from llm_roofline.operators.cost import NAMES as COLUMNS
from llm_roofline.operators.counts import SOURCE_CONTEXT
from llm_roofline.roofline.compile import compiled
from tests.laws.subjects import EVERY, scenario
from tests.over import over

KV_WRITE = COLUMNS.index("kv_write")
TOWERS = {
    f"{name} {tower.name}": (model, tower)
    for name, model in EVERY.items()
    for tower in (model.encoder, model.vision)
    if tower
}
every_tower = over("tower_of", TOWERS)
every_encoder = over("model", {name: model for name, model in EVERY.items() if model.encoder})


def structure(model, tower, conventions=Conventions.standard):
    s = scenario(model, conventions=conventions)
    return compiled(restructured(tower, s.techniques), s.conventions)


@every_tower
def test_every_operator_of_a_tower_reads_results_that_come_before_it(tower_of):
    model, tower = tower_of
    for conventions in (Conventions.standard, Conventions.paper):
        graph = structure(model, tower, conventions)
        assert len(set(graph.names)) == len(graph.names)
        for i, inputs in enumerate(graph.inputs):
            assert all(0 <= source < i for source in inputs)


@every_tower
def test_what_a_tower_makes_is_read_or_goes_to_the_decoder(tower_of):
    model, tower = tower_of
    graph = structure(model, tower)
    read = {source for inputs in graph.inputs for source in inputs}
    unread = [i for i in range(len(graph.names)) if i not in read]
    if tower.name == "encoder":
        assert {graph.blocks[i] for i in unread} == {"cross attention"}
    else:
        last = {block: i for i, block in enumerate(graph.blocks)}
        assert unread == [last[block] for block in ("deepstack", graph.blocks[-1]) if block in last]


@every_tower
def test_a_pass_of_a_tower_reads_its_parameters_once(tower_of):
    model, tower = tower_of
    table = getattr(evaluate(scenario(model)), tower.name).operators
    tokens = scenario(model).workload.prompt_tokens if tower.name == "encoder" else tower.tokens
    expected = Counter()
    for block, operator in tower.operators():
        stored = sum(operator.parameters.values())
        if isinstance(operator, Embedding):
            stored = operator.width * float(operator.per.of(Step(1, tokens, tokens).arrays))
        expected[block.name] += block.layers * stored
    read = Counter()
    for block, moved in zip(table.block, table.traffic("weight_bytes") / 2, strict=True):
        read[block] += moved
    assert dict(read) == pytest.approx(dict(expected), rel=1e-12)


@every_encoder
def test_an_encoder_writes_into_the_cache_what_the_decoder_reads_of_the_source(model):
    s = scenario(model, 3, 100, 5)
    written = evaluate(s).encoder.operators.traffic("kv_write_bytes").sum()
    read = model.kept["kv_cache"][SOURCE_CONTEXT]
    assert written == 2 * 3 * 100 * read
