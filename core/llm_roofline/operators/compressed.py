"""Compressed attention: a sliding window of keys, and one key for every so many tokens (DeepSeek-V4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from . import flop
from .attention import Attention, Form
from .base import Operator
from .cost import Cost
from .counts import ONE, SEQUENCES, TOKENS, Compressed, Context
from .reach import REACHES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..formats import Conventions
    from .counts import Count

_SOURCE = "DeepSeek-V4 technical report, section 2.3"


@dataclass(frozen=True, slots=True)
class CompressedAttention(Attention):
    """Attention to the keys of a ``window`` and to compressed ones, each of which is its own value.

    Parameters
    ----------
    ratio : int
        Tokens of a compressed key [token]; 0 where there are none.
    selected : int or None
        Compressed keys that a query selects [1]; None for all.
    """

    ratio: int = 0
    selected: int | None = None

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """A vector of each token in the window, and of each so many [1]."""
        elements = self.kv_heads * self.head_size
        near: dict[Count, float] = {Context(self.window): elements}
        return {"kv_cache": near | ({Context(): elements / self.ratio} if self.ratio else {})}

    def forms(self, conventions: Conventions) -> tuple[Form, ...]:
        """One form, whose keys are near and far."""
        pairs, scores, context = near = REACHES["causal"].counts(self.window, 1)
        if self.ratio:
            reach = "causal" if self.selected is None else "selected"
            far = REACHES[reach].counts(None if self.selected is None else self.selected * self.ratio, 1)
            pairs, scores, context = (Compressed(*both, self.ratio) for both in zip(near, far, strict=True))
        counted = pairs if conventions.causal_attention else scores
        width = self.kv_heads * self.head_size
        return (Form(TOKENS, counted, scores, context, self.head_size, self.head_size, (width, width), shared=width),)


@dataclass(frozen=True, slots=True)
class Compressor(Operator):
    """The weighted mean of the keys of so many tokens, channel by channel, its norm and RoPE; stored as one key.

    What its two projections wrote of tokens that do not make a whole key yet waits in a buffer.

    Parameters
    ----------
    size : int
        Elements of a key [1].
    rotated : int
        Elements of it that are rotated [1].
    ratio : int
        Tokens of a key [token].
    overlaps : bool
        A token takes part in two keys, with a vector for each.
    """

    size: int
    rotated: int
    ratio: int
    overlaps: bool

    kind: ClassVar[str] = "elementwise"

    @property
    def width(self) -> int:
        """Elements of a token that each projection made [1]."""
        return self.size * (1 + self.overlaps)

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]: a bias for each place in the mean, and a norm."""
        return {"wide": self.ratio * self.width + self.size}

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """Vectors and weights of the tokens of a key, and those that the next one shares [1]."""
        return {"wide_state": {SEQUENCES: 2 * self.ratio * (self.width + self.size * self.overlaps)}}

    def cost(self, conventions: Conventions) -> Cost:
        """An addition, a softmax and a multiply-add for each element; norm and RoPE once a key."""
        once = flop.RMS_NORM * self.size + flop.ROPE * self.rotated * conventions.rope
        cost = (flop.ADD + flop.SOFTMAX + 2) * self.width + once / self.ratio
        return Cost(
            vector_flops={TOKENS: cost},
            wide_weight_read={ONE: sum(self.parameters.values())},
            wide_read={TOKENS: 2 * self.width},
            kv_write={TOKENS: self.size / self.ratio},
            formula=f"{cost:,} · tokens",
            source=_SOURCE,
        )
