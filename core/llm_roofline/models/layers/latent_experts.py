"""Experts that work on a latent of a token (arXiv 2601.18089), beside shared experts that read the token itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import ExpertSum, Linear, Norm, ResidualAdd
from .experts import ROUTER, routed, routes, shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from .experts import Mixture


def latent_mixture(m: Mixture, source: str, latent: int, names: tuple[str, str], norm: str = "") -> Iterator[Operator]:
    """Router, a projection to the latent, experts and their sum, a projection back, and shared experts.

    Parameters
    ----------
    m : Mixture
        Its dimensions.
    source : str
        The operator whose result it reads.
    latent : int
        Elements of the latent [1].
    names : tuple of str
        The projections to the latent and back.
    norm : str
        Name of the norm of the experts' sum; empty for none.
    """
    into, back = names
    yield from routes(m, source, "gate")
    yield Linear(into, (source,), m.hidden, latent, ROUTER, to_product=True)
    yield from routed(m, into, latent)
    result = "experts.sum"
    yield ExpertSum(result, ("experts.down_proj", "route"), latent, m.chosen)
    if norm:
        yield Norm(norm, (result,), latent)
        result = norm
    yield Linear(back, (result,), latent, m.hidden, ROUTER)
    if m.shared:
        yield from shared(m, source)
        yield ResidualAdd("experts.add", (back, f"{m.shared_name}.down_proj"), m.hidden)
