"""What new tokens see of the tokens before them: everything, a window, or their chunk.

A query at position p + i (i = 1 .. q, past p = c - q) sees min(p + i, window) keys; sums over i are in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .base import Count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ..step import StepArrays


@dataclass(frozen=True, slots=True)
class Windowed(Count):
    """A count under a window; ``window`` is its width [token], None for no window."""

    window: int | None = None

    def _named(self, what: str) -> str:
        return what if self.window is None else f"{what} (window {self.window:,})"

    def _visible(self, step: StepArrays) -> NDArray[np.float64]:
        """Keys that any of the new tokens sees [1]."""
        if self.window is None:
            return step.context_tokens
        return np.minimum(step.context_tokens, self.window + step.query_tokens - 1)

    def turns(self, first: int, last: int) -> Iterable[int]:
        """The context that fills the window [token]."""
        return () if self.window is None or not first <= self.window < last else (self.window,)


@dataclass(frozen=True, slots=True)
class Pairs(Windowed):
    """Visible (query, key) pairs of causal attention."""

    @property
    def name(self) -> str:
        """Name for people."""
        return self._named("pairs")

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Pairs, b sum of min(p + i, window) [1]."""
        past, query = step.past, step.query_tokens
        if self.window is None:
            return step.batch * (query * past + query * (query + 1) / 2)
        growing = np.clip(self.window - past, 0.0, query)  # queries that see everything before them
        return step.batch * (growing * past + growing * (growing + 1) / 2 + (query - growing) * self.window)


@dataclass(frozen=True, slots=True)
class Scores(Windowed):
    """Elements of the score matrix of one head: new tokens times keys that any of them sees, masked ones included."""

    @property
    def name(self) -> str:
        """Name for people."""
        return self._named("scores")

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Elements, b q min(c, window + q - 1) [1]."""
        return step.batch * step.query_tokens * self._visible(step)


@dataclass(frozen=True, slots=True)
class Context(Windowed):
    """Keys that at least one new token sees."""

    @property
    def name(self) -> str:
        """Name for people."""
        return self._named("context")

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Keys, b min(c, window + q - 1) [1]."""
        return step.batch * self._visible(step)


@dataclass(frozen=True, slots=True)
class Chunked(Count):
    """A count of attention in chunks: a token sees the tokens of its own chunk up to itself.

    Parameters
    ----------
    chunk : int
        Tokens of a chunk [token].
    """

    chunk: int

    def _since(self, step: StepArrays) -> NDArray[np.float64]:
        """Keys of each sequence from the first new token's chunk on [1]."""
        since: NDArray[np.float64] = step.context_tokens - np.floor(step.past / self.chunk) * self.chunk
        return since

    def turns(self, first: int, last: int) -> Iterable[int]:
        """The contexts that end a chunk [token]."""
        return range(-(-first // self.chunk) * self.chunk, last, self.chunk)


@dataclass(frozen=True, slots=True)
class ChunkPairs(Chunked):
    """Visible (query, key) pairs of attention in chunks."""

    @property
    def name(self) -> str:
        """Name for people."""
        return f"pairs (chunk {self.chunk:,})"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Pairs: those of all tokens so far, less those of the past [1]."""
        return step.batch * (self._until(step.context_tokens) - self._until(step.past))

    def _until(self, tokens: NDArray[np.float64]) -> NDArray[np.float64]:
        chunks = np.floor(tokens / self.chunk)
        rest = tokens - chunks * self.chunk
        pairs: NDArray[np.float64] = (chunks * self.chunk * (self.chunk + 1) + rest * (rest + 1)) / 2
        return pairs


@dataclass(frozen=True, slots=True)
class ChunkScores(Chunked):
    """Elements of the score matrix of one head in chunked attention, masked ones included."""

    @property
    def name(self) -> str:
        """Name for people."""
        return f"scores (chunk {self.chunk:,})"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Elements: new tokens times keys that any of them sees [1]."""
        return step.batch * step.query_tokens * self._since(step)


@dataclass(frozen=True, slots=True)
class ChunkContext(Chunked):
    """Keys that at least one new token sees in chunked attention."""

    @property
    def name(self) -> str:
        """Name for people."""
        return f"context (chunk {self.chunk:,})"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Keys from the first new token's chunk on [1]."""
        return step.batch * self._since(step)


@dataclass(frozen=True, slots=True)
class ChunkSquares(Chunked):
    """(Query, key) pairs of attention in chunks that each see all of themselves, both ways."""

    @property
    def name(self) -> str:
        """Name for people."""
        return f"pairs (both ways, chunk {self.chunk:,})"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Pairs: those of all tokens so far, less those of the past [1]."""
        return step.batch * (self._until(step.context_tokens) - self._until(step.past))

    def _until(self, tokens: NDArray[np.float64]) -> NDArray[np.float64]:
        chunks = np.floor(tokens / self.chunk)
        pairs: NDArray[np.float64] = chunks * self.chunk**2 + (tokens - chunks * self.chunk) ** 2
        return pairs
