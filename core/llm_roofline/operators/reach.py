"""What a query of attention can see, and what has to be kept for those to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .counts import (
    SOURCE_CONTEXT,
    SOURCE_PAIRS,
    TOKENS,
    ChunkContext,
    ChunkPairs,
    ChunkScores,
    ChunkSquares,
    Context,
    Pairs,
    Scores,
    SelectedContext,
    SelectedPairs,
    SelectedScores,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .counts import Count

    Counts = Callable[[int | None, int], tuple[Count, Count, Count]]


class Reach(NamedTuple):
    """What a query sees.

    Parameters
    ----------
    counts : callable
        Pairs, elements of the score matrix and keys read, given the width of the window and the keys that are selected
        together [token].
    cached : bool
        Keys and values are kept in the cache for later steps; else an operator of the same step makes them.
    keeps : callable
        What the cache holds, given the width of the window [token].
    """

    counts: Counts
    cached: bool
    keeps: Callable[[int | None], Count]

    def kept(self, window: int | None, elements: int) -> Mapping[Count, float]:
        """Elements of the cache by count of the last step [1]."""
        return {self.keeps(window): elements} if self.cached else {}


def _width(window: int | None) -> int:
    if window is None:
        raise ValueError("attention in chunks or to a selection needs a width")
    return window


REACHES: Mapping[str, Reach] = {
    "causal": Reach(lambda w, _: (Pairs(w), Scores(w), Context(w)), cached=True, keeps=Context),
    "chunk": Reach(
        lambda w, _: (ChunkPairs(_width(w)), ChunkScores(_width(w)), ChunkContext(_width(w))),
        cached=True,
        keeps=Context,  # a chunk that is full, at most
    ),
    "selected": Reach(
        lambda w, block: (
            SelectedPairs(_width(w), block),
            SelectedScores(_width(w), block),
            SelectedContext(_width(w), block),
        ),
        cached=True,
        keeps=lambda _: Context(),
    ),
    "both ways": Reach(lambda *_: (Scores(), Scores(), TOKENS), cached=False, keeps=Context),
    "windows": Reach(
        lambda w, _: (ChunkSquares(_width(w)), ChunkSquares(_width(w)), TOKENS), cached=False, keeps=Context
    ),
    "source": Reach(
        lambda *_: (SOURCE_PAIRS, SOURCE_PAIRS, SOURCE_CONTEXT), cached=True, keeps=lambda _: SOURCE_CONTEXT
    ),
}
"""Every reach by its name."""
