"""How the operators of a layer divide by heads and by columns, read off its graph.

Between a projection that fans out (its columns divide) and the one that leads back to the residual stream (its rows
divide), everything works head by head or column by column (Shoeybi et al. 2019, arXiv 1909.08053, section 3). What is
outside works on whole tokens. Nothing here asks for an operator's name.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...operators import (
    Activation,
    Attention,
    Derived,
    Elementwise,
    ExpertLinear,
    LatentAttention,
    LatentExpansion,
    Linear,
    Norm,
    Part,
    Rope,
    ShortConvolution,
    StateScan,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...operators import Operator

WHOLE, COLUMNS, INNER, ROWS = "whole", "columns", "inner", "rows"
"""Places of an operator: on whole tokens, fanning out, head by head or column by column, and leading back."""
_ANCHORS = (Activation, Attention, ShortConvolution, StateScan)


def kernel_of(operator: Operator) -> Operator:
    """The operator that a derived one is made of.

    Parameters
    ----------
    operator : Operator
        Any operator.
    """
    while isinstance(operator, Derived):
        operator = operator.whole
    return operator


def places(operators: Sequence[Operator]) -> dict[str, str]:
    """Place of each operator of a layer by its name.

    Parameters
    ----------
    operators : sequence of Operator
        One layer, in forward order.
    """
    place_of: dict[str, str] = {}
    for operator in operators:
        kernel = kernel_of(operator)
        divided = any(place_of.get(source) in {COLUMNS, INNER} for source in operator.inputs)
        if isinstance(kernel, LatentExpansion):
            place_of[operator.name] = COLUMNS
        elif isinstance(kernel, Linear) and kernel.groups > 1 and divided:
            place_of[operator.name] = INNER  # its groups are groups of heads
        elif isinstance(kernel, ExpertLinear | Linear):
            fans_out = COLUMNS if _fans_out(operator, operators) else WHOLE
            place_of[operator.name] = ROWS if divided else fans_out
        else:
            place_of[operator.name] = INNER if divided or isinstance(kernel, _ANCHORS) else WHOLE
    return place_of


def _fans_out(product: Operator, operators: Sequence[Operator]) -> bool:
    """Whether the result of a product reaches what works head by head, through nothing that needs whole tokens."""
    if getattr(kernel_of(product), "stored", "") == "wide":
        return False  # a router, or another projection that is too small to divide
    kernels = {operator.name: kernel_of(operator) for operator in operators}
    reached, anchored = [product.name], False
    for operator in operators:
        sources = [source for source in operator.inputs if source in reached]
        if not sources:
            continue
        kernel = kernel_of(operator)
        if isinstance(kernel, Norm) and kernel.role == "block" and not kernel.gate:
            return False  # of a latent, which every head reads whole
        beside = [kernels.get(source) for source in operator.inputs]
        anchored = anchored or isinstance(kernel, _ANCHORS) or (isinstance(kernel, Norm) and bool(kernel.gate))
        anchored = anchored or (isinstance(kernel, Elementwise) and any(isinstance(k, _ANCHORS) for k in beside))
        if isinstance(kernel, Rope) or (isinstance(kernel, Norm) and kernel.role in {"query", "key", "value"}):
            reached.append(operator.name)
    return anchored


def kv_heads(operators: Sequence[Operator]) -> int:
    """Heads of keys and values into which the cache of a layer divides [1]; 1 where all heads share it.

    Parameters
    ----------
    operators : sequence of Operator
        One layer.
    """
    kernels = [kernel_of(operator) for operator in operators]
    heads = [k.kv_heads for k in kernels if isinstance(k, Attention)]
    return 1 if not heads or any(isinstance(k, LatentAttention) for k in kernels) else min(heads)


def divided(operators: Sequence[Operator], share: float, cache: float) -> dict[str, Operator]:
    """Operators of a layer that has a share of its heads and columns, by name.

    Parameters
    ----------
    operators : sequence of Operator
        One layer, in forward order.
    share : float
        Share of heads and columns [1].
    cache : float
        Share of the heads of keys and values [1], which may be too few to divide.
    """
    at = places(operators)
    return {operator.name: _part(operator, at[operator.name], share, cache) for operator in operators}


def _part(operator: Operator, place: str, share: float, cache: float) -> Operator:  # noqa: PLR0911 - a case each
    part = partial(Part, operator.name, operator.inputs, operator)
    kernel = kernel_of(operator)
    if place == WHOLE:
        return operator
    if place == ROWS:
        return part(work=share, weights=share, stored=share, read=share)
    if isinstance(kernel, Linear) and place == COLUMNS:
        queries, keys = kernel.width_out - kernel.cached, kernel.cached
        out = (queries * share + keys * cache) / kernel.width_out
        visible = queries + kernel.rotated
        written = (queries * share + kernel.rotated * cache) / visible if visible else 1.0
        return part(work=out, weights=out, stored=out, written=written, cache=cache)
    if place == COLUMNS:
        read = share if isinstance(kernel, LatentExpansion) else 1.0
        return part(work=share, weights=share, stored=share, read=read, written=share)
    if isinstance(kernel, Rope):
        both = kernel.query_width + kernel.key_width
        mean = (kernel.query_width * share + kernel.key_width * cache) / both
        return part(work=mean, read=mean, written=share if kernel.cached else mean, cache=cache)
    if isinstance(kernel, Norm) and kernel.role in {"query", "key", "value"}:
        own_share = share if kernel.role == "query" else cache
        return part(work=own_share, read=own_share, written=own_share, cache=cache)
    held = cache if isinstance(kernel, Attention) else share
    return part(work=share, weights=share, stored=share, read=share, written=share, cache=held, held=held)
