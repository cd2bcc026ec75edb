"""`Conventions.paper` reproduces Table 1 of the paper, to the digits that it prints and to six digits of its tool."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from llm_roofline import Conventions, Hardware, Precision, Scenario, Step, Workload, evaluate_step, models, quantity
from tests.over import over

TABLE = json.loads(Path(__file__).with_name("paper_table_1.json").read_text(encoding="utf-8"))
OURS = {"sv_matmul": "attention", "norm": "input_layernorm", "add": "attn_add", "mlp_act": "act_fn"}
STEPS = {"prefill": Step(1, 2048, 2048, prompt=True), "decode": Step(1, 1, 2048)}
PREFIXES = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def phase(name):
    figures = {"memory_bandwidth": TABLE["device"]["memory_bandwidth"], "peak_flops_per_s": TABLE["device"]["peaks"]}
    device = Hardware(name="a6000", title="A6000", memory_bytes=48e9, **figures)
    stored = Precision("fp16", "fp16", "fp16", "fp16")
    scenario = Scenario(
        models["meta-llama/Llama-2-7b-hf"], device, Workload(1, 1, 1), stored, conventions=Conventions.paper
    )
    return evaluate_step(scenario, STEPS[name])


def rounds_to(value, text):
    """Whether a number is within half a unit of the last digit of a printed one."""
    digits = Decimal(text.rstrip("KMGT"))
    unit = PREFIXES.get(text[-1], 1)
    half = Decimal(10) ** digits.as_tuple().exponent / 2
    return abs(Decimal(value) / unit - digits) <= half


def every_row(part):
    return over("of", {f"{operator} in {name}": (name, operator) for name in STEPS for operator in TABLE[part][name]})


@every_row("printed")
def test_table_1_is_reproduced_as_printed(of):
    name, operator = of
    row = phase(name).operators[OURS.get(operator, operator)]
    *numbers, bound = TABLE["printed"][name][operator]
    ours = (row.flops / row.count, row.bytes / row.count, row.arithmetic_intensity, row.attainable_flops_per_s)
    assert [text for value, text in zip(ours, numbers, strict=True) if not rounds_to(value, text)] == []
    assert row.bound == bound


@every_row("unrounded")
def test_table_1_is_reproduced_to_six_digits(of):
    name, operator = of
    row = phase(name).operators[OURS.get(operator, operator)]
    assert [float(f"{x / row.count:.5e}") for x in (row.flops, row.bytes)] == TABLE["unrounded"][name][operator]


@pytest.mark.parametrize("name", STEPS)
def test_totals_of_the_network_are_reproduced(name):
    whole = phase(name)
    assert {
        "time": quantity(whole.time, "s"),
        "FLOP": quantity(whole.flops, "FLOP"),
        "bytes": quantity(whole.bytes, "B"),
    } == TABLE["totals"][name]


def test_everything_in_decode_is_memory_bound():
    assert set(phase("decode").operators.bound) == {"memory"}
