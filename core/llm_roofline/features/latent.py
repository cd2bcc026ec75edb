"""Which of its two forms latent attention takes: keys and values rebuilt from the latent, or absorbed into the query.

Rebuilding makes c keys and values of r elements each and multiplies narrow heads; absorbing makes q queries of r
elements and multiplies wide ones (DeepSeek-V2, arXiv 2405.04434, section 2.1 and appendix C). A step takes the form
with fewer FLOP: a long prompt rebuilds, decode absorbs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .base import Feature
from .visible import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from .base import Shape


@dataclass(frozen=True, slots=True)
class Form(Feature):
    """A feature that counts only where latent attention takes one of its forms.

    Parameters
    ----------
    feature : Feature
        What is counted.
    latent : int
        Elements of the latent, r [1].
    expanded : int
        Elements of a head's key and value that are rebuilt from it [1].
    """

    feature: Feature
    latent: int
    expanded: int

    def _rebuilds(self, shape: Shape) -> NDArray[np.bool_]:
        """Whether rebuilding takes fewer FLOP: r e (c - q) a head for the past, against 2 r - e more for each pair."""
        past = self.latent * self.expanded * shape.past * shape.batch
        rebuilds: NDArray[np.bool_] = past < (2 * self.latent - self.expanded) * Pairs().of(shape)
        return rebuilds

    def bends(self, first: int, last: int) -> Iterable[int]:
        """Those of the feature, and the context at which a decode step begins to absorb [token]."""
        more, fewer = self.latent * self.expanded, 2 * self.latent - self.expanded
        change = -(-more // (more - fewer)) - 1  # the last c with (c - 1) r e < c (2 r - e)
        return (*self.feature.bends(first, last), *((change,) if first <= change < last else ()))


@dataclass(frozen=True, slots=True)
class Rebuilt(Form):
    """Counts where keys and values are rebuilt."""

    @property
    def name(self) -> str:
        """Name for people."""
        return f"{self.feature.name} where keys are rebuilt"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """The feature, or nothing [1]."""
        return self.feature.of(shape) * self._rebuilds(shape)


@dataclass(frozen=True, slots=True)
class Absorbed(Form):
    """Counts where they are absorbed into the query."""

    @property
    def name(self) -> str:
        """Name for people."""
        return f"{self.feature.name} where keys are absorbed"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """The feature, or nothing [1]."""
        return self.feature.of(shape) * ~self._rebuilds(shape)
