"""Norms: RMSNorm, LayerNorm, and norms of queries and keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from . import flop
from .base import Operator
from .cost import Cost
from .counts import ONE, SEQUENCES, TOKENS

if TYPE_CHECKING:
    from ..formats import Conventions
    from .counts import Count


@dataclass(frozen=True, slots=True)
class Norm(Operator):
    """A normalisation over the last axis.

    Parameters
    ----------
    width : int
        Elements of a token that are normalised [1].
    layer_norm : bool
        LayerNorm, which subtracts the mean; else RMSNorm.
    bias : bool
        Has a bias beside its weights.
    groups : int
        Groups normalised apart that share the weights, such as heads [1].
    role : str
        ``"block"``, ``"post"``, ``"final"``, ``"query"``, ``"key"`` or ``"value"``. The result of a block's norm is an
        operand of matrix products, that of a value's goes to the cache; the others stay wide, for the residual stream,
        for the head and for RoPE.
    cached : bool
        The result is what the cache holds, as the latent of latent attention is.
    affine : bool
        Has weights.
    modulated : bool
        Its last input has a scale and a shift for each sequence, which stand for weights and bias (arXiv 2212.09748).
    gate : str
        Activation function of its first input, which multiplies the result, or what is normalised; empty for none.
    per : Count
        What it runs for: new tokens, or groups of them.
    """

    width: int
    layer_norm: bool = False
    bias: bool = False
    groups: int = 1
    role: str = "block"
    cached: bool = False
    affine: bool = True
    modulated: bool = False
    gate: str = ""
    per: Count = TOKENS

    kind: ClassVar[str] = "norm"

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        return {"wide": self._weights(biases=True)}

    def _weights(self, *, biases: bool) -> int:
        return self.width // self.groups * (self.affine + (self.bias and biases))

    def is_counted(self, conventions: Conventions) -> bool:
        """Final norms and norms of queries and keys have switches of their own."""
        switches = {"final": conventions.final_norm, "query": conventions.qk_norm, "key": conventions.qk_norm}
        return switches.get(self.role, True)

    def cost(self, conventions: Conventions) -> Cost:
        """4 FLOP an element for RMSNorm (arXiv 1910.07467), 7 for LayerNorm (arXiv 2402.16363, Table 1)."""
        cost = flop.LAYER_NORM if self.layer_norm or not conventions.norm_by_kind else flop.RMS_NORM
        if self.gate:
            cost += flop.ACTIVATION[self.gate] + flop.GATE
        moved, nothing = {self.per: self.width}, {self.per: 0}
        read = {self.per: self.width * (2 if self.gate else 1)}
        kept = self.role == "value" or (self.cached and conventions.latent_cache)
        to_product = self.role == "block" and not kept
        return Cost(
            vector_flops={self.per: cost * self.width},
            wide_weight_read={ONE: self._weights(biases=conventions.biases)} if conventions.norm_weights else {},
            wide_read={**read, SEQUENCES: 2 * self.width} if self.modulated and conventions.conditioning else read,
            activation_write=moved if to_product else nothing,
            wide_write=nothing if to_product or kept else moved,
            kv_write=moved if kept else nothing,
            formula=f"{cost} · {self.per.name} · {self.width:,}",
            source="arXiv 1607.06450" if self.layer_norm else "arXiv 1910.07467",
        )
