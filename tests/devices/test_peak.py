"""Which peak an operator computes at: the fastest format that holds both operands."""

from __future__ import annotations

import re

import pytest

from llm_roofline import Hardware, HardwareError, Precision, Scenario, evaluate, formats, hardware, models
from llm_roofline.devices.peak import paper_peak, peak, substitution
from llm_roofline.formats.compute import COMPUTE_FORMATS, holds
from llm_roofline.roofline import vector_peak
from tests.over import over

PEAKS = {"int4": 8e12, "fp4": 8e12, "fp6": 4e12, "int8": 4e12, "fp8": 4e12, "bf16": 2e12, "fp16": 2e12, "fp32": 1e12}


def device(*names, **peaks):
    given = {name: PEAKS[name] for name in names} | peaks
    return Hardware(name="d", title="D", memory_bytes=1e9, memory_bandwidth=1e9, peak_flops_per_s=given)


@pytest.mark.parametrize(
    ("has", "operands", "used"),
    [
        (PEAKS, ("bf16", "bf16"), "bf16"),
        (PEAKS, ("fp16", "fp16"), "bf16"),  # both hold 16 bit; of equals the first
        (PEAKS, ("int4", "bf16"), "bf16"),  # W4A16 computes at the 16-bit peak
        (PEAKS, ("int4", "int8"), "int8"),  # the 8-bit peak needs both operands at 8 bits or fewer
        (PEAKS, ("int8", "int8"), "int8"),
        (PEAKS, ("fp8", "fp8"), "fp8"),
        (PEAKS, ("fp8", "int8"), "bf16"),  # no 8-bit format holds both
        (PEAKS, ("int4", "int4"), "int4"),
        (PEAKS, ("int2", "int1"), "int4"),
        (PEAKS, ("nvfp4", "mxfp4"), "fp4"),
        (PEAKS, ("nvfp4", "fp8"), "fp8"),
        (PEAKS, ("fp32", "bf16"), "fp32"),
        (("int8", "bf16"), ("int4", "int4"), "int8"),  # converts to a wider one
        (("bf16",), ("fp8", "fp8"), "bf16"),
        (("fp16",), ("bf16", "bf16"), "fp16"),
        (("fp8", "bf16"), ("int8", "int8"), "bf16"),  # fp8 does not hold an 8-bit integer
        (("fp8", "bf16"), ("int4", "int4"), "fp8"),
    ],
)
def test_the_fastest_format_that_holds_both_operands_is_used(has, operands, used):
    d = device(*has)
    assert peak(d, operands) == (used, PEAKS[used])
    assert peak(d, operands[::-1]) == peak(d, operands)


def test_a_wider_format_is_used_where_it_is_faster():
    assert peak(device("bf16", int8=1e12), ("int8", "int8")).format == "bf16"


@over("stored", formats)
def test_a_narrower_format_never_holds_a_wider_one(stored):
    assert all(made.bits >= stored.bits for name, made in COMPUTE_FORMATS.items() if holds(name, stored))


@pytest.mark.parametrize("name", ["h100-sxm", "a100-sxm-80gb"])
def test_fewer_bits_of_one_kind_never_lower_the_peak(name):
    for order in (("fp16", "fp8", "nvfp4"), ("int8", "int4", "int2", "int1")):
        speeds = [peak(hardware[name], (stored, stored)).flops_per_s for stored in order]
        assert speeds == sorted(speeds)


def test_a_device_without_a_format_that_is_wide_enough_says_so():
    message = "d has no peak for bf16 and int8: it has int8, fp8. Give one by with_(peak_flops_per_s=...)."
    with pytest.raises(HardwareError, match=f"^{re.escape(message)}$"):
        peak(device("int8", "fp8"), ("bf16", "int8"))


def test_a_format_that_the_device_lacks_is_said_once():
    a100 = hardware["a100-sxm-80gb"]
    note = "a100-sxm-80gb has no fp8 peak; computing at bf16, the fastest supported format that is wide enough."
    assert substitution(a100, ("fp8", "fp8")) == note
    assert substitution(a100, ("bf16", "bf16")) is None
    s = Scenario(models["llama-3.1-8b"], a100, precision=Precision("fp8", "fp8", "fp8"))
    assert evaluate(s).notes == (note,)
    assert evaluate(Scenario(models["llama-3.1-8b"], a100)).notes == ()


def test_a_device_without_vector_lanes_bills_them_at_its_matrix_peak_and_says_so():
    e = evaluate(Scenario(models["llama-3.1-8b"], device("bf16")))
    assert e.notes[1:] == ("d has no known vector peak; vector work is billed at its matrix peak.",)
    table = e.prefill.operators
    assert table["attention"].matrix_time * 2e12 == pytest.approx(table["attention"].flops)
    assert not table.vector_time.any()


@pytest.mark.parametrize(
    ("lanes", "used"), [({"fp16": 4e12, "fp32": 2e12}, 2e12), ({"fp16": 4e12}, 4e12), ({"fp32": 1e12}, 1e12), ({}, 0)]
)
def test_vector_work_runs_at_fp32_in_which_norms_accumulate_where_the_lanes_have_it(lanes, used):
    d = Hardware(
        name="d",
        title="D",
        memory_bytes=1e9,
        memory_bandwidth=1e9,
        peak_flops_per_s={"bf16": 1e12},
        vector_flops_per_s=lanes,
    )
    assert vector_peak(d) == used


@pytest.mark.parametrize(
    ("stored", "used"),
    [
        (("fp16", "fp16", "fp16"), "fp16"),
        (("int4", "fp16", "fp16"), "fp16"),
        (("int8", "int8", "fp16"), "fp16"),
        (("int8", "int8", "int8"), "int8"),
        (("int4", "int4", "int4"), "int8"),
    ],
)
def test_the_paper_has_one_peak_for_all_even_where_it_is_the_slower(stored, used):
    assert paper_peak(device("bf16", int8=1e12, fp16=2e12), *stored).format == used
