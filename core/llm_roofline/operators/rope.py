"""Rotary position embedding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from . import flop
from .base import Operator
from .cost import Cost
from .counts import TOKENS

if TYPE_CHECKING:
    from ..formats import Conventions


@dataclass(frozen=True, slots=True)
class Rope(Operator):
    """Rotation of queries and keys by their position: both are read, the query is written, the key goes to the cache.

    Parameters
    ----------
    query_width, key_width : int
        Elements of a token's queries and keys that are rotated [1].
    cached : bool
        The key goes to the cache; else it is written beside the query.
    """

    query_width: int
    key_width: int
    cached: bool = True

    kind: ClassVar[str] = "elementwise"

    def is_counted(self, conventions: Conventions) -> bool:
        """Has a switch of its own."""
        return conventions.rope

    def cost(self, conventions: Conventions) -> Cost:  # noqa: ARG002 - the switch above is the only one
        """3 FLOP an element (arXiv 2104.09864, equation 34)."""
        return Cost(
            vector_flops={TOKENS: flop.ROPE * (self.query_width + self.key_width)},
            wide_read={TOKENS: self.query_width + self.key_width},
            activation_write={TOKENS: self.query_width + self.key_width * (not self.cached)},
            kv_write={TOKENS: self.key_width * self.cached},
            formula=f"{flop.ROPE} · tokens · {self.query_width + self.key_width:,}",
            source="arXiv 2104.09864, equation 34",
        )
