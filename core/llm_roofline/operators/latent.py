"""Multi-head latent attention: keys and values of all heads from one small cached vector (arXiv 2405.04434)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from ..features import ONE, TOKENS, Absorbed, Context, Pairs, Rebuilt, Scores, Selected
from .attention import Attention, Form
from .base import Counts, Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..conventions import Conventions
    from ..features import Feature

_SOURCE = "arXiv 2405.04434, section 2.1"


@dataclass(frozen=True, slots=True)
class LatentAttention(Attention):
    """Attention whose cache holds a latent and one rotated key for all heads, not keys and values of each.

    ``head_size`` is that of a rebuilt key, its rotated part included, and ``kv_heads`` equals ``heads``. With a
    selection (``reach="selected"``) it always runs absorbed, as the kernels of DeepSeek-V3.2 do.

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
    def kept(self) -> Mapping[str, Mapping[Feature, float]]:
        """The latent and the rotated key of every token [1]."""
        return {"kv_cache": {Context(): self.latent + self.rotated}}

    def forms(self, conventions: Conventions) -> tuple[Form, ...]:
        """Absorbed, and where that takes more FLOP rebuilt."""
        if not conventions.latent_cache:
            return Attention.forms(self, conventions)
        wide = self.latent + self.rotated
        absorbed = partial(Form, key_size=wide, value_size=self.latent, cached=(wide, self.latent), shared=self.latent)
        if self.reach == "selected":
            chosen = Pairs(self.window)
            return (absorbed(TOKENS, chosen, chosen, Selected(self.window)),)
        size = self.latent, self.head_size - self.rotated + self.value_size
        made = self.heads * (self.head_size - self.rotated), self.heads * self.value_size
        rebuilt = partial(
            Form, key_size=self.head_size, value_size=self.value_size, cached=(self.rotated, 0), made=made
        )
        seen: tuple[Feature, ...] = (TOKENS, Pairs() if conventions.causal_attention else Scores(), Scores(), Context())
        return (
            rebuilt(*(Rebuilt(feature, *size) for feature in seen)),
            absorbed(*(Absorbed(feature, *size) for feature in seen)),
        )


@dataclass(frozen=True, slots=True)
class LatentExpansion(Operator):
    """The projection from the latent to every head: makes keys and values, or is absorbed into query and result.

    Parameters
    ----------
    latent : int
        Elements of the latent of a token [1].
    heads, nope_size, value_size : int
        Heads, and elements of a head's key without its rotated part and of its value [1].
    selected : bool
        Attention to a selection follows, so that it is always absorbed.
    """

    latent: int
    heads: int
    nope_size: int
    value_size: int
    selected: bool = False

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

    def counts(self, conventions: Conventions) -> Counts:
        """2 r H (d + v) FLOP for each key that is rebuilt, or for each query that absorbs it."""
        form = self.latent, self.nope_size + self.value_size
        work = 2 * self.latent * self.width_out
        makes: dict[Feature, float]
        absorbs: dict[Feature, float]
        if not conventions.latent_cache:
            makes, absorbs = {TOKENS: work}, {}
            moved: dict[str, dict[Feature, float]] = {
                "activation_read": {TOKENS: self.latent},
                "kv_write": {TOKENS: self.width_out},
            }
        else:
            rebuilt = Rebuilt(Context(), *form)
            absorbed = TOKENS if self.selected else Absorbed(TOKENS, *form)
            makes, absorbs = ({} if self.selected else {rebuilt: work}), {absorbed: work}
            moved = {
                "activation_read": {absorbed: self.heads * (self.nope_size + self.latent)},
                "activation_write": {absorbed: self.heads * (self.latent + self.value_size)},
            }
            if not self.selected:
                moved["activation_write"] |= {rebuilt: self.width_out}
                moved["kv_read"] = {rebuilt: self.latent}
        flops: dict[Feature, float] = makes | absorbs
        return Counts(
            matrix_flops=flops,
            weight_read={ONE: self.latent * self.width_out},
            **moved,
            stored="attention_weights",
            operands=("attention_weights", "activations"),
            formula=" + ".join(f"2 · {f.name} · {self.latent:,} · {self.width_out:,}" for f in flops),
            source=_SOURCE,
        )
