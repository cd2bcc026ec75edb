"""Which of its two forms latent attention takes: keys and values rebuilt from the latent, or absorbed into the query.

Rebuilding makes c keys and values of r elements each and multiplies narrow heads; absorbing makes q queries of r
elements and multiplies wide ones (DeepSeek-V2, arXiv 2405.04434, section 2.1 and appendix C). A step takes the form
with fewer FLOP: a long prompt rebuilds, decode absorbs. Where a query selects its keys, rebuilding multiplies all of
them behind a mask, as DeepSeek-V3.2 does for short prompts (arXiv 2512.02556), and absorbing the selected ones alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ..step import Step
from .base import Count
from .visible import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ..step import StepArrays


LARGEST = 2**40  # contexts that are searched; no workload is longer [token]


@dataclass(frozen=True, slots=True)
class Form(Count):
    """A count that counts only where latent attention takes one of its forms.

    Parameters
    ----------
    count : Count
        What is counted.
    latent : int
        Elements of the latent, r [1].
    expanded : int
        Elements of a head's key and value that are rebuilt from it, e [1].
    rotated : int
        Elements of the key that all heads share, d [1].
    selected : int or None
        Keys that a query selects [token]; None for all.
    """

    count: Count
    latent: int
    expanded: int
    rotated: int
    selected: int | None = None

    @property
    def _weights(self) -> tuple[int, int, int]:
        """Half the FLOP of a head: for each key rebuilt, and for each pair if rebuilt and if absorbed [FLOP]."""
        return self.latent * self.expanded, self.expanded + self.rotated, 2 * self.latent + self.rotated

    def rebuilds(self, step: StepArrays) -> NDArray[np.bool_]:
        """Whether rebuilding takes fewer FLOP: keys of the past besides those of the new tokens, but narrow pairs.

        Parameters
        ----------
        step : Step
            The steps, as arrays.
        """
        key, narrow, wide = self._weights
        past = key * step.past * step.batch
        rebuilds: NDArray[np.bool_] = past + narrow * Pairs().of(step) < wide * Pairs(self.selected).of(step)
        return rebuilds

    def bends(self, first: int, last: int, query: int = 1) -> Iterable[int]:
        """Those of the count, and the context after which steps begin to absorb [token]."""
        inner = self.count.bends(first, last, query)
        change = _last_rebuilt(self, query)
        return (*inner, *((change,) if first <= change < last else ()))


@lru_cache(maxsize=1024)
def _last_rebuilt(form: Form, query: int) -> int:
    """Last context at which a step rebuilds [token].

    What rebuilding costs more than absorbing is convex in the context and negative at first, so there is one.
    """
    low, high = query - 1, LARGEST
    while low < high:
        middle = (low + high + 1) // 2
        if form.rebuilds(Step(*np.array([1.0, query, middle, 0.0, 0.0]))):
            low = middle
        else:
            high = middle - 1
    return low


@dataclass(frozen=True, slots=True)
class Rebuilt(Form):
    """Counts where keys and values are rebuilt."""

    @property
    def name(self) -> str:
        """Name for people."""
        return f"{self.count.name} where keys are rebuilt"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """The count, or nothing [1]."""
        return self.count.of(step) * self.rebuilds(step)


@dataclass(frozen=True, slots=True)
class Absorbed(Form):
    """Counts where they are absorbed into the query."""

    @property
    def name(self) -> str:
        """Name for people."""
        return f"{self.count.name} where keys are absorbed"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """The count, or nothing [1]."""
        return self.count.of(step) * ~self.rebuilds(step)
