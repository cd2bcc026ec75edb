"""Quantities for people: three digits, a prefix, never an exponent."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import quantity
from llm_roofline.basics.units import percent, significant


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (989.4e12, "FLOP/s", "989 TFLOP/s"),
        (3.35e12, "B/s", "3.35 TB/s"),
        (0.004663, "s", "4.66 ms"),
        (4.5e-8, "s", "45.0 ns"),
        (2e-13, "s", "0.200 ps"),
        (999.4, "B", "999 B"),
        (999.6, "B", "1.00 kB"),  # rounding moves on to the next prefix
        (999_999, "B", "1.00 MB"),
        (1, "s", "1.00 s"),
        (0, "B", "0 B"),
        (-1500, "B", "−1.50 kB"),
        (math.inf, "s", "∞ s"),
        (-math.inf, "s", "−∞ s"),
        (math.nan, "s", "–"),
        (0.25, "FLOP/B", "250 mFLOP/B"),
        (1e21, "FLOP", "1,000 EFLOP"),
    ],
)
def test_a_quantity_has_three_digits_and_a_prefix(value, unit, text):
    assert quantity(value, unit) == text


@given(st.floats(1e-12, 1e20), st.integers(2, 6))
def test_a_quantity_reads_back_to_its_digits(value, digits):
    text = quantity(value, "B", digits).removesuffix("B").replace(",", "")
    number, _, prefix = text.partition(" ")
    scale = {
        "p": 1e-12,
        "n": 1e-9,
        "µ": 1e-6,
        "m": 1e-3,
        "": 1,
        "k": 1e3,
        "M": 1e6,
        "G": 1e9,
        "T": 1e12,
        "P": 1e15,
        "E": 1e18,
    }
    assert "e" not in number
    assert float(number) * scale[prefix] == pytest.approx(value, rel=0.5001 * 10 ** (1 - digits))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.62, "62 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.0312, "3.1 %"),
        (0.0004, "< 0.1 %"),
    ],
)
def test_a_share_is_told_in_per_cent(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (12345.6, "12,346"), (0.00466, "0.00466"), (math.nan, "–")])
def test_significant_digits_have_no_exponent(value, text):
    assert significant(value) == text
