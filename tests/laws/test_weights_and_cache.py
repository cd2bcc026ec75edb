"""Totals of a column mean something: weights are the parameters, KV writes are the growth of the cache."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from llm_roofline import Step, evaluate, evaluate_step
from llm_roofline.operators import Compressor, Embedding, ExpertLinear, Head
from llm_roofline.operators.counts import Context
from llm_roofline.operators.counts.values import values_of
from llm_roofline.serving.passes import first_context
from tests.laws.subjects import EVERY, every_decoder, every_model, scenario

STATES = ("state", "wide_state")
BF16 = 2  # byte
TABLE = Path(__file__).parents[1] / "golden" / "kv_bytes_per_token.csv"
PUBLISHED = {row["model"]: row["bytes"] for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()[1:])}
UNPUBLISHED = {"deepseek-ai/DeepSeek-V4-Flash", "deepseek-ai/DeepSeek-V4-Pro"}  # the cache is compressed by layers


def kept(model, kind, step):
    """Elements that one sequence keeps after a step."""
    terms = model.kept.get(kind, {})
    return sum(
        elements * float(value)
        for elements, value in zip(terms.values(), values_of(step.arrays, [*terms]), strict=True)
    )


def waiting(model):
    """Elements of a sequence that wait in buffers: a step writes and reads its own rows of them as activations."""
    rows = [(block.layers, op) for block, op in model.operators() if isinstance(op, Compressor)]
    return sum(layers * elements for layers, op in rows for elements in op.kept["wide_state"].values())


def read_of(operator):
    """Elements of its parameters that a step of one token reads."""
    stored = sum(operator.parameters.values())
    match operator:
        case Embedding():
            return operator.width
        case Head():
            return operator.width * operator.vocabulary + operator.vocabulary * operator.bias
        case ExpertLinear():
            return stored * operator.chosen / operator.experts
    return stored


@every_model
def test_stored_weights_take_two_bytes_a_parameter_at_16_bit(model):
    stored = model.parameters + (model.vision.parameters if model.vision else 0)
    assert evaluate(scenario(model)).memory.weight_bytes == BF16 * stored


@every_decoder
def test_a_decode_step_reads_every_parameter_once_but_for_embeddings_and_experts_that_are_not_chosen(model):
    table = evaluate_step(scenario(model), Step(1, 1, 10)).operators
    expected, read = Counter(), Counter()
    for block, operator in model.operators():
        expected[block.name] += block.layers * read_of(operator)
    for block, moved in zip(table.block, table.traffic("weight_bytes") / BF16, strict=True):
        read[block] += moved
    assert dict(read) == pytest.approx(dict(expected), rel=1e-12)


@every_model
def test_weights_are_read_once_a_step_however_many_tokens(model):
    one, many = (evaluate_step(scenario(model), step).operators for step in (Step(1, 1, 1), Step(64, 32, 32)))
    rows = [i for i, kind in enumerate(one.kind) if kind not in {"embedding", "experts"}]
    assert (one.traffic("weight_bytes")[rows] == many.traffic("weight_bytes")[rows]).all()


@every_model
def test_no_more_experts_are_hit_than_there_are(model):
    experts = {op.name: op for _, op in model.operators() if isinstance(op, ExpertLinear)}
    table = evaluate_step(scenario(model), Step(10**6, 1, 10)).operators
    for row in table:
        if row.name in experts:
            stored = BF16 * sum(experts[row.name].parameters.values())
            assert table.traffic("weight_bytes")[table.name.index(row.name)] == pytest.approx(
                row.count * stored, rel=1e-9
            )


@every_model
def test_the_cache_keeps_of_a_token_what_its_publication_says(model):
    if model.name in PUBLISHED and model.name not in UNPUBLISHED:
        kept = model.kept.get("kv_cache", {})
        limit = model.context_limit or float("inf")
        whole = sum(n for f, n in kept.items() if isinstance(f, Context) and (f.window is None or f.window > limit))
        assert BF16 * whole == int(PUBLISHED[model.name])


def test_every_model_of_the_catalogue_has_a_published_size_of_its_cache():
    assert {name for name, size in PUBLISHED.items() if not size} == UNPUBLISHED
    lacking = sorted({name for name in EVERY if "/" in name} - PUBLISHED.keys())
    assert not lacking, (
        f"tests/golden/{TABLE.name} needs a line for {', '.join(lacking)}: its name, a comma, and the bytes that its "
        "cache keeps of a token, by hand: 2 x layers without a window x KV heads x head size x 2 byte."
    )


@every_decoder
def test_a_step_writes_into_the_cache_by_how_much_it_grows(model):
    tokens, batch, context = 5, 3, 9
    table = evaluate_step(scenario(model), Step(batch, tokens, context)).operators
    states = sum(kept(model, kind, Step(1, 1, context)) for kind in STATES) - waiting(model)  # are written whole
    grown = kept(model, "kv_cache", Step(1, 1, context)) - kept(model, "kv_cache", Step(1, 1, context - tokens))
    assert table.traffic("kv_write_bytes").sum() == pytest.approx(BF16 * batch * (grown + states), rel=1e-12)


@every_decoder
def test_decode_reads_the_whole_cache_once(model):
    s = scenario(model, 3, 300, 100)
    last = first_context(model, s.workload.prompt_tokens) + s.workload.output_tokens
    step = Step(3, 1, last, source_tokens=s.workload.prompt_tokens if model.encoder else 0)
    read = evaluate_step(s, step).operators.traffic("kv_read_bytes").sum()
    assert read == evaluate(s).memory.kv_cache_bytes - BF16 * 3 * waiting(model)


@every_model
def test_states_do_not_grow_with_the_context(model):
    for kind in STATES:
        assert kept(model, kind, Step(1, 1, 2)) == kept(model, kind, Step(1, 1, 10**6))


@pytest.mark.parametrize(
    ("name", "bytes_per_token"),
    [
        # 2 x layers x KV heads x head size x 2 byte, as the publications give them
        ("meta-llama/Llama-2-7b-hf", 524_288),
        ("meta-llama/Llama-2-70b-hf", 327_680),
        ("meta-llama/Llama-3.1-8B", 131_072),
        ("meta-llama/Llama-3.1-70B", 327_680),
        ("THUDM/chatglm3-6b", 28_672),
    ],
)
def test_cache_of_well_known_models(name, bytes_per_token):
    assert BF16 * kept(EVERY[name], "kv_cache", Step(1, 1, 1)) == bytes_per_token
