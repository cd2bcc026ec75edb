"""Experts: linear layers of which each token runs a few, and the sum of what they return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .base import Operator
from .cost import Cost
from .counts import TOKENS, ExpertsHit

if TYPE_CHECKING:
    from ..formats import Conventions

_SOURCE = "arXiv 2101.03961, section 2.1; experts hit under even routing: E (1 - (1 - k/E)^tokens)"


@dataclass(frozen=True, slots=True)
class ExpertLinear(Operator):
    """A linear layer of every expert, as one grouped product; the weights of the experts hit are read once.

    Parameters
    ----------
    width_in, width_out : int
        Elements that go into an expert and come out [1].
    experts : int
        Experts of a layer [1].
    chosen : int
        Experts that a token is sent to [1].
    bias : bool
        Each expert has a bias.
    first : bool
        Reads tokens, once each; else what the experts' layer before it wrote, a row for each token and chosen expert.
    """

    width_in: int
    width_out: int
    experts: int
    chosen: int
    bias: bool = False
    first: bool = True

    kind: ClassVar[str] = "experts"

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        biases = self.experts * self.width_out * self.bias
        return {"experts": self.experts * self.width_in * self.width_out, "wide": biases}

    def cost(self, conventions: Conventions) -> Cost:
        """2 T k i o FLOP."""
        hit = ExpertsHit(self.experts, self.chosen)
        bias = self.bias and conventions.biases
        weights = self.width_in * self.width_out
        return Cost(
            matrix_flops={TOKENS: self.chosen * (2 * weights + bias * self.width_out)},
            weight_read={hit: weights},
            wide_weight_read={hit: self.width_out * bias},
            activation_read={TOKENS: self.width_in * (1 if self.first else self.chosen)},
            wide_write={TOKENS: self.width_out * self.chosen},
            stored="experts",
            operands=("experts", "activations"),
            formula=f"2 · tokens · {self.chosen:,} · {self.width_in:,} · {self.width_out:,}"
            + (f" + tokens · {self.chosen:,} · {self.width_out:,}" if bias else ""),
            source=_SOURCE,
        )


@dataclass(frozen=True, slots=True)
class ExpertSum(Operator):
    """The sum of what the chosen experts return for a token, each by its weight, and of what runs beside them.

    Parameters
    ----------
    width : int
        Elements of a token [1].
    chosen : int
        Experts that a token was sent to [1].
    beside : int
        Results of shared experts that are added [1].
    """

    width: int
    chosen: int
    beside: int = 0

    kind: ClassVar[str] = "experts"

    def cost(self, conventions: Conventions) -> Cost:  # noqa: ARG002 - no switch
        """2 k FLOP an element less the first addition, and one for each result beside them."""
        cost = 2 * self.chosen - 1 + self.beside
        return Cost(
            vector_flops={TOKENS: cost * self.width},
            wide_read={TOKENS: (self.chosen + self.beside) * self.width},
            wide_write={TOKENS: self.width},
            formula=f"{cost} · tokens · {self.width:,}",
            source="arXiv 2101.03961, equation 2",
        )
