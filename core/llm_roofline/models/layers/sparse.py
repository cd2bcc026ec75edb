"""The decoder of DeepSeek-V2, under the keys that many families took over: dense layers first, then experts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .experts import expert_dimensions, mixture
from .mixed import mixed_decoder
from .mlp import gated_mlp
from .stacking import layer_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ...operators import Operator
    from ..config import Config
    from ..model import Block
    from .dimensions import Dimensions

SOURCE = "post_attention_layernorm"


def sparse_decoder(
    config: Config,
    d: Dimensions,
    attention_rows: Callable[[str], Iterable[Operator]],
    kinds: Sequence[str] = (),
    *,
    tied: bool | None = None,
) -> Iterator[Block]:
    """Dense layers, then layers of routed and shared experts (arXiv 2405.04434, section 2.2).

    The number that is added to each expert's score before the choice is a buffer, no parameter.

    Parameters
    ----------
    config : Config
        The configuration, of which the keys on experts are read here.
    d : Dimensions
        Its dimensions; the FFN width is that of dense layers.
    attention_rows : callable
        Attention of a layer, given its kind.
    kinds : sequence of str
        Kind of attention of each layer; left out, there is one.
    tied : bool or None
        The head shares the embedding's weights; None for what the configuration says.
    """
    m = expert_dimensions(config, d.hidden, experts="n_routed_experts")
    m = replace(m, shared=m.ffn * config.count("n_shared_experts", default=0, least=0))
    stack = list(zip(kinds or [""] * d.layers, are_sparse(config, d.layers), strict=True))
    networks = gated_mlp(d, SOURCE, m.function), mixture(m, SOURCE)
    tied = config.flag("tie_word_embeddings") if tied is None else tied
    return mixed_decoder(d, stack, attention_rows, networks, tied=tied)


def are_sparse(config: Config, layers: int, *, dense: int = 0) -> list[bool]:
    """Whether each layer has experts: as a list says, or after the first ones (``dense`` by default) every so many."""
    first = config.count("first_k_dense_replace", default=dense, least=0)
    every = config.count("moe_layer_freq", default=1)
    stated = layer_kinds(config, "mlp_layer_types", {"dense": False, "sparse": True}, layers)
    return stated or [i >= first and i % every == 0 for i in range(layers)]
