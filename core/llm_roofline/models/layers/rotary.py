"""The share of a head that is rotated (arXiv 2204.06745, section 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..config import Config
    from .dimensions import Dimensions

KEY = "partial_rotary_factor"


def rotary_size(config: Config, d: Dimensions, *, default: float) -> int:
    """Elements of a head that are rotated [1].

    Parameters
    ----------
    config : Config
        The configuration, which says the share at its top or, in newer files, among the parameters of RoPE.
    d : Dimensions
        Its dimensions.
    default : float
        The share where it does not say [1].
    """
    part = config.part("rope_parameters") if config.fields.get("rope_parameters") is not None else config
    where = part if part.fields.get(KEY) is not None else config
    config.ignore(KEY)  # said again
    return int(d.head_size * where.fraction(KEY, default=default))
