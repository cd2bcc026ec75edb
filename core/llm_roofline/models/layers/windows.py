"""Layers with and without a sliding window in turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .stacking import layer_kinds, stacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...operators import Operator
    from ..config import Config
    from ..model import Block

KINDS = {"sliding_attention": "sliding", "full_attention": "full"}


def windowed_layers(
    config: Config, layers: int, build: Callable[[int | None], Iterable[Operator]], *, window: int, every: int
) -> Iterator[Block]:
    """Blocks of layers with a window and of layers without one.

    Parameters
    ----------
    config : Config
        The configuration, which may say the window and list the layers.
    layers : int
        How many there are [1].
    build : callable
        Operators of a layer, given the width of its window [token].
    window : int
        Its width where the key is absent; null means none [token].
    every : int
        One layer in so many has none, where there is no list [1].
    """
    width = config.optional_count("sliding_window") if "sliding_window" in config.fields else window
    kinds = layer_kinds(config, "layer_types", KINDS, layers) or [
        "sliding" if (i + 1) % every else "full" for i in range(layers)
    ]
    names = {kind: f"{kind} layers" for kind in kinds}
    yield from stacked(kinds, names, lambda kind: build(width if kind == "sliding" else None))
