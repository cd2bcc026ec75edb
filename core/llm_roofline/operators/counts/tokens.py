"""Counts that do not ask what a token sees: tokens, sequences, and the constant one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .base import Count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..step import StepArrays


_ONE = np.array(1.0)


@dataclass(frozen=True, slots=True)
class One(Count):
    """What happens once a step, whatever its shape."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "1"

    def of(self, step: StepArrays) -> NDArray[np.float64]:  # noqa: ARG002 - whatever it is
        """One [1]."""
        return _ONE

    def together(self, steps: Sequence[StepArrays]) -> NDArray[np.float64]:
        """One [1]: what happens once a pass is shared by all that runs in it."""
        return np.ones_like(steps[0].batch)


@dataclass(frozen=True, slots=True)
class Sequences(Count):
    """Sequences of the batch."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "sequences"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Sequences, b [1]."""
        return step.batch


@dataclass(frozen=True, slots=True)
class Tokens(Count):
    """New tokens of all sequences."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "tokens"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """New tokens, b q [1]."""
        return step.batch * step.query_tokens


@dataclass(frozen=True, slots=True)
class PromptTokens(Count):
    """New tokens where they are the prompt; only ``Conventions.paper`` asks."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "prompt tokens"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """New tokens of a prompt, else none [1]."""
        return step.batch * step.query_tokens * step.prompt


@dataclass(frozen=True, slots=True)
class NextTokens(Count):
    """Tokens after which the next one is asked for: the last of a prompt, and every one that decode runs."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "next tokens"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Next tokens, b of a prompt and b q in decode [1]."""
        return step.batch * np.where(step.prompt, 1.0, step.query_tokens)


ONE: Count = One()
SEQUENCES: Count = Sequences()
TOKENS: Count = Tokens()
PROMPT_TOKENS: Count = PromptTokens()
NEXT_TOKENS: Count = NextTokens()
