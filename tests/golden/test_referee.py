"""Parameters and matmul FLOP equal, to the unit, what an independent implementation counts (see tests/referee)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from llm_roofline import Conventions, Scenario, Step, Workload, evaluate_step, hardware, models
from llm_roofline.operators import Indexer, LatentExpansion

REFEREE = json.loads(Path(__file__).with_name("referee.json").read_text(encoding="utf-8"))
COUNTED = [name for name in models.names() if name in REFEREE["models"]]
# The referee multiplies every query with every key, masked or not, and its counter leaves the additions of biases out.
AS_COUNTED = replace(Conventions.standard, causal_attention=False, biases=False, latent_cache=False)
STEPS = {
    "prefill": Step(REFEREE["batch"], REFEREE["prompt_tokens"], REFEREE["prompt_tokens"]),
    "decode": Step(REFEREE["batch"], 1, REFEREE["prompt_tokens"] + 1),
}


def matmul_flops(name, phase):
    """Matrix FLOP of a step, and of them those of attention."""
    scenario = Scenario(models[name], hardware["h100-sxm"], Workload(1, 1, 1), conventions=AS_COUNTED)
    table = evaluate_step(scenario, STEPS[phase]).operators
    flops = table.count * table.columns[0]
    return flops.sum(), sum(f for f, kind in zip(flops, table.kind, strict=True) if kind == "attention")


def beyond(name, phase):
    """Matrix FLOP that the referee alone counts: all of them, and those of attention.

    Its latent attention rebuilds the keys of the past in every step, and its indexer adds up its heads by a product.
    """
    step = STEPS[phase]
    past, pairs = step.context_tokens - step.query_tokens, step.query_tokens * step.context_tokens
    rows = [(step.batch * block.layers, operator) for block, operator in models[name].operators()]
    again = sum(n * 2 * past * op.latent * op.width_out for n, op in rows if isinstance(op, LatentExpansion))
    sums = sum(
        n * 2 * pairs * op.heads for n, op in rows if isinstance(op, Indexer) and op.adds_heads and op.ratio == 1
    )
    return again + sums, sums


def test_every_model_of_the_catalogue_is_counted_or_missing_for_a_reason():
    assert set(models.names()) <= REFEREE["models"].keys() | REFEREE["missing"].keys()


@pytest.mark.parametrize("name", COUNTED)
def test_parameters_are_exact(name):
    assert models[name].parameters == REFEREE["models"][name]["parameters"]


@pytest.mark.parametrize("phase", STEPS)
@pytest.mark.parametrize("name", COUNTED)
def test_matmul_flops_are_exact(name, phase):
    expected = REFEREE["models"][name][phase]
    total, attention = beyond(name, phase)
    theirs = (
        expected["total"] - total - expected.get("? DeepseekV4DecoderLayer", 0),  # streams are mixed on vector lanes
        expected["attention"] + expected.get("indexer", 0) - attention,
    )
    # Here a compressed key that is not complete counts in part.
    close = 0.005 if models[name].family == "deepseek_v4" else 0
    assert matmul_flops(name, phase) == pytest.approx(theirs, rel=close, abs=0)
