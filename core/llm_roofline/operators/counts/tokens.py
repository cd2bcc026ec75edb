"""Features that do not ask what a token sees: tokens, sequences, and the constant one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .base import Feature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .base import Shape


@dataclass(frozen=True, slots=True)
class One(Feature):
    """What happens once a step, whatever its shape."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "1"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """One [1]."""
        return np.ones_like(shape.batch)

    def together(self, shapes: Sequence[Shape]) -> NDArray[np.float64]:
        """One [1]: what happens once a pass is shared by all that runs in it."""
        return self.of(shapes[0])


@dataclass(frozen=True, slots=True)
class Sequences(Feature):
    """Sequences of the batch."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "sequences"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """Sequences, b [1]."""
        return shape.batch


@dataclass(frozen=True, slots=True)
class Tokens(Feature):
    """New tokens of all sequences."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "tokens"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """New tokens, b q [1]."""
        return shape.batch * shape.query


@dataclass(frozen=True, slots=True)
class PromptTokens(Feature):
    """New tokens where they are the prompt; only ``Conventions.paper`` asks."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "prompt tokens"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """New tokens of a prompt, else none [1]."""
        return shape.batch * shape.query * shape.prompt


@dataclass(frozen=True, slots=True)
class NextTokens(Feature):
    """Tokens after which the next one is asked for: the last of a prompt, and every one that decode runs."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "next tokens"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """Next tokens, b of a prompt and b q in decode [1]."""
        return shape.batch * np.where(shape.prompt, 1.0, shape.query)


ONE: Feature = One()
SEQUENCES: Feature = Sequences()
TOKENS: Feature = Tokens()
PROMPT_TOKENS: Feature = PromptTokens()
NEXT_TOKENS: Feature = NextTokens()
