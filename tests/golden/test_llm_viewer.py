"""`Conventions.paper` reproduces LLM-Viewer, the paper's tool: every unfused case of the Llama family that it computes.

The file holds its output, faults included. Equal operators share a row there, and counts, which do not depend on the
device, are held once.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_roofline import Conventions, Hardware, Precision, Scenario, Step, Workload, evaluate_step, load_model
from tests.over import over

GOLDEN = json.loads(Path(__file__).with_name("llm_viewer_llama.json").read_text(encoding="utf-8"))
FORMATS = {4: "int4", 8: "int8", 16: "fp16"}
TRAFFIC = {
    "load_weight": "weight_bytes",
    "load_act": "activation_read_bytes",
    "store_act": "activation_write_bytes",
    "load_kv_cache": "kv_read_bytes",
    "store_kv_cache": "kv_write_bytes",
}
MODELS = {name: load_model({**fields, "model_type": "llama"}, name) for name, fields in GOLDEN["configs"].items()}
PHASES = {
    f"{case['model']} {case['batch']}x{case['tokens']} {case['bits']} {phase}": (case, phase)
    for case in GOLDEN["cases"]
    for phase in ("prefill", "decode")
}
RUNS = {f"{name} {device}": (*of, device) for name, of in PHASES.items() for device in of[0][of[1]]["on"]}
every_phase, every_run = over("of", PHASES), over("of", RUNS)


def run(case, phase, device):
    figures = GOLDEN["devices"][device]
    bandwidth, peaks = figures["memory_bandwidth"], figures["peaks"]
    made = Hardware(name=device, title=device, memory_bytes=80e9, memory_bandwidth=bandwidth, peak_flops_per_s=peaks)
    weights, activations, kv_cache = (FORMATS[bits] for bits in case["bits"])
    stored = Precision(weights, activations, kv_cache, weights)
    scenario = Scenario(MODELS[case["model"]], made, Workload(1, 1, 1), stored, conventions=Conventions.paper)
    b, n = case["batch"], case["tokens"]
    return evaluate_step(scenario, Step(b, n, n, prompt=True) if phase == "prefill" else Step(b, 1, n))


def by_operator(shared):
    return {name: row for names, row in shared.items() for name in names.split()}


def relative(expected):
    return pytest.approx(expected, rel=1e-12, abs=0)


def counts(table):
    columns = [table.flops, table.bytes, *(table.traffic(name) for name in TRAFFIC.values())]
    return {row.name: [column[table.name.index(row.name)] / row.count for column in columns] for row in table}


@every_phase
def test_operations_and_traffic_of_every_operator_are_equal(of):
    case, phase = of
    expected = by_operator(case[phase]["counts"])
    table = run(case, phase, next(iter(case[phase]["on"]))).operators
    assert counts(table) == {name: row[:-1] for name, row in expected.items()}
    assert {row.name: row.arithmetic_intensity for row in table} == {
        n: relative(row[-1]) for n, row in expected.items()
    }


@every_phase
def test_totals_of_operations_and_traffic_are_equal(of):
    case, phase = of
    expected = case[phase]["total"]
    table = run(case, phase, next(iter(case[phase]["on"]))).operators
    ours = {"OPs": table.flops, "memory_access": table.bytes}
    ours |= {theirs: table.traffic(name) for theirs, name in TRAFFIC.items()}
    assert {name: column.sum() for name, column in ours.items()} == {n: relative(x) for n, x in expected.items()}


@every_run
def test_performance_bound_and_time_are_equal(of):
    case, phase, device = of
    expected = case[phase]["on"][device]
    whole = run(case, phase, device)
    ours = {row.name: (row.attainable_flops_per_s, row.bound, row.time / row.count) for row in whole.operators}
    theirs = by_operator(expected["operators"])
    assert ours == {name: (relative(speed), bound, relative(time)) for name, (speed, bound, time) in theirs.items()}
    assert whole.time == relative(expected["total_time"])


def test_every_case_is_here():
    assert GOLDEN["counts"] == ["OPs", "memory_access", *TRAFFIC, "arithmetic_intensity"]
    assert len(RUNS) == 2 * 52
