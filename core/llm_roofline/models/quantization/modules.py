"""Names that the modules of a stack may have in a checkpoint, for every operator.

Operators keep the checkpoint's own names; what stands around these (``self_attn``, ``mlp``, ``linear_attn``) and how
exporters spell or fuse them is here, and what a family names otherwise is in its own file, as ``MODULES``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ..checkpoint import ALIASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...operators import Operator
    from ..model import Block, Stack

ATTENTION = ("self_attn", "attn", "attention", "self_attention", "mixer")
NETWORK = ("mlp", "feed_forward", "ffn", "block_sparse_moe", "mixer", "moe", "DenseReluDense")
STATE_SPACE, DELTA = ("mixer", "mamba"), ("linear_attn",)
SHARED = ("shared_experts", "shared_expert", "share_expert", "shared_mlp")
ONE = "#"
"""Stands for the number of an expert."""
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "qkv_proj": ("q_proj", "k_proj", "v_proj"),
    "gate_up_proj": ("gate_proj", "up_proj"),
    "fused_wqa_wkv": ("q_a_proj", "kv_proj"),
    "fused_qkv_a_proj_with_mqa": ("q_a_proj", "kv_a_proj_with_mqa"),
    "in_proj_qkvz": ("in_proj_qkv", "in_proj_z"),
    "in_proj_ba": ("in_proj_b", "in_proj_a"),
}
"""Modules that engines and exporters make one, by its name."""
_SPELLED: dict[str, list[str]] = defaultdict(list)
for _alias, _name in ALIASES.items():
    if "." not in _alias:
        _SPELLED[_name].append(_alias)
for _whole, _parts in TOGETHER.items():
    for _part in _parts:
        _SPELLED[_part].append(_whole)
_SPELLED["gate_up_proj"] += ["gate_proj", "up_proj", "w1", "w3"]  # exporters split what a family has fused


class Module(NamedTuple):
    """An operator, and what its modules may be called.

    Parameters
    ----------
    key : tuple of str
        Names of its block and of itself.
    kind : str
        Storage kind of its weights; ``"wide"`` where quantisers leave them alone.
    elements : float
        Weights of one layer [1].
    matrices : int
        Matrices that these are [1].
    layers : tuple of int
        Where its layers stand in the stack [1]; empty where it is beside them.
    names : tuple of str
        What its modules may be called from the layer on.
    """

    key: tuple[str, str]
    kind: str
    elements: float
    matrices: int
    layers: tuple[int, ...]
    names: tuple[str, ...]


def modules(stack: Stack, family: Mapping[str, tuple[str, ...]]) -> list[Module]:
    """Modules of a stack.

    Parameters
    ----------
    stack : Stack
        A model or a tower.
    family : mapping
        What stands before the names of operators that begin with a word, where the family has its own.
    """
    return [
        _module(block, operator, places, family)
        for block, places in stack.layer_numbers()
        for operator in block.operators
    ]


def _module(block: Block, operator: Operator, places: tuple[int, ...], family: Mapping[str, tuple[str, ...]]) -> Module:
    kinds = [kind for kind, count in operator.parameters.items() if kind != "wide" and count]
    kind = kinds[0] if kinds else "wide"
    many = getattr(operator, "experts", 1) if kind == "experts" else 1
    found = tuple(dict.fromkeys(_in_layer(block, operator, kind, family) if places else _beside(block, operator)))
    return Module((block.name, operator.name), kind, operator.parameters.get(kind, 0), many, places, found)


def _beside(block: Block, operator: Operator) -> Iterator[str]:
    """Names of a module that is in no layer."""
    *outer, last = operator.name.split(".")
    for name in spelled(last):
        yield ".".join((*outer, name))
        yield ".".join((block.name, *outer, name))
    if "weights" in operator.parameters:
        yield f"projector.{operator.name}"


def _in_layer(block: Block, operator: Operator, kind: str, family: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    parts = operator.name.split(".")
    before = family.get(operator.name, family.get(parts[0]))
    if before is None:
        before = _outer(block, operator, kind)
        if parts[0] in before and len(parts) > 1:
            parts = parts[1:]
    *outer, last = parts
    if outer and outer[0] == "experts":
        inner = [("experts", ONE), ("experts",), *([()] if "" not in before else [])]
    elif outer and outer[0] in SHARED:
        inner = [(word, *outer[1:]) for word in SHARED]
        before = (*before, "") if "" not in before else before
    else:
        inner = [tuple(outer)]
    for first in before:
        for middle in inner:
            for name in spelled(last):
                yield ".".join(part for part in (first, *middle, name) if part)


def _outer(block: Block, operator: Operator, kind: str) -> tuple[str, ...]:
    """What stands before its name."""
    if operator.shown_as != "attention projection" and kind in ("weights", "experts", "wide"):
        return (*NETWORK, "")
    if kind == "weights":
        return STATE_SPACE
    if any(other.name.startswith("in_proj_") for other in block.operators):
        return DELTA
    return (*ATTENTION, "")


def spelled(name: str) -> list[str]:
    """Spellings of the last part of a name, its own first.

    Parameters
    ----------
    name : str
        The part.
    """
    plain = ALIASES.get(name, name)
    return list(dict.fromkeys((name, plain, *_SPELLED.get(plain, ()))))
