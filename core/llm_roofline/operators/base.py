"""What an operator is: a named row of a model that counts its FLOP and the elements it moves.

Counts are linear in the features of a step (:mod:`llm_roofline.operators.counts`), so each is a mapping from feature to
coefficient. Elements become bytes later, when the formats are known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..formats.conventions import Conventions
    from .counts import Feature

    Linear = Mapping[Feature, float]

HIDDEN = "hidden_states"
"""Name of a block's input: the residual stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counts of one operator in one layer, each linear in the features of the step.

    Parameters
    ----------
    matrix_flops, vector_flops : mapping from Feature to float
        Work on the matrix units and on the vector lanes [FLOP].
    weight_read, head_read, wide_weight_read : mapping
        Elements of quantised weights, of embedding and head, and of norm weights and biases that are read [1].
    activation_read, activation_write : mapping
        Elements of the operands of matrix products [1].
    wide_read, wide_write : mapping
        Elements that quantisation leaves alone: residual stream, scores [1].
    kv_read, kv_write : mapping
        Elements of the KV cache [1].
    state_read, state_write : mapping
        Elements of states of a constant size a sequence, such as that of a state-space layer [1].
    adapter_read : mapping
        Elements of weights beside those of the checkpoint, in 16 bit, that are read [1].
    wide_sent, weight_sent, kv_sent, state_sent : mapping
        Elements of the residual stream, of the operator's weights, of KV cache and states that cross its link [1].
    latency : mapping
        What the link takes before the first byte [s].
    link : str
        Name of the link that they cross, such as ``"network"`` or ``"host"``; empty for none.
    stored : str
        Storage kind of ``weight_read``: ``"weights"``, ``"attention_weights"`` or ``"experts"``.
    operands : tuple of str
        Storage kinds of the operands of the matrix product, which decide its peak; empty for vector work.
    formula : str
        The FLOP as a formula for people.
    source : str
        Where the formula comes from.
    """

    matrix_flops: Linear = field(default_factory=dict)
    vector_flops: Linear = field(default_factory=dict)
    weight_read: Linear = field(default_factory=dict)
    head_read: Linear = field(default_factory=dict)
    wide_weight_read: Linear = field(default_factory=dict)
    activation_read: Linear = field(default_factory=dict)
    activation_write: Linear = field(default_factory=dict)
    wide_read: Linear = field(default_factory=dict)
    wide_write: Linear = field(default_factory=dict)
    kv_read: Linear = field(default_factory=dict)
    kv_write: Linear = field(default_factory=dict)
    state_read: Linear = field(default_factory=dict)
    state_write: Linear = field(default_factory=dict)
    adapter_read: Linear = field(default_factory=dict)
    wide_sent: Linear = field(default_factory=dict)
    weight_sent: Linear = field(default_factory=dict)
    kv_sent: Linear = field(default_factory=dict)
    state_sent: Linear = field(default_factory=dict)
    latency: Linear = field(default_factory=dict)
    link: str = ""
    stored: str = "weights"
    operands: tuple[str, ...] = ()
    formula: str
    source: str


LINEAR = tuple(f.name for f in fields(Counts) if f.name not in {"link", "stored", "operands", "formula", "source"})
"""Names of what is counted."""


@dataclass(frozen=True, slots=True)
class Operator(ABC):
    """A row of a model.

    Parameters
    ----------
    name : str
        Name in its block, the checkpoint's own where it has one.
    inputs : tuple of str
        Names of the operators whose results it reads; ``HIDDEN`` is the input of the block.
    """

    name: str
    inputs: tuple[str, ...]

    kind: ClassVar[str]

    @abstractmethod
    def counts(self, conventions: Conventions) -> Counts:
        """Counts in one layer."""

    @property
    def shown_as(self) -> str:
        """Kind that a picture shows it as, such as ``"mlp"`` for a linear layer."""
        return str(getattr(self, "group", self.kind))

    @property
    def parameters(self) -> Mapping[str, float]:
        """Stored parameters by storage kind (``weights``, ``experts``, ``head``, ``wide`` ...) [1]."""
        return {}

    @property
    def kept(self) -> Mapping[str, Mapping[Feature, float]]:
        """Elements that a sequence keeps for later steps, by storage kind, linear in the features of its last step [1].

        ``"kv_cache"`` grows with the tokens, ``"state"`` has a constant size.
        """
        return {}

    def is_counted(self, conventions: Conventions) -> bool:  # noqa: ARG002 - most operators are counted under every convention
        """Whether these conventions count this operator at all."""
        return True

    def rows(self) -> Iterable[Operator]:
        """The operators that run: itself, or the parts into which it falls."""
        yield self
