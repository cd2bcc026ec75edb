"""Scaled dot-product attention, as three operators and fused into one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from . import flop
from .base import Operator
from .cost import Cost
from .counts import ONE, PROMPT_TOKENS, TOKENS, Context, Reread
from .reach import REACHES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Self

    from ..formats import Conventions
    from .counts import Count

_SOURCE = "arXiv 1706.03762, section 3.2.1"


class Form(NamedTuple):
    """A way in which attention runs; what it counts belongs to counts, so that several add up.

    Parameters
    ----------
    tokens, pairs, scores, context : Count
        New tokens, pairs that are multiplied, elements of the score matrix, keys that are read.
    key_size, value_size : int
        Elements of a head's query and key, and of its value [1].
    cached : tuple of int
        Elements of keys and of values of a token that come from the cache [1].
    fresh : tuple of int
        Elements of keys and of values of a token that come from an operator before it [1].
    shared : int
        Elements that are key and value at once, which fused attention reads once [1].
    """

    tokens: Count
    pairs: Count
    scores: Count
    context: Count
    key_size: int
    value_size: int
    cached: tuple[int, int]
    fresh: tuple[int, int] = (0, 0)
    shared: int = 0


@dataclass(frozen=True, slots=True)
class Attention(Operator):
    """Attention of every query to the keys it sees; runs as a product, a softmax and a product.

    Parameters
    ----------
    heads, kv_heads : int
        Query heads, and heads of keys and values that groups of them share [1].
    head_size, value_size : int
        Elements of a head's query and key, and of its value [1].
    window : int or None
        Keys that a query sees at most, itself included [token]; None for all.
    reach : str
        What a query sees, a key of :data:`llm_roofline.operators.reach.REACHES`: ``"causal"``, ``"chunk"`` (of
        ``window`` tokens), ``"selected"`` (``window`` keys of its choice), ``"both ways"``, ``"windows"`` (both ways
        in parts of ``window`` tokens) or ``"source"``.
    sinks : bool
        Each head has a logit of its own that takes part in the softmax.
    block : int
        Keys that are selected together [token].
    capped : bool
        Scores go through a tanh before the softmax, which bounds them (arXiv 2408.00118, section 2).
    alibi : bool
        Scores fall with the distance between query and key, at a rate that each head has (arXiv 2108.12409, section 3).
    part : str
        ``"whole"``, or what runs: ``"scores"``, ``"softmax"``, ``"values"`` or ``"fused"``.
    """

    heads: int
    kv_heads: int
    head_size: int
    value_size: int
    window: int | None = None
    reach: str = "causal"
    sinks: bool = False
    block: int = 1
    capped: bool = False
    alibi: bool = False
    part: str = "whole"

    kind: ClassVar[str] = "attention"

    def rows(self, conventions: Conventions) -> Iterable[Operator]:  # noqa: ARG002 - no switch
        """Product with the keys, softmax, product with the values; or itself, if it is one of them."""
        if self.part != "whole":
            return (self,)
        prefix = "" if self.name == "attention" else f"{self.name}."
        names = f"{prefix}qk_matmul", f"{prefix}softmax"
        return (
            replace(self, name=names[0], part="scores"),
            replace(self, name=names[1], inputs=names[:1], part="softmax"),
            replace(self, inputs=(names[1], *self.inputs[-1:]), part="values"),
        )

    def fused(self) -> Self:
        """The same attention as one operator that keeps its scores on the chip."""
        return replace(self, part="fused")

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]: the sinks."""
        return {"wide": self.heads * self.sinks}

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """Keys and values of the tokens that later queries may see [1]."""
        return {"kv_cache": REACHES[self.reach].kept(self.window, self.kv_heads * (self.head_size + self.value_size))}

    def forms(self, conventions: Conventions) -> tuple[Form, ...]:
        """The ways in which it runs; one, unless a subclass has more.

        Parameters
        ----------
        conventions : Conventions
            How things are counted.
        """
        reach = REACHES[self.reach]
        pairs, scores, context = reach.counts(self.window, self.block)
        widths = self.kv_heads * self.head_size, self.kv_heads * self.value_size
        if not (reach.cached or conventions.cache_where_reused):
            context = Context()
        cached, fresh = (widths, (0, 0)) if reach.cached or not conventions.cache_where_reused else ((0, 0), widths)
        counted = pairs if conventions.causal_attention else scores
        return (Form(TOKENS, counted, scores, context, self.head_size, self.value_size, cached, fresh),)

    def cost(self, conventions: Conventions) -> Cost:
        """Counts of the part that runs."""
        parts: dict[str, Callable[[tuple[Form, ...], Conventions], Cost]] = {
            "scores": self._scores,
            "softmax": self._softmax,
            "values": self._values,
            "fused": self._fused,
        }
        return parts[self.part](self.forms(conventions), conventions)

    def _scores(self, forms: tuple[Form, ...], conventions: Conventions) -> Cost:
        """2 pairs H d FLOP; a key is read once for all the queries that see it."""
        return Cost(
            matrix_flops={f.pairs: 2 * self.heads * f.key_size for f in forms},
            activation_read=_sums(
                *self._part_of_queries(forms, conventions), *((f.context, f.fresh[0]) for f in forms)
            ),
            wide_write={f.scores: self.heads for f in forms},
            kv_read={f.context: f.cached[0] for f in forms},
            operands=("activations", "kv_cache" if any(f.cached[0] for f in forms) else "activations"),
            formula=" + ".join(f"2 · {f.pairs.name} · {self.heads:,} · {f.key_size:,}" for f in forms),
            source=_SOURCE,
        )

    def _softmax(self, forms: tuple[Form, ...], conventions: Conventions) -> Cost:  # noqa: ARG002 - as its siblings
        """5 FLOP a pair and head (arXiv 2402.16363, Table 1); the whole matrix is read and written."""
        matrix: dict[Count, float] = {f.scores: self.heads for f in forms}
        return Cost(
            vector_flops={f.pairs: self._score_cost * self.heads for f in forms},
            wide_weight_read=self._sinks_read(),
            wide_read=matrix,
            activation_write=matrix,
            formula=" + ".join(f"{self._score_cost} · {f.pairs.name} · {self.heads:,}" for f in forms),
            source="arXiv 2402.16363, Table 1",
        )

    def _values(self, forms: tuple[Form, ...], conventions: Conventions) -> Cost:  # noqa: ARG002 - as its siblings
        """2 pairs H v FLOP; a value is read once for all the queries that see it."""
        return Cost(
            matrix_flops={f.pairs: 2 * self.heads * f.value_size for f in forms},
            activation_read=_sums(*((f.scores, self.heads) for f in forms), *((f.context, f.fresh[1]) for f in forms)),
            activation_write={f.tokens: self.heads * f.value_size for f in forms},
            kv_read={f.context: f.cached[1] for f in forms},
            operands=("activations", "kv_cache" if any(f.cached[1] for f in forms) else "activations"),
            formula=" + ".join(f"2 · {f.pairs.name} · {self.heads:,} · {f.value_size:,}" for f in forms),
            source=_SOURCE,
        )

    def _fused(self, forms: tuple[Form, ...], conventions: Conventions) -> Cost:
        """FLOP of the three rows; traffic of the query, of K and V once, and of the result (arXiv 2205.14135)."""
        return Cost(
            matrix_flops={f.pairs: 2 * self.heads * (f.key_size + f.value_size) for f in forms},
            vector_flops={f.pairs: self._score_cost * self.heads for f in forms},
            wide_weight_read=self._sinks_read(),
            activation_read=_sums(*self._queries(forms), *((f.context, sum(f.fresh)) for f in forms)),
            activation_write=self._fused_written(forms, conventions),
            kv_read=self._fused_read(forms, conventions),
            operands=("activations", "kv_cache" if any(sum(f.cached) for f in forms) else "activations"),
            formula=" + ".join(
                f"2 · {f.pairs.name} · {self.heads:,} · ({f.key_size:,} + {f.value_size:,})"
                f" + {self._score_cost} · {f.pairs.name} · {self.heads:,}"
                for f in forms
            ),
            source=f"{_SOURCE}; arXiv 2205.14135",
        )

    @property
    def _score_cost(self) -> int:
        """Vector work on a score [FLOP]."""
        return flop.SOFTMAX + flop.CAP * self.capped + flop.ALIBI * self.alibi

    def _sinks_read(self) -> dict[Count, float]:
        return {ONE: self.heads} if self.sinks else {}

    def _fused_written(self, forms: tuple[Form, ...], conventions: Conventions) -> dict[Count, float]:
        """Elements of the result by count: a head's values for each query, or what LLM-Viewer has in their place."""
        if conventions.fused_output:
            return {f.tokens: self.heads * f.value_size for f in forms}
        return {f.scores: 2 * self.heads for f in forms}

    def _fused_read(self, forms: tuple[Form, ...], conventions: Conventions) -> dict[Count, float]:
        """Elements of the cache that are read by count.

        LLM-Viewer gives a block of queries (arXiv 2205.14135, algorithm 1) the memory of the whole chip, so that on its
        devices it has as many as a head has elements.
        """
        heads = 1.0 if conventions.fused_kv_heads else self.heads / self.kv_heads
        read: dict[Count, float] = {f.context: heads * (sum(f.cached) - f.shared) for f in forms}
        if conventions.fused_reading:
            return read
        return {Reread(context, self.head_size): elements for context, elements in read.items()}

    def _queries(self, forms: tuple[Form, ...]) -> Iterable[tuple[Count, float]]:
        """Elements of the queries by count."""
        return ((f.tokens, self.heads * f.key_size) for f in forms)

    def _part_of_queries(self, forms: tuple[Form, ...], conventions: Conventions) -> Iterable[tuple[Count, float]]:
        """Elements of the queries that are read, by count."""
        yield from self._queries(forms)
        if not conventions.query_heads:
            yield PROMPT_TOKENS, (self.kv_heads - self.heads) * self.head_size


def _sums(*terms: tuple[Count, float]) -> dict[Count, float]:
    """Coefficients by count; those of the same count add up."""
    total: dict[Count, float] = {}
    for count, coefficient in terms:
        total[count] = total.get(count, 0) + coefficient
    return total
