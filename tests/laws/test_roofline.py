"""Nothing beats a roof: times, performance, and that all of it is finite float64."""

from __future__ import annotations

import numpy as np
import pytest

from llm_roofline import Conventions, HardwareError, evaluate, hardware
from llm_roofline.operators.cost import BYTES
from tests.laws.subjects import FAMILIES, device, every_family, every_model, scenario
from tests.over import over

CLOSE = 1 + 1e-12  # for the last digit of a division
NUMBERS = (
    "count",
    "flops",
    "bytes",
    "arithmetic_intensity",
    "matrix_time",
    "vector_time",
    "compute_time",
    "memory_time",
    "time",
    "share",
    "peak_flops_per_s",
    "attainable_flops_per_s",
    "achieved_flops_per_s",
)
CONVENTIONS = pytest.mark.parametrize(
    "conventions", [Conventions.standard, Conventions.paper], ids=["standard", "paper"]
)


def assert_lies_under_its_roofs(table):
    matrix, vector = table.count * table.columns[0], table.count * table.columns[1]
    bandwidth, vector_peaks, peaks = table.rates.bandwidths, table.rates.vector_peaks, table.peak_flops_per_s
    assert (table.time * CLOSE >= matrix / peaks).all()
    assert (table.time * CLOSE >= table.bytes / bandwidth).all()
    on_lanes = vector_peaks > 0
    assert (table.time * vector_peaks * CLOSE >= vector)[on_lanes].all()
    assert (table.time * CLOSE >= (matrix + vector) / peaks)[~on_lanes].all()
    assert (table.attainable_flops_per_s <= peaks).all()
    assert (table.attainable_flops_per_s <= table.arithmetic_intensity * bandwidth * CLOSE).all()
    assert (table.achieved_flops_per_s <= table.attainable_flops_per_s * CLOSE).all()


def assert_is_plain_numbers(table):
    for column in [*(getattr(table, name) for name in NUMBERS), *(table.traffic(name) for name in BYTES)]:
        assert column.dtype == np.float64
        assert column.shape == (len(table),)
        assert np.isfinite(column).all()
        assert (column >= 0).all()


@CONVENTIONS
@every_model
def test_no_operator_beats_a_roof(model, conventions):
    e = evaluate(scenario(model, 8, 300, 40, conventions=conventions))
    for phase in (e.prefill, e.decode):
        assert_lies_under_its_roofs(phase.operators)


@CONVENTIONS
@every_model
def test_all_numbers_are_finite_and_float64(model, conventions):
    e = evaluate(scenario(model, 8, 300, 40, conventions=conventions))
    for phase in (e.prefill, e.decode):
        assert_is_plain_numbers(phase.operators)
        assert phase.time > 0


@over("name", hardware.names())
def test_every_device_runs_or_says_which_format_it_lacks(name):
    try:
        e = evaluate(scenario(FAMILIES["llama"], on=hardware[name]))
    except HardwareError as error:
        assert str(error).startswith(f"{name} has no peak for bf16: it has ")  # noqa: PT017 - either is right
        return
    for phase in (e.prefill, e.decode):
        assert_lies_under_its_roofs(phase.operators)
        assert_is_plain_numbers(phase.operators)


@every_model
def test_counts_beyond_what_64_bit_integers_hold_do_not_wrap(model):
    bare = evaluate(scenario(model).update(batch_size=2**40)).prefill
    assert_is_plain_numbers(bare.operators)
    assert bare.flops > 2.0**50


@every_family
def test_an_unfused_operator_reaches_exactly_its_roof(model):
    e = evaluate(scenario(model, 8, 300, 1, conventions=Conventions.paper))
    for phase in (e.prefill, e.decode):
        table = phase.operators
        assert table.achieved_flops_per_s == pytest.approx(table.attainable_flops_per_s, rel=1e-12)


@every_family
def test_the_bound_is_the_longer_of_the_two_times(model):
    table = evaluate(scenario(model, 64, 300, 1, device(1e12, 8e12, 1e12))).prefill.operators
    assert {row.bound for row in table} == {"memory", "compute"}
    for row in table:
        assert row.bound == ("compute" if row.compute_time >= row.memory_time else "memory")
        assert row.time == max(row.compute_time, row.memory_time)


@every_family
def test_shares_of_the_time_sum_to_one(model):
    e = evaluate(scenario(model))
    for phase in (e.prefill, e.decode):
        assert phase.operators.share.sum() == pytest.approx(1, abs=1e-12)
        assert 0 <= phase.memory_bound_share <= CLOSE
