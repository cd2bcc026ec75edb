"""Scaled dot-product attention, as three operators and fused into one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, ClassVar

from ..step import PROMPT_TOKENS, TOKENS, Feature, context, pairs, scores
from . import flop
from .base import Counts, Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..conventions import Conventions

_SOURCE = "arXiv 1706.03762, section 3.2.1"


@dataclass(frozen=True, slots=True)
class Attention(Operator):
    """Attention of every query to the visible keys; runs as a product, a softmax and a product.

    Parameters
    ----------
    heads, kv_heads : int
        Query heads, and heads of keys and values that groups of them share [1].
    head_size, value_size : int
        Elements of a head's query and key, and of its value [1].
    window : int or None
        Keys that a query sees at most, itself included [token]; None for all.
    """

    heads: int
    kv_heads: int
    head_size: int
    value_size: int
    window: int | None = None

    kind: ClassVar[str] = "attention"

    def rows(self) -> Iterable[Operator]:
        """Product with the keys, softmax, product with the values."""
        shape = (self.heads, self.kv_heads, self.head_size, self.value_size, self.window)
        yield KeyProduct("qk_matmul", self.inputs, *shape)
        yield Softmax("softmax", ("qk_matmul",), *shape)
        yield ValueProduct(self.name, ("softmax", *self.inputs[-1:]), *shape)

    def fused(self) -> FusedAttention:
        """The same attention as one operator that keeps its scores on the chip."""
        return FusedAttention(**asdict(self))

    def counts(self, conventions: Conventions) -> Counts:
        """Only its rows count."""
        raise NotImplementedError

    def _pairs(self, conventions: Conventions) -> Feature:
        return pairs(self.window) if conventions.causal_attention else scores(self.window)

    def _query_read(self, conventions: Conventions) -> dict[Feature, float]:
        read: dict[Feature, float] = {TOKENS: self.heads * self.head_size}
        if not conventions.query_heads:
            read[PROMPT_TOKENS] = (self.kv_heads - self.heads) * self.head_size
        return read

    def _seen(self) -> str:
        return "pairs" if self.window is None else f"pairs in a window of {self.window:,}"


@dataclass(frozen=True, slots=True)
class KeyProduct(Attention):
    """Scores: the product of queries and keys."""

    def rows(self) -> Iterable[Operator]:
        """Itself."""
        yield self

    def counts(self, conventions: Conventions) -> Counts:
        """2 pairs H d FLOP; a key is read once for all the queries that see it."""
        return Counts(
            matrix_flops={self._pairs(conventions): 2 * self.heads * self.head_size},
            activation_read=self._query_read(conventions),
            wide_write={scores(self.window): self.heads},
            kv_read={context(self.window): self.kv_heads * self.head_size},
            operands=("activations", "kv_cache"),
            formula=f"2 · {self._seen()} · {self.heads:,} · {self.head_size:,}",
            source=_SOURCE,
        )


@dataclass(frozen=True, slots=True)
class Softmax(Attention):
    """Probabilities: the softmax of each row of scores."""

    def rows(self) -> Iterable[Operator]:
        """Itself."""
        yield self

    def counts(self, conventions: Conventions) -> Counts:
        """5 FLOP a pair and head (arXiv 2402.16363, Table 1); the whole matrix is read and written."""
        matrix: dict[Feature, float] = {scores(self.window): self.heads}
        return Counts(
            vector_flops={self._pairs(conventions): flop.SOFTMAX * self.heads},
            wide_read=matrix,
            activation_write=matrix,
            formula=f"{flop.SOFTMAX} · {self._seen()} · {self.heads:,}",
            source="arXiv 2402.16363, Table 1",
        )


@dataclass(frozen=True, slots=True)
class ValueProduct(Attention):
    """The product of probabilities and values."""

    def rows(self) -> Iterable[Operator]:
        """Itself."""
        yield self

    def counts(self, conventions: Conventions) -> Counts:
        """2 pairs H v FLOP; a value is read once for all the queries that see it."""
        return Counts(
            matrix_flops={self._pairs(conventions): 2 * self.heads * self.value_size},
            activation_read={scores(self.window): self.heads},
            activation_write={TOKENS: self.heads * self.value_size},
            kv_read={context(self.window): self.kv_heads * self.value_size},
            operands=("activations", "kv_cache"),
            formula=f"2 · {self._seen()} · {self.heads:,} · {self.value_size:,}",
            source=_SOURCE,
        )


@dataclass(frozen=True, slots=True)
class FusedAttention(Attention):
    """Attention that never writes its scores: query, keys and values are read once, the result is written."""

    def rows(self) -> Iterable[Operator]:
        """Itself."""
        yield self

    def counts(self, conventions: Conventions) -> Counts:
        """FLOP of the three rows; traffic of the query, of K and V once, and of the result (arXiv 2205.14135)."""
        product = 2 * self.heads * (self.head_size + self.value_size)
        return Counts(
            matrix_flops={self._pairs(conventions): product},
            vector_flops={self._pairs(conventions): flop.SOFTMAX * self.heads},
            activation_read=self._query_read(conventions),
            activation_write={TOKENS: self.heads * self.value_size},
            kv_read={context(self.window): self.kv_heads * (self.head_size + self.value_size)},
            operands=("activations", "kv_cache"),
            formula=f"2 · {self._seen()} · {self.heads:,} · ({self.head_size:,} + {self.value_size:,})"
            f" + {flop.SOFTMAX} · {self._seen()} · {self.heads:,}",
            source=f"{_SOURCE}; arXiv 2205.14135",
        )
