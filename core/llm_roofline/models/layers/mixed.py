"""Decoders whose layers differ: in attention, or in that some are dense and the others have experts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding
from ..model import Block
from .depth import depth_head, depth_layer, mean_sources
from .stacking import head, residual_layer, rms_norms, stacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ...operators import Operator
    from ..config import Config
    from .dimensions import Dimensions


def mixed_decoder(  # noqa: PLR0913 - likewise
    d: Dimensions,
    stack: Sequence[tuple[str, bool]],
    attention_rows: Callable[[str], Iterable[Operator]],
    networks: tuple[Iterable[Operator], Iterable[Operator]],
    *,
    tied: bool,
    depth: int | None = None,
) -> Iterator[Block]:
    """RMSNorm before attention, before the network and at the end, as in Llama.

    Parameters
    ----------
    d : Dimensions
        Its dimensions.
    stack : sequence of tuple
        Of each layer the kind of attention, empty where there is one, and whether it has experts.
    attention_rows : callable
        Attention, given its kind.
    networks : tuple of iterables of Operator
        The dense feed-forward network and the mixture of experts.
    tied : bool
        The head shares the embedding's weights.
    depth : int or None
        Layers of a block of attention over depth [1]; None where there is none.
    """
    networks = tuple(networks[0]), tuple(networks[1])
    words = ("dense", "expert") if len({sparse for _, sparse in stack}) > 1 else ("", "")
    names = {kind: " ".join(filter(None, (kind[0], words[kind[1]], "layers"))) for kind in stack}
    norms = rms_norms(d.hidden)
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))

    def build(kind: tuple[str, bool]) -> Iterable[Operator]:
        rows = attention_rows(kind[0]), networks[kind[1]]
        if depth is None:
            return residual_layer(d.hidden, *rows, norms)
        places = [i for i, other in enumerate(stack) if other == kind]
        return depth_layer(d.hidden, *rows, norms, mean_sources(places, depth))

    yield from stacked(stack, names, build)
    last = head(d, norm="norm", tied=tied)
    yield last if depth is None else depth_head(last, d.hidden, mean_sources([d.layers], depth).attention)


def sparse_steps(config: Config, layers: int) -> list[bool]:
    """Whether each layer has experts, under the keys of Qwen: every so many, but for those that are named."""
    step, dense = config.count("decoder_sparse_step", default=1), config.layer_numbers("mlp_only_layers") or ()
    sparse = [(i + 1) % step == 0 and i not in dense for i in range(layers)]
    if all(sparse):
        config.ignore("intermediate_size")  # the width of dense layers
    return sparse
