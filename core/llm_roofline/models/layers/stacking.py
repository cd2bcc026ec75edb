"""Whole decoders: embedding, groups of equal layers, head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ...basics import shown
from ...operators import HIDDEN, Embedding, Head, Norm, Operator, ResidualAdd
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from ..config import Config
    from .dimensions import Dimensions

Kind = TypeVar("Kind", bound="Hashable")


def position_embedding(
    d: Dimensions, names: tuple[str, str], positions: int, *, tied: bool = False
) -> tuple[Operator, ...]:
    """Embeddings of tokens, which may share the weights of another table, and of learned positions, and their sum."""
    tokens, places = names
    return (
        Embedding(tokens, (), d.vocabulary, d.hidden, tied=tied),
        Embedding(places, (), positions, d.hidden),
        ResidualAdd("embed_add", names, d.hidden),
    )


def head(  # noqa: PLR0913 - likewise
    d: Dimensions, *, norm: str, name: str = "lm_head", tied: bool, layer_norm: bool = False, bias: bool = False
) -> Block:
    """The final norm and the projection onto the vocabulary; the norm has a bias if it is a LayerNorm."""
    return Block(
        "head",
        1,
        (
            Norm(norm, (HIDDEN,), d.hidden, layer_norm=layer_norm, bias=layer_norm, role="final"),
            Head(name, (norm,), d.hidden, d.vocabulary, tied, bias),
        ),
    )


def residual_layer(
    width: int, attention_rows: Iterable[Operator], mlp_rows: Iterable[Operator], norms: tuple[Norm, Norm]
) -> tuple[Operator, ...]:
    """A layer in which attention and then the feed-forward network add to the residual stream, each behind its norm."""
    first, second = tuple(attention_rows), tuple(mlp_rows)
    return (
        norms[0],
        *first,
        ResidualAdd("attn_add", (HIDDEN, first[-1].name), width),
        norms[1],
        *second,
        ResidualAdd("mlp_add", ("attn_add", second[-1].name), width),
    )


def sequential(
    block: tuple[str, int],
    width: int,
    attention_rows: Iterable[Operator],
    mlp_rows: Iterable[Operator],
    norms: tuple[Norm, Norm],
) -> Block:
    """Layers of :func:`residual_layer` that are all equal."""
    return Block(*block, residual_layer(width, attention_rows, mlp_rows, norms))


def rms_norms(hidden: int) -> tuple[Norm, Norm]:
    """The two RMSNorms of a layer of Llama."""
    return Norm("input_layernorm", (HIDDEN,), hidden), Norm("post_attention_layernorm", ("attn_add",), hidden)


def rms_norm_decoder(
    d: Dimensions,
    attention_rows: Callable[[int | None], Iterable[Operator]],
    mlp_rows: Iterable[Operator],
    *,
    tied: bool,
    groups: Sequence[tuple[str, int, int | None]],
) -> Iterator[Block]:
    """The decoder of Llama and of those that follow it: RMSNorm before attention, before the network and at the end.

    Parameters
    ----------
    d : Dimensions
        Its dimensions.
    attention_rows : callable
        Attention of a layer, given the width of its window [token].
    mlp_rows : iterable of Operator
        The feed-forward network.
    tied : bool
        The head shares the embedding's weights.
    groups : sequence of tuple
        Name, layers [1] and window [token] of each group of equal layers.
    """
    network = tuple(mlp_rows)
    norms = rms_norms(d.hidden)
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    for name, layers, window in groups:
        if layers:
            yield sequential((name, layers), d.hidden, attention_rows(window), network, norms)
    yield head(d, norm="norm", tied=tied)


def late_windows(config: Config, layers: int) -> list[tuple[str, int, int | None]]:
    """Groups of Qwen's layers: with ``use_sliding_window``, those from ``max_window_layers`` on have a window."""
    window, first = config.optional_count("sliding_window"), config.count("max_window_layers", default=None, least=0)
    if not config.flag("use_sliding_window"):
        config.ignore("sliding_window")  # without effect then
        window = None
    if window is None:
        return [("layers", layers, None)]
    full = min(layers if first is None else first, layers)
    return [("full layers", full, None), ("sliding layers", layers - full, window)]


def stacked(
    kinds: Sequence[Kind], names: Mapping[Kind, str], build: Callable[[Kind], Iterable[Operator]]
) -> Iterator[Block]:
    """Blocks of equal layers, wherever they stand in the stack, in the order in which each kind first appears.

    Parameters
    ----------
    kinds : sequence
        Kind of each layer, from the first to the last.
    names : mapping
        Name of each kind's block.
    build : callable
        Operators of a layer, given its kind.
    """
    for kind in dict.fromkeys(kinds):
        places = tuple(i for i, other in enumerate(kinds) if other == kind)
        yield Block(names[kind], len(places), tuple(build(kind)), places)


def layer_kinds(config: Config, key: str, among: Mapping[Any, Kind], layers: int) -> list[Kind] | None:
    """Kind of each layer, as a list of words or numbers says; None where the key is not set, or not understood.

    Parameters
    ----------
    config : Config
        The configuration.
    key : str
        Key of the list.
    among : mapping
        Kinds by the entries that are understood.
    layers : int
        How many there must be [1].
    """
    stated = config.sequence(key, length=layers)
    if stated is None:
        return None
    if strange := [entry for entry in stated if not isinstance(entry, str | int) or entry not in among]:
        config.problem(f"{key!r} must consist of {', '.join(map(str, among))} (got {shown(strange[0])}).")
        return None
    return [among[entry] for entry in stated]
