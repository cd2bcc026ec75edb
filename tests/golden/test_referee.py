"""Parameters and matmul FLOP equal, to the unit, those that an independent implementation counts (see referee.py)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from llm_roofline import Conventions, Scenario, Step, Workload, evaluate_step, hardware, models

REFEREE = json.loads(Path(__file__).with_name("referee.json").read_text(encoding="utf-8"))
# The referee multiplies every query with every key, masked or not, and its counter leaves the additions of biases out.
AS_COUNTED = replace(Conventions.standard, causal_attention=False, biases=False)


def step(shape):
    return Step(shape["batch"], shape["query_tokens"], shape["context_tokens"])


def matmul_flops(name, shape):
    """Matrix FLOP of a step, and of them those of attention."""
    scenario = Scenario(models[name], hardware["h100-sxm"], Workload(1, 1, 1), conventions=AS_COUNTED)
    table = evaluate_step(scenario, step(shape)).operators
    flops = table.count * table.columns[0]
    return flops.sum(), sum(f for f, kind in zip(flops, table.kind, strict=True) if kind == "attention")


def test_the_referee_counts_every_model_of_the_catalogue():
    assert set(models.names()) == set(REFEREE["models"])


@pytest.mark.parametrize("name", models.names())
def test_parameters_are_exact(name):
    assert models[name].parameters == REFEREE["models"][name]["parameters"]


@pytest.mark.parametrize("phase", ["prefill", "decode"])
@pytest.mark.parametrize("name", models.names())
def test_matmul_flops_are_exact(name, phase):
    expected = REFEREE["models"][name]
    assert matmul_flops(name, REFEREE[phase]) == (
        expected[f"{phase}_matmul_flops"],
        expected[f"{phase}_attention_matmul_flops"],
    )
