"""Formats: how many bytes an element takes, and what is said of a format that nobody knows."""

from __future__ import annotations

import re

import pytest

from llm_roofline import Precision, PrecisionError, formats
from llm_roofline.formats import bits_per_weight

# (bits + bits of the group's scale and zero point / group) / 8
BYTES = {
    "fp32": 4,
    "bf16": 2,
    "fp16": 2,
    "fp8": 1,
    "fp8-block": 1 + 4 / 16384,
    "int8": 1,
    "nvfp4": 0.5625,
    "mxfp4": 0.53125,
    "mxfp8": 1.03125,
    "nf4": 0.5625,
    "nf4-double": (4 + 8 / 64 + 32 / (64 * 256)) / 8,
    "int4": 0.53125,
    "int4-channel": 0.5,
    "ternary": 0.25,
    "int2": 0.28125,
    "int1": 0.15625,
}


def test_bytes_of_an_element_are_those_of_the_format_and_its_scales():
    assert {name: f.bytes_per_element() for name, f in formats.items()} == BYTES


@pytest.mark.parametrize(
    ("name", "size"),
    [("int4-g32", 0.5625), ("int4-g128z", (4 + 20 / 128) / 8), ("int8-g64", 1.03125), ("int4-g64b", 0.5625)],
)
def test_integers_in_groups_are_named_by_bits_group_and_zero_point(name, size):
    assert formats[name].bytes_per_element() == size
    assert name in formats
    assert name not in [*formats]


@pytest.mark.parametrize(("name", "size"), [("int3-channel", 3 / 8), ("4bpw", 0.5), ("3.25bpw", 3.25 / 8)])
def test_channels_and_mean_bits_are_formats_too(name, size):
    assert formats[name].bytes_per_element() == size
    assert bits_per_weight(8 * size) == (name if name.endswith("bpw") else "3bpw")


@pytest.mark.parametrize("name", formats)
def test_without_scales_an_element_takes_its_bits(name):
    assert formats[name].bytes_per_element(scales=False) == formats[name].bits / 8


@pytest.mark.parametrize("name", formats)
def test_a_format_has_a_source(name):
    assert formats[name].source
    assert formats[name].name == name


@pytest.mark.parametrize("field", ["weights", "activations", "kv_cache", "head"])
@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("bf17", " Did you mean 'bf16'?"),
        ("FP-8", " Did you mean 'fp8' or 'mxfp8'?"),
        (None, ""),
        (8, " Did you mean 'fp8', 'int8' or 'mxfp8'?"),
        (["bf16"], None),
    ],
)
def test_an_unknown_format_names_the_nearest_and_all(field, name, near):
    message = f"Unknown format of {field} {name!r}.{'' if near is None else near} Accepted are {', '.join(formats)}."
    with pytest.raises(PrecisionError, match=re.escape(message) if near is not None else "Unknown format"):
        Precision(**{field: name})
