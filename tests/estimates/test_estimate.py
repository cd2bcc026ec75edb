"""What an estimate says in words and in tables, and how an operator's numbers are traced."""

from __future__ import annotations

import math
import re
from dataclasses import fields

import numpy as np
import pytest

from llm_roofline import Conventions, Scenario, UnknownNameError, Workload, evaluate, hardware, models, techniques
from llm_roofline.basics import quantity
from llm_roofline.estimates.export import to_dict
from llm_roofline.estimates.quantities import COLUMNS
from llm_roofline.estimates.words import binding, shortage, verdict

S = Scenario(models["llama-3.1-8b"], hardware["h100-sxm"], Workload(8, 2048, 256))
E = evaluate(S)
BOTH = [E, evaluate(S.update(conventions="paper", flash_attention=False)), evaluate(S.update(batch_size=300))]


def numbers(text):
    return [float(n.replace(",", "")) for n in re.findall(r"[\d,]+(?:\.\d+)?", text)]


def test_the_representation_is_a_table_and_one_sentence():
    head, prefill, decode, sentence = repr(E).splitlines()
    assert head.split() == ["time", "FLOP", "bytes", "bound"]
    assert prefill.split()[0] == "prefill"
    assert decode.split()[0] == "decode"
    assert "compute (" in prefill
    assert "memory (" in decode
    assert sentence == E.takeaway


def test_the_takeaway_says_what_is_bound_how_fast_and_whether_it_fits():
    assert E.takeaway.startswith("meta-llama/Llama-3.1-8B on NVIDIA H100")
    for part in (
        "batch 8",
        "(compute-bound prefill)",
        "(memory-bound decode)",
        "tokens/s; and it fits: ",
        " of 80.0 GB.",
    ):
        assert part in E.takeaway
    assert E.memory.devices_needed == 1


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"hardware": "lpu-v1"}, "needs at least 97 devices"),  # ⌈20.0 GB / (0.9 · 230 MB)⌉
        ({"batch_size": 300}, "needs at least 3 devices"),  # ⌈165 GB / 72 GB⌉
        ({"model": "llama-3.1-70b"}, "needs at least 3 devices"),  # ⌈150 GB / 72 GB⌉
    ],
)
def test_what_does_not_fit_has_no_throughput_and_says_what_would_hold_it(changes, lacks):
    e = evaluate(S.update(**changes))
    assert shortage(e.memory) == lacks
    assert e.takeaway.endswith(f" of {quantity(e.memory.capacity_bytes, 'B')}; it {lacks}.")
    assert verdict(e.memory).endswith(f" It {lacks}.")
    assert "tokens/s" not in e.takeaway
    assert to_dict(e)["memory"]["devices_needed"] == e.memory.devices_needed
    needed = e.memory.devices_needed
    assert (needed - 1) * e.memory.usable_bytes < e.memory.total_bytes <= needed * e.memory.usable_bytes


def test_what_several_devices_do_not_hold_either_needs_more_of_them():
    s = S.update(model="llama-3.1-405b").using(techniques["tensor-parallel"].with_(degree=8))
    memory = evaluate(s).memory
    assert not memory.fits
    assert memory.devices_needed == math.ceil(8 * memory.total_bytes / memory.usable_bytes) > 8


def test_the_binding_resource_and_the_leader_are_named():
    assert binding(E.prefill).startswith("Prefill is bound by compute for ")
    assert binding(E.decode).startswith("Decode is bound by memory bandwidth for ")
    leader = E.decode.operators.name[int(E.decode.operators.time.argmax())]
    assert leader in binding(E.decode)


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({}, "Fits: "),
        ({"batch_size": 300}, "Does not fit: "),
        ({"model": "llama-3.1-70b"}, "Does not fit: the weights alone take 141 GB, more than the usable 72.0 GB."),
    ],
)
def test_the_verdict_on_memory_is_plain(changes, start):
    memory = evaluate(S.update(**changes)).memory
    assert verdict(memory).startswith(start)
    if memory.largest_batch:
        assert f"the largest batch that fits is {memory.largest_batch:,}." in verdict(memory)


@pytest.mark.parametrize("e", BOTH, ids=["standard", "paper", "large"])
def test_an_explanation_adds_up(e):
    """Every line of traffic gives the bytes that the table holds, and the FLOP are the table's."""
    for phase in (e.prefill, e.decode):
        for row in phase.operators:
            lines = row.explain().splitlines()
            traffic = [numbers(line.rpartition("=")[2])[0] for line in lines if " × " in line]
            moved = row.table.moved[:, row.index].sum()
            assert sum(traffic) == pytest.approx(moved, abs=len(traffic))  # each is rounded to a byte
            flops = next(line for line in lines if line.startswith("        = "))
            assert numbers(flops)[0] == pytest.approx(row.flops / row.count, abs=1)


@pytest.mark.parametrize("e", BOTH, ids=["standard", "paper", "large"])
def test_an_explanation_names_formula_bound_and_source(e):
    for row in e.prefill.operators:
        text = row.explain()
        assert text.startswith(row.name)
        assert f"{row.bound}-bound" in text
        assert re.search(r"^  source  \S", text, re.MULTILINE)
        if row.count > 1:
            assert f"{row.count:.0f} layers" in text


def test_a_row_has_every_column():
    row = E.decode.operators["q_proj"]
    assert [field.name for field in fields(row)] == [*COLUMNS, "table", "index"]
    for column in COLUMNS:
        value = getattr(row, column)
        assert isinstance(value, float | str)
        assert not isinstance(value, np.generic)


def test_an_unknown_operator_or_column_names_the_nearest():
    with pytest.raises(
        UnknownNameError, match=r"^Unknown operator 'q_prj'\. Did you mean .*'q_proj'.* Accepted are embed_tokens,"
    ):
        E.decode.operators["q_prj"]
    with pytest.raises(AttributeError, match="has no attribute 'flop'"):
        _ = E.decode.operators["q_proj"].flop


def test_the_table_is_read_in_forward_order():
    names = [row.name for row in E.prefill.operators]
    assert names[0] == "embed_tokens"
    assert names[-2:] == ["norm", "lm_head"]
    assert names.index("q_proj") < names.index("attention") < names.index("o_proj")
    assert len(E.prefill.operators) == len(names)


def test_equal_arguments_compile_once():
    other = evaluate(S.update(conventions=Conventions()))
    assert other.prefill.operators.structure is evaluate(S).prefill.operators.structure
