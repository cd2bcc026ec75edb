"""What new tokens see of the tokens before them where each selects a few: single keys, or whole blocks of them.

A query at position t (counted from 0) sees its own block up to itself, t mod block + 1 keys, and as many of the whole
blocks before it as fit into the selection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..step import Step
from .base import Count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ..step import StepArrays


@dataclass(frozen=True, slots=True)
class Selected(Count):
    """A count of attention to a selection.

    Parameters
    ----------
    width : int
        Keys that a query selects, a multiple of the block [token].
    block : int
        Keys that are selected together [token].
    """

    width: int
    block: int = 1

    def _named(self, what: str) -> str:
        blocks = "" if self.block == 1 else f" in blocks of {self.block:,}"
        return f"selected {what} ({self.width:,} a token{blocks})"

    def _seen(self, step: StepArrays) -> NDArray[np.float64]:
        """Pairs of one sequence: those of all tokens so far, less those of the past [1]."""
        return self._until(step.context_tokens) - self._until(step.past)

    def _until(self, tokens: NDArray[np.float64]) -> NDArray[np.float64]:
        """Keys that the first tokens see together [1]."""
        block, chosen = self.block, self.width // self.block
        blocks = np.floor(tokens / block)  # whole ones
        rest, growing = tokens - blocks * block, np.minimum(blocks, chosen)
        before = growing * (growing - 1) / 2 + (blocks - growing) * (chosen - 1)  # that whole blocks of queries see
        within = blocks * (block + 1) * block / 2 + rest * (rest + 1) / 2  # keys of a query's own block
        seen: NDArray[np.float64] = block * (block * before + rest * np.minimum(blocks, chosen - 1)) + within
        return seen

    def turns(self, first: int, last: int) -> Iterable[int]:
        """The contexts that end a block, from the one on that fills the selection [token]."""
        if self.block == 1:
            return (self.width,) if first <= self.width < last else ()
        return range(max(self.width, -(-first // self.block) * self.block), last, self.block)

    def bends(self, first: int, last: int, query: int = 1) -> Iterable[int]:
        """Besides, the contexts after which several tokens begin or cease to select without sharing a key [token]."""
        turns = Count.bends(self, first, last, query)
        # From the first context on no fewer keys are there than the tokens may select, from the second on all are more.
        low, high = max(first, query * (self.width - self.block)), min(last, query * self.width + 1)
        if query == 1 or low >= high:
            return turns
        contexts = np.arange(low, high + 1)
        zero = np.zeros(len(contexts))
        shares = contexts <= self._seen(Step(zero, zero + query, contexts + zero, zero, zero))
        return sorted({*turns, *contexts[:-1][shares[1:] != shares[:-1]].tolist()})


@dataclass(frozen=True, slots=True)
class SelectedPairs(Selected):
    """(Query, key) pairs of attention to a selection."""

    @property
    def name(self) -> str:
        """Name for people."""
        return self._named("pairs")

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Pairs [1]."""
        return step.batch * self._seen(step)


@dataclass(frozen=True, slots=True)
class SelectedScores(Selected):
    """Elements of the score matrix of one head over selected keys, masked ones included."""

    @property
    def name(self) -> str:
        """Name for people."""
        return self._named("scores")

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Elements, b q min(c, width) [1]."""
        return step.batch * step.query_tokens * np.minimum(step.context_tokens, self.width)


@dataclass(frozen=True, slots=True)
class SelectedContext(Selected):
    """Keys that new tokens select, no two the same where there are enough: what is read at most."""

    @property
    def name(self) -> str:
        """Name for people."""
        return self._named("context")

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Keys, b min(c, pairs of a sequence) [1]."""
        return step.batch * np.minimum(step.context_tokens, self._seen(step))
