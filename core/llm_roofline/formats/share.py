"""Formats of one operator: which share of its weights is stored in which, beside which activations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ..basics import percent
from .sparsity import DENSE, Sparsity
from .storage import formats

if TYPE_CHECKING:
    from collections.abc import Iterable


class FormatShare(NamedTuple):
    """A share of an operator's weights that are stored alike.

    Parameters
    ----------
    share : float
        Share of the weights [1].
    weights : str
        Format that they are stored in.
    activations : str
        Format of what they are multiplied with.
    sparsity : Sparsity
        What of them is stored.
    """

    share: float
    weights: str
    activations: str
    sparsity: Sparsity = DENSE

    def weight_bytes(self, *, scales: bool = True) -> float:
        """Bytes that one of these weights takes [byte].

        Parameters
        ----------
        scales : bool
            Scales and zero points are counted.
        """
        return self.sparsity.element_bytes("weights", formats[self.weights].bytes_per_element(scales=scales))

    def activation_bytes(self, *, scales: bool = True) -> float:
        """Bytes of an activation that they are multiplied with [byte].

        Parameters
        ----------
        scales : bool
            Scales are counted.
        """
        return formats[self.activations].bytes_per_element(scales=scales)


def summed(shares: Iterable[FormatShare]) -> tuple[FormatShare, ...]:
    """Shares of which equal ones are one, the largest first; together they are 1.

    Parameters
    ----------
    shares : iterable of FormatShare
        Shares, or elements in their place.
    """
    total = Counter[tuple[str, str, Sparsity]]()
    for share, *stored in shares:
        total[tuple(stored)] += share  # type: ignore[index, assignment]  # its other fields; a share of whole elements
    whole = sum(total.values())
    return tuple(FormatShare(part / whole, *stored) for stored, part in total.most_common())


def words_of(shares: tuple[FormatShare, ...], layers: int) -> str:
    """Formats of an operator for people, such as ``"int4-g128, 12 of 32 layers bf16"``.

    Parameters
    ----------
    shares : tuple of FormatShare
        Its formats, the largest share first.
    layers : int
        Layers that have it, all of one format each [1]; 0 where formats differ within a layer.
    """
    first, *others = summed(share._replace(activations="") for share in shares)
    return ", ".join((_format(first), *(f"{_part(other.share, layers)} {_format(other)}" for other in others)))


def _part(share: float, layers: int) -> str:
    many = share * layers
    whole = layers and abs(many - round(many)) < 1e-6  # noqa: PLR2004 - rounding
    return f"{round(many):,} of {layers:,} layers" if whole else percent(share)


def _format(share: FormatShare) -> str:
    return share.weights if share.sparsity == DENSE else f"{share.weights} ({percent(share.sparsity.density)} stored)"
