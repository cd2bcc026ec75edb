"""State-space layers and linear attention: a state of constant size that every token updates and reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from .base import Operator
from .cost import Cost
from .counts import ONE, SEQUENCES, TOKENS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..formats import Conventions
    from .counts import Count


class Rule(NamedTuple):
    """How a token changes the state.

    Parameters
    ----------
    cost : int
        FLOP of a token for each element of the state: its decay, update and reading [FLOP].
    on_matrix_units : bool
        Its form in blocks of tokens is made of matrix products; else it runs on the vector lanes.
    source : str
        Where the rule comes from.
    """

    cost: int
    on_matrix_units: bool
    source: str


RULES: Mapping[str, Rule] = {
    # decay: exponential and two products, update: product and sum, reading: product and sum
    "selective scan": Rule(7, False, "arXiv 2312.00752, algorithm 2"),
    # decay: product, update: product and sum, reading: product and sum
    "state-space dual": Rule(5, True, "arXiv 2405.21060, section 2.1"),
    "lightning attention": Rule(5, True, "arXiv 2401.04658, section 3"),
    # besides, what the state holds under the key is read before it is replaced: product and sum
    "gated delta": Rule(7, True, "arXiv 2412.06464, equation 10"),
    "Kimi delta": Rule(7, True, "arXiv 2510.26692, section 3"),  # each row of the state has a decay of its own
}
"""Rules by name, each counted as the recurrence, which needs no size of a block.

Forms in blocks of tokens spare decays and multiply within a block: at the sizes of blocks that kernels use, they take
0.9 times as many FLOP or more.
"""


@dataclass(frozen=True, slots=True)
class StateScan(Operator):
    """The recurrence over the tokens of a sequence; the state is read and written once a step.

    Parameters
    ----------
    heads, key_size, value_size : int
        Heads, and rows and columns of the state of each [1].
    rule : str
        A key of :data:`RULES`.
    width_in, gates, width_out : int
        Elements of a token that are read as operands of products (queries, keys, values), that are read beside them and
        stay wide (steps, decays), and that are written [1].
    beside : int
        Work of a token that does not grow with the state: its gates, norms of its query and key, a skip [FLOP].
    own : int
        Parameters of the recurrence itself, such as decays and skips [1].
    """

    heads: int
    key_size: int
    value_size: int
    rule: str
    width_in: int
    gates: int
    width_out: int
    beside: int = 0
    own: int = 0

    kind: ClassVar[str] = "state"

    @property
    def state(self) -> int:
        """Elements of the state of a sequence [1]."""
        return self.heads * self.key_size * self.value_size

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        return {"wide": self.own}

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """The state [1]."""
        return {"state": {SEQUENCES: self.state}}

    def cost(self, conventions: Conventions) -> Cost:  # noqa: ARG002 - no switch
        """FLOP of the rule for every element of the state and every token."""
        rule = RULES[self.rule]
        work, moved = rule.cost * self.state, {SEQUENCES: self.state}
        on_matrix_units = rule.on_matrix_units
        return Cost(
            matrix_flops={TOKENS: work} if on_matrix_units else {},
            vector_flops={TOKENS: self.beside + work * (not on_matrix_units)},
            wide_weight_read={ONE: self.own},
            activation_read={TOKENS: self.width_in},
            wide_read={TOKENS: self.gates},
            wide_write={TOKENS: self.width_out},
            state_read=moved,
            state_write=moved,
            operands=("activations", "activations") if on_matrix_units else (),
            formula=f"{rule.cost} · tokens · {self.heads:,} · {self.key_size:,} · {self.value_size:,}"
            + (f" + {self.beside:,} · tokens" if self.beside else ""),
            source=rule.source,
        )
