"""Sparsity: what of the weights of linear layers is stored, and how fast devices multiply it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .precision import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_TENSOR_CORES = dict.fromkeys(("int4", "fp4", "fp6", "int8", "fp8", "bf16", "fp16", "tf32"), 2.0)
# Peak of the units that skip two zeros of four over their dense peak, by architecture and compute format.
_SPEEDS: Mapping[str, Mapping[str, float]] = {
    "Ampere": _TENSOR_CORES,  # arXiv 2104.08378, section 3; later ones by NVIDIA's datasheets
    "Ada": _TENSOR_CORES,
    "Hopper": _TENSOR_CORES,
    "Blackwell Ultra": _TENSOR_CORES | {"fp4": 1440 / 1080},  # datasheet of GB300 NVL72, in PFLOP/s
    "Blackwell": _TENSOR_CORES,
    "CDNA3": dict.fromkeys(("int8", "fp8", "bf16", "fp16"), 2.0),  # the SMFMAC instructions of its ISA
    "CDNA4": dict.fromkeys(("int8", "fp8", "bf16", "fp16"), 2.0),
    "RDNA4": dict.fromkeys(("int4", "int8", "fp8", "bf16", "fp16"), 2.0),  # SWMMAC, likewise
}


class Sparsity(NamedTuple):
    """Weights of which some are zero and left out.

    Parameters
    ----------
    density : float
        Share of the weights that is stored [1].
    index_bits : float
        What says where they stand, for each weight of the whole matrix [bit].
    is_structured : bool
        Two of every four are stored, so that units made for it skip the others.
    """

    density: float = 1.0
    index_bits: float = 0.0
    is_structured: bool = False

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


def structured_speed(architecture: str, compute_format: str) -> float:
    """Peak of products with two weights of every four over the dense peak [1]; 1 without units that skip the others.

    Parameters
    ----------
    architecture : str
        That of the device.
    compute_format : str
        What it computes in.

    Examples
    --------
    >>> structured_speed("Hopper GH100", "bf16"), structured_speed("Volta", "fp16")
    (2.0, 1.0)
    """
    known = next((speeds for name, speeds in _SPEEDS.items() if architecture.startswith(name)), {})
    return known.get(compute_format, 1.0)
