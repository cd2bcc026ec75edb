"""What merges the newest token with the model's features, before a layer that predicts further tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Elementwise, Linear, Norm, flop
from .parts import projection

if TYPE_CHECKING:
    from ...operators import Embedding, Operator
    from .layouts import Layout

TOKEN_PROJECTION, SUM = "e_proj", "merged"


def merged(layout: Layout, table: Embedding, streams: int) -> tuple[Operator, ...]:
    """Norms of both and a projection of the two side by side; of several streams, a projection of each, and sums.

    Parameters
    ----------
    layout : Layout
        Names.
    table : Embedding
        The table of tokens.
    streams : int
        Streams of the model's residual [1].
    """
    hidden = table.width
    token = Norm(layout.token, (table.name,), hidden)
    if streams == 1:
        sources = layout.token, layout.features
        into = projection(2 * hidden, hidden, sources, layout.projection)
        return token, Norm(layout.features, (HIDDEN,), hidden), into
    wide, group = streams * hidden, "draft projection"  # both are quantised as other weights are
    return (
        token,
        Norm(layout.features, (HIDDEN,), wide, groups=streams),
        Linear(TOKEN_PROJECTION, (layout.token,), hidden, hidden, group),
        Linear(layout.projection, (layout.features,), hidden, hidden, group, copies=streams),
        Elementwise(
            SUM, (layout.projection, TOKEN_PROJECTION), wide + hidden, wide, flop.ADD * wide, "vLLM, deepseek_v4_mtp.py"
        ),
    )
