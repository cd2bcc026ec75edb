"""Codebooks, trellises and outliers, whose weights take a mean of bits: AQLM, VPTQ, EXL2, EXL3, HIGGS and SpQR."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ....basics import shown
from ..patterns import alternatives
from ..statement import Described, Rule, Statement
from .exceptions import exceptions

if TYPE_CHECKING:
    from ..section import Section

_SHAPE = re.compile(r"(?P<module>.+)\.(?P<part>dense_weights|row_offsets|col_vals|in_perm)\.shape")
_SPQR_BITS = {"dense_weights": 64, "row_offsets": 32, "col_vals": 32, "in_perm": 16}


def aqlm(given: Section) -> Statement:
    """AQLM (arXiv 2401.06118): codes of several weights at once, and codebooks of 16 bit for each matrix."""
    out, into = _number(given, "out_group_size", default=1), _number(given, "in_group_size", default=8)
    books, width = _number(given, "num_codebooks", default=1), _number(given, "nbits_per_codebook", default=16)
    codebooks = books * 2**width * out * into * 16
    described = Described(bits=books * width / (out * into), matrix_bits=codebooks)
    return Statement(described, (exceptions(given),))


def exl(given: Section) -> Statement:
    """EXL2 and EXL3, which state the mean bits of linear layers, and the bits of the head."""
    head = given.get("head_bits")
    given.get("tensor_storage", "codebook")
    stated = Described(bits=_number(given, "bits"))
    return Statement(stated, (exceptions(given),), head=Described(bits=_number(given, "head_bits")) if head else None)


def higgs(given: Section) -> Statement:
    """HIGGS (arXiv 2411.17525): points of a grid, and a scale of 16 bit a group."""
    group = _number(given, "group_size", default=256)
    given.get("p")
    return Statement(Described(bits=_number(given, "bits", default=4) + 16 / group), (exceptions(given),))


def spqr(given: Section) -> Statement:
    """SpQR (arXiv 2306.03078): dense codes and sparse outliers, whose shapes are stated module by module."""
    given.get("bits", "beta1", "beta2")
    shapes = given.part("shapes")
    stored: dict[str, float] = defaultdict(float)
    if shapes is None:
        raise KeyError("shapes")
    for key in shapes.keys():  # noqa: SIM118 - no mapping; each is read then
        if match := _SHAPE.fullmatch(key):
            stored[match["module"]] += _number(shapes, key) * _SPQR_BITS[match["part"]]
    if not stored:
        raise ValueError("shapes of no module that is known")
    rules = [Rule(tuple(alternatives([name])), Described(matrix_bits=bits), "shapes") for name, bits in stored.items()]
    return Statement(None, (exceptions(given), *rules))


def vptq(given: Section) -> Statement:
    """VPTQ (arXiv 2409.17066): vectors that point into codebooks, which each matrix has of its own."""
    rules = []
    for key in ("config_for_layers", "shared_layer_config"):
        for name, part in given.parts(key).items():
            rules.append(Rule(tuple(alternatives([name])), _of_vptq(part), key))
    if not rules:
        raise KeyError("config_for_layers")
    return Statement(None, (exceptions(given), *rules))


def _of_vptq(given: Section) -> Described:
    groups = _number(given, "group_num", default=1)
    into, out = _number(given, "in_features"), _number(given, "out_features")
    bits = books = 0.0
    for key in ("num_centroids", "num_res_centroids"):
        for length, points in zip(given["vector_lens"], given.get(key, default=[]), strict=False):
            if length > 0 and points > 0:
                bits += math.log2(points) / length
                books += groups * points * length * 16
    if given.get("outlier_size"):
        raise ValueError("outliers with vectors of their own")
    norms = 2 * into * 16 * bool(given.get("enable_norm")) + into * 16 * bool(given.get("enable_perm"))
    given.get("indices_as_float", "is_indice_packed", "bias", "group_size", "vector_quant_dim", "norm_dim")
    if not bits or into * out <= 0:
        raise ValueError("no centroids")
    return Described(bits=bits, matrix_bits=books + norms)


def _number(given: Section, key: str, default: Any = None) -> float:  # noqa: ANN401 - JSON
    value = given.get(key, default=default)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e12:  # noqa: PLR2004 - no count is larger
        raise ValueError(f"{key} of {shown(value)}, where a number above 0 is understood")
    return value
