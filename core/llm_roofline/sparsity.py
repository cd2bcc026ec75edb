"""Sparsity: what of the weights of linear layers is stored, and how fast the device multiplies it."""

from __future__ import annotations

from typing import NamedTuple

from .precision import WEIGHTS


class Sparsity(NamedTuple):
    """Weights of which some are zero and left out.

    Parameters
    ----------
    density : float
        Share of the weights that is stored [1].
    index_bits : float
        What says where they stand, for each weight of the whole matrix [bit].
    speed : float
        Peak with them over the dense peak [1].
    """

    density: float = 1.0
    index_bits: float = 0.0
    speed: float = 1.0

    def element_bytes(self, kind: str, dense: float) -> float:
        """Bytes that an element of the whole tensor takes [byte].

        Parameters
        ----------
        kind : str
            Storage kind; only weights of linear layers are sparse.
        dense : float
            Bytes of a stored element [byte].
        """
        return dense * self.density + self.index_bits / 8 if kind in WEIGHTS else dense


DENSE = Sparsity()
"""Every weight is stored."""
