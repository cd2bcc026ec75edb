"""A family: the functions of its file in ``architectures`` that read a configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .rope_scaling import stretched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

    from .config import Config
    from .model import Block, Tower


class Family(NamedTuple):
    """How a configuration becomes a model.

    Parameters
    ----------
    title : str
        Its name for people: what the docstring of its file begins with.
    blocks : callable
        Blocks of the decoder, in forward order.
    context_limit : callable
        Longest context it was built for [token], or None.
    encoder, vision : callable
        Tower that reads the prompt or an image, or None.
    diffuses : bool
        Every pass runs over all tokens again.
    """

    title: str
    blocks: Callable[[Config], Iterable[Block]]
    context_limit: Callable[[Config], int | None]
    encoder: Callable[[Config], Tower | None]
    vision: Callable[[Config], Tower | None]
    diffuses: bool

    @classmethod
    def of(cls, module: ModuleType) -> Family:
        """The family that a file defines: ``blocks``, and what else it has that is not the common case.

        Parameters
        ----------
        module : module
            A file of ``architectures``.
        """
        return cls(
            re.split(r" \(|: |\.\s", module.__doc__ or module.MODEL_TYPES[0])[0],
            module.blocks,
            getattr(module, "context_limit", _context_limit),
            getattr(module, "encoder", _none),
            getattr(module, "vision", _none),
            getattr(module, "DIFFUSES", False),
        )


def _context_limit(config: Config) -> int | None:
    """The limit under the keys that most families use, in the part on text where there is one [token]."""
    text = config.part("text_config") if config.fields.get("text_config") is not None else config
    return stretched(text, text.optional_count("max_position_embeddings", "n_positions", "seq_length", "n_ctx"))


def _none(_: Config) -> None:
    """What a family without a tower answers."""
