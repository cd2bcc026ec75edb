"""Multi-head latent attention: keys and values of all heads from one small cached vector (arXiv 2405.04434)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from .attention import Attention, Form
from .base import Operator
from .cost import Cost
from .counts import ONE, TOKENS, Absorbed, Context, Rebuilt
from .reach import REACHES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..formats import Conventions
    from .counts import Count

_SOURCE = "arXiv 2405.04434, section 2.1"


@dataclass(frozen=True, slots=True)
class LatentAttention(Attention):
    """Attention whose cache holds a latent and one rotated key for all heads, not keys and values of each.

    ``head_size`` is that of a rebuilt key, its rotated part included, and ``kv_heads`` equals ``heads``. A ``window``
    is of keys that are selected; keys that are rebuilt are all multiplied, behind a mask.

    Parameters
    ----------
    latent : int
        Elements of the latent of a token [1].
    rotated : int
        Elements of the rotated key that all heads share [1].
    """

    latent: int = 0
    rotated: int = 0

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """The latent and the rotated key of every token [1]."""
        return {"kv_cache": {Context(): self.latent + self.rotated}}

    def forms(self, conventions: Conventions) -> tuple[Form, ...]:
        """Rebuilt and absorbed, of which a step takes the one with fewer FLOP."""
        if not conventions.latent_cache:
            return Attention.forms(self, conventions)
        nope, wide = self.head_size - self.rotated, self.latent + self.rotated
        sizes = self.latent, nope + self.value_size, self.rotated, self.window
        fresh = self.heads * nope, self.heads * self.value_size
        rebuilt = partial(
            Form, key_size=self.head_size, value_size=self.value_size, cached=(self.rotated, 0), fresh=fresh
        )
        absorbed = partial(Form, key_size=wide, value_size=self.latent, cached=(wide, self.latent), shared=self.latent)
        return (
            rebuilt(*(Rebuilt(count, *sizes) for count in self._seen("causal", None, conventions))),
            absorbed(*(Absorbed(count, *sizes) for count in self._seen(self.reach, self.window, conventions))),
        )

    @staticmethod
    def _seen(reach: str, window: int | None, conventions: Conventions) -> tuple[Count, ...]:
        pairs, scores, context = REACHES[reach].counts(window, 1)
        return TOKENS, pairs if conventions.causal_attention else scores, scores, context


@dataclass(frozen=True, slots=True)
class LatentExpansion(Operator):
    """The projection from the latent to every head: makes keys and values, or is absorbed into query and result.

    Parameters
    ----------
    latent : int
        Elements of the latent of a token [1].
    heads, nope_size, value_size : int
        Heads, and elements of a head's key without its rotated part and of its value [1].
    rotated : int
        Elements of the rotated key that all heads share [1].
    selected : int or None
        Keys that a query of the attention behind it selects [token]; None for all.
    """

    latent: int
    heads: int
    nope_size: int
    value_size: int
    rotated: int
    selected: int | None = None

    kind: ClassVar[str] = "linear"
    group: ClassVar[str] = "attention projection"

    @property
    def width_out(self) -> int:
        """Elements of the keys and values of a token [1]."""
        return self.heads * (self.nope_size + self.value_size)

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        return {"attention_weights": self.latent * self.width_out}

    def cost(self, conventions: Conventions) -> Cost:
        """2 r H (d + v) FLOP for each key that is rebuilt, or for each query that absorbs it."""
        sizes = self.latent, self.nope_size + self.value_size, self.rotated, self.selected
        rebuilt, absorbed = Rebuilt(Context(), *sizes), Absorbed(TOKENS, *sizes)
        runs: tuple[Count, ...] = (rebuilt, absorbed)
        moved: dict[str, Any] = {
            "kv_read": {rebuilt: self.latent},
            "activation_read": {absorbed: self.heads * (self.nope_size + self.latent)},
            "activation_write": {rebuilt: self.width_out, absorbed: self.heads * (self.latent + self.value_size)},
        }
        if (
            not conventions.latent_cache
        ):  # the cache holds keys and values, each key with the rotated part that RoPE made
            runs = (TOKENS,)
            moved = {
                "activation_read": {TOKENS: self.latent},
                "kv_write": {TOKENS: self.width_out + (self.heads - 1) * self.rotated},
            }
        return Cost(
            matrix_flops=dict.fromkeys(runs, 2 * self.latent * self.width_out),
            weight_read={ONE: self.latent * self.width_out},
            **moved,
            stored="attention_weights",
            operands=("attention_weights", "activations"),
            formula=" + ".join(f"2 · {f.name} · {self.latent:,} · {self.width_out:,}" for f in runs),
            source=_SOURCE,
        )
