"""Mixtures of experts: a router, experts of which each token runs a few, and shared experts beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ...operators import Activation, Elementwise, ExpertLinear, ExpertSum, Linear, flop
from .mlp import ACTIVATIONS, MLP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...operators import Operator
    from ..config import Config

ROUTER = "experts"


@dataclass(frozen=True, slots=True)
class Mixture:
    """The dimensions of a mixture of experts.

    Parameters
    ----------
    hidden, ffn, experts, chosen : int
        Hidden size, width of an expert, experts, and experts for each token [1].
    function : str
        Activation function, a value of ``ACTIVATIONS``.
    gated, fused, bias : bool
        Experts have a gate, one projection for gate and up, biases.
    shared : int
        Width of the shared experts together [1]; 0 for none.
    shared_name : str
        Their name in the checkpoint.
    shared_gate : bool
        A sigmoid of one more projection scales what the shared expert returns.
    route_bias : bool
        A number for each expert corrects its score.
    """

    hidden: int
    ffn: int
    experts: int
    chosen: int
    function: str = "silu"
    gated: bool = True
    fused: bool = False
    bias: bool = False
    shared: int = 0
    shared_name: str = "shared_experts"
    shared_gate: bool = False
    route_bias: bool = False


def expert_dimensions(  # noqa: PLR0913 - families differ in all of these
    config: Config,
    hidden: int,
    *,
    ffn: str = "moe_intermediate_size",
    experts: str = "num_experts",
    chosen: str = "num_experts_per_tok",
    functions: Mapping[str, str] = ACTIVATIONS,
) -> Mixture:
    """Dimensions of gated experts alone, under the keys and the names of activation functions of a family."""
    width, total, few = (config.same_count(key) for key in (ffn, experts, chosen))
    config.within(chosen, few, experts, total)
    return Mixture(hidden, width, total, few, config.choice("hidden_act", among=functions, default="silu"))


def mixture(  # noqa: PLR0913 - likewise
    m: Mixture,
    source: str,
    *,
    router: str = "gate",
    router_bias: bool = False,
    router_source: str | None = None,
    network: Iterable[Operator] = (),
) -> Iterator[Operator]:
    """Router, which quantisers leave at 16 bit, experts, shared experts, and the sum of all.

    Parameters
    ----------
    m : Mixture
        Its dimensions.
    source : str
        The operator whose result it reads.
    router : str
        Name of the router's projection.
    router_bias : bool
        That has a bias.
    router_source : str or None
        What it reads; None for what the experts read.
    network : iterable of Operator
        What runs beside the experts, where it is none of the usual shared experts.
    """
    yield from routes(m, router_source or source, router, bias=router_bias)
    yield from routed(m, source)
    rows = tuple(network)
    yield from rows
    beside = tuple(row.name for row in rows[-1:])
    if m.shared:
        yield from shared(m, source)
        beside = (f"{m.shared_name}.down_proj",)
        if m.shared_gate:
            yield Linear("shared_expert_gate", (source,), m.hidden, 1, ROUTER, stored="wide")
            read, work = m.hidden + 1, flop.SIGMOID + flop.GATE * m.hidden
            names = "shared_expert_gate", *beside
            beside = (f"{m.shared_name}.scaled",)
            yield Elementwise(beside[0], names, read, m.hidden, work, "arXiv 2407.10671, section 2.2.2")
    yield ExpertSum("experts.sum", ("experts.down_proj", "route", *beside), m.hidden, m.chosen, len(beside))


def routes(m: Mixture, source: str, name: str, *, bias: bool = False) -> Iterator[Operator]:
    """The router's projection, and the choice of experts."""
    yield Linear(name, (source,), m.hidden, m.experts, ROUTER, bias=bias, stored="wide")
    work, own = flop.ROUTE * m.experts, m.experts * m.route_bias
    yield Elementwise("route", (name,), m.experts, m.chosen, work, "arXiv 2101.03961, equation 1", own=own)


def routed(m: Mixture, source: str, width: int | None = None) -> Iterator[Operator]:
    """The experts alone, behind an operator ``route``.

    Parameters
    ----------
    m : Mixture
        Its dimensions.
    source : str
        The operator whose result they read.
    width : int or None
        Elements that they read and return [1]; None for the hidden size.
    """
    layer = partial(ExpertLinear, experts=m.experts, chosen=m.chosen, bias=m.bias)
    outer, inputs = width or m.hidden, (source, "route")
    if m.gated and m.fused:
        into: tuple[str, ...] = ("experts.gate_up_proj",)
        yield layer(into[0], inputs, outer, 2 * m.ffn)
    else:
        into = ("experts.gate_proj", "experts.up_proj") if m.gated else ("experts.up_proj",)
        for name in into:
            yield layer(name, inputs, outer, m.ffn)
    yield Activation("experts.act_fn", into, m.ffn, m.hidden, m.function, gated=m.gated, copies=m.chosen)
    yield layer("experts.down_proj", ("experts.act_fn",), m.ffn, outer, first=False)


def shared(m: Mixture, source: str) -> Iterator[Operator]:
    """The shared experts, as one network."""
    name = m.shared_name
    into = (f"{name}.gate_proj", f"{name}.up_proj") if m.gated else (f"{name}.up_proj",)
    for projection in into:
        yield Linear(projection, (source,), m.hidden, m.shared, MLP)
    yield Activation(f"{name}.act_fn", into, m.shared, m.hidden, m.function, gated=m.gated)
    yield Linear(f"{name}.down_proj", (f"{name}.act_fn",), m.shared, m.hidden, MLP)
