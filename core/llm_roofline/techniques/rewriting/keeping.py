"""Operators that make keys, values and states: they run for every token, whatever else a token leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Compressor, Linear, Norm, Rope
from .layout import kernel_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...models import Block
    from ...operators import Operator


def has_states(blocks: Sequence[Block]) -> bool:
    """Whether a layer keeps a state, which every token changes.

    Parameters
    ----------
    blocks : sequence of Block
        The layers.
    """
    return any(operator.kept.keys() - {"kv_cache"} for block in blocks for operator in block.operators)


def storing(operators: Sequence[Operator]) -> dict[str, float]:
    """Share of the result of each operator of a layer that leads to the cache [1], by name.

    Parameters
    ----------
    operators : sequence of Operator
        One layer, in forward order.
    """
    shares: dict[str, float] = {}
    for operator in reversed(operators):
        readers = [kernel_of(other) for other in operators if operator.name in other.inputs and shares.get(other.name)]
        shares[operator.name] = _share(kernel_of(operator), readers)
    return shares


def _share(kernel: Operator, readers: list[Operator]) -> float:
    """Share that an operator stores itself, or that those read which store what they make of it."""
    if isinstance(kernel, Compressor) or _stores_all(kernel):
        return 1.0
    if isinstance(kernel, Rope):
        return kernel.key_width * kernel.cached / (kernel.query_width + kernel.key_width)
    if isinstance(kernel, Linear):
        whole = any(isinstance(reader, Compressor) or _stores_all(reader, keys=False) for reader in readers)
        return 1.0 if whole else kernel.cached / kernel.width_out
    return float(isinstance(kernel, Norm) and any(isinstance(reader, Linear) for reader in readers))


def _stores_all(kernel: Operator, *, keys: bool = True) -> bool:
    """Whether a norm's result is cached; keys may be left out, of which the projection knows its share."""
    return isinstance(kernel, Norm) and (kernel.cached or kernel.role == "value" or (keys and kernel.role == "key"))
