"""What an operator is: a named row of a model that says what it costs and what it keeps.

Elements become bytes later, when the formats are known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..basics import restore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..formats import Conventions
    from .cost import Cost
    from .counts import Count

HIDDEN = "hidden_states"
"""Name of a block's input: the residual stream."""


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

    def __init_subclass__(cls) -> None:
        """Open operators that an older version pickled."""
        cls.__setstate__ = restore  # type: ignore[attr-defined]  # pickle asks for it

    @abstractmethod
    def cost(self, conventions: Conventions) -> Cost:
        """What it costs in one layer.

        Parameters
        ----------
        conventions : Conventions
            How things are counted.
        """

    @property
    def shown_as(self) -> str:
        """Kind that a picture shows it as, such as ``"mlp"`` for a linear layer."""
        return str(getattr(self, "group", self.kind))

    @property
    def parameters(self) -> Mapping[str, float]:
        """Stored parameters by storage kind (``weights``, ``experts``, ``head``, ``wide`` ...) [1]."""
        return {}

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """Elements that a sequence keeps for later steps, by storage kind, linear in the counts of its last step [1].

        ``"kv_cache"`` grows with the tokens, ``"state"`` and ``"wide_state"`` have a constant size.
        """
        return {}

    def is_counted(self, conventions: Conventions) -> bool:  # noqa: ARG002 - most operators are counted under every convention
        """Whether these conventions count this operator at all.

        Parameters
        ----------
        conventions : Conventions
            How things are counted.
        """
        return True

    def rows(self, conventions: Conventions) -> Iterable[Operator]:  # noqa: ARG002 - most operators are a row of their own
        """The operators that run: itself, or the parts into which it falls.

        Parameters
        ----------
        conventions : Conventions
            How things are counted.
        """
        yield self
