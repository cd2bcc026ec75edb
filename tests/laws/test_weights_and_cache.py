"""Totals of a column mean something: weights are the parameters, KV writes are the growth of the cache."""

from __future__ import annotations

import pytest

from llm_roofline import Step, evaluate, evaluate_step
from llm_roofline.operators import Embedding, Head
from tests.laws.subjects import EVERY, every_model, scenario

BF16 = 2  # byte


def published_kv_elements(config):
    """Elements that the cache keeps of a token: K and V of layers, KV heads and head size, read off the file."""
    first = lambda *keys: next((config[k] for k in keys if config.get(k) is not None), None)  # noqa: E731 - local shorthand
    heads = first("num_attention_heads", "n_head")
    layers = first("num_hidden_layers", "n_layer", "num_layers")
    size = first("head_dim", "kv_channels") or first("hidden_size", "n_embd") // heads
    return 2 * layers * (first("num_key_value_heads", "multi_query_group_num") or heads) * size


@every_model
def test_stored_weights_take_two_bytes_a_parameter_at_16_bit(model):
    assert evaluate(scenario(model)).memory.weight_bytes == BF16 * model.parameters


@every_model
def test_a_decode_step_reads_every_parameter_once_but_for_the_rows_of_the_embedding(model):
    table = evaluate_step(scenario(model), Step(1, 1, 10)).operators
    embeddings = {op.name: op for _, op in model.operators() if isinstance(op, Embedding)}
    head = next(op for _, op in model.operators() if isinstance(op, Head))
    read = dict(zip(table.name, table.traffic("weight_bytes") / BF16, strict=True))
    assert {name: read.pop(name) for name in embeddings} == {name: op.width for name, op in embeddings.items()}
    stored = sum(op.table_rows * op.width for op in embeddings.values())
    shared = head.width * head.vocabulary if head.tied else 0  # a tied head reads what the embedding stores
    assert sum(read.values()) + stored - shared == model.parameters


@every_model
def test_weights_are_read_once_a_step_however_many_tokens(model):
    one, many = (evaluate_step(scenario(model), step).operators for step in (Step(1, 1, 1), Step(64, 32, 32)))
    rows = [i for i, (name, _) in enumerate(zip(one.name, one.kind, strict=True)) if not is_embedding(model, name)]
    assert (one.traffic("weight_bytes")[rows] == many.traffic("weight_bytes")[rows]).all()


def is_embedding(model, name):
    return any(op.name == name and isinstance(op, Embedding) for _, op in model.operators())


def kept_of_a_token(model):
    """Elements that the cache keeps of a token, by the window of the layers that keep them."""
    return {feature.window: elements for feature, elements in model.kept["kv_cache"].items()}


@every_model
def test_the_cache_keeps_of_a_token_what_its_publication_says(model):
    assert sum(kept_of_a_token(model).values()) == published_kv_elements(model.config)


@every_model
def test_a_step_writes_into_the_cache_by_how_much_it_grows(model):
    tokens, batch = 5, 3
    written = evaluate_step(scenario(model), Step(batch, tokens, 9)).operators.traffic("kv_write_bytes").sum()
    assert written == BF16 * batch * tokens * sum(kept_of_a_token(model).values())


@every_model
def test_the_cache_grows_by_what_is_written_until_a_window_is_full(model):
    def cache(context):
        return evaluate(scenario(model, 1, context - 1, 1)).memory.kv_cache_bytes

    kept = kept_of_a_token(model)
    for context in (10, 48, 49, 700):
        grows = sum(elements for window, elements in kept.items() if window is None or context < window)
        assert cache(context + 1) - cache(context) == BF16 * grows


@every_model
def test_decode_reads_the_whole_cache_once(model):
    context = 700
    s = scenario(model, 1, context - 1, 1)
    read = evaluate_step(s, Step(1, 1, context)).operators.traffic("kv_read_bytes").sum()
    assert read == evaluate(s).memory.kv_cache_bytes


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
    assert BF16 * sum(kept_of_a_token(EVERY[name]).values()) == bytes_per_token
