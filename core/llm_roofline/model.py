"""A model: blocks of equal layers, each a list of operators in forward order."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .operators import Attention

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .operators import Operator


@dataclass(frozen=True, slots=True)
class Block:
    """Equal layers that follow each other.

    Parameters
    ----------
    name : str
        ``"embedding"``, ``"layers"``, ``"head"``, or what tells groups of layers apart.
    layers : int
        How many there are [1].
    operators : tuple of Operator
        One layer, in forward order.
    """

    name: str
    layers: int
    operators: tuple[Operator, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """A model's structure, with the configuration it was read from.

    Parameters
    ----------
    name : str
        Hub id or the name that the user gave.
    family : str
        The ``model_type`` of the configuration.
    blocks : tuple of Block
        The layers, in forward order.
    context_limit : int or None
        Longest context it was built for [token]; None where the configuration does not say.
    config : mapping
        The configuration as it was read, for saving.

    Examples
    --------
    >>> from llm_roofline import models
    >>> models["meta-llama/Llama-3.1-8B"].parameters
    8030261248
    """

    name: str
    family: str
    blocks: tuple[Block, ...]
    context_limit: int | None
    config: Mapping[str, Any] = field(repr=False)

    def __eq__(self, other: object) -> bool:
        """Equal if name and configuration are."""
        return isinstance(other, Model) and (self.name, self.config) == (other.name, other.config)

    def __hash__(self) -> int:
        """Hash of the name."""
        return hash(self.name)

    def __repr__(self) -> str:
        """One line."""
        return f"Model({self.name!r}, {self.family}, {self.parameters:,} parameters)"

    def operators(self) -> Iterator[tuple[Block, Operator]]:
        """Every distinct operator with its block, in forward order."""
        for block in self.blocks:
            for operator in block.operators:
                yield block, operator

    @cached_property
    def parameters_by_kind(self) -> dict[str, int]:
        """Stored parameters of each storage kind: ``weights``, ``head``, ``wide`` [1]."""
        total = {"weights": 0, "head": 0, "wide": 0}
        for block, operator in self.operators():
            for kind, count in operator.parameters.items():
                total[kind] += block.layers * count
        return total

    @cached_property
    def parameters(self) -> int:
        """Stored parameters, tied ones once [1]."""
        return sum(self.parameters_by_kind.values())

    @cached_property
    def cached_elements_per_token(self) -> dict[int | None, int]:
        """Elements that the KV cache keeps of each token, by the window of the layers that keep them [1]."""
        total: dict[int | None, int] = {}
        for block, operator in self.operators():
            if isinstance(operator, Attention):
                elements = block.layers * operator.kv_heads * (operator.head_size + operator.value_size)
                total[operator.window] = total.get(operator.window, 0) + elements
        return total
