"""A family: the functions of its file in ``architectures`` that read a configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from .states import USUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
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
    defaults : mapping
        For each ``model_type`` what its class takes where a key is absent; of a part in an object of its name.
    spellings : mapping
        Other names of keys that its classes understand, and those by which it reads them; likewise of parts.
    states : str
        Format that its recurrent states are kept in.
    """

    title: str
    blocks: Callable[[Config], Iterable[Block]]
    context_limit: Callable[[Config], int | None]
    encoder: Callable[[Config], Tower | None]
    vision: Callable[[Config], Tower | None]
    diffuses: bool
    defaults: Mapping[str, Mapping[str, Any]]
    spellings: Mapping[str, Any]
    states: str

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
            getattr(module, "DEFAULTS", {}),
            getattr(module, "SPELLINGS", {}),
            getattr(module, "STATES", USUAL),
        )


def _context_limit(config: Config) -> int | None:
    """The limit under the keys that most families use, in the part on text where there is one [token]."""
    text = config.part("text_config") if config.fields.get("text_config") is not None else config
    return text.optional_count("max_position_embeddings", "n_positions", "seq_length", "n_ctx")


def _none(_: Config) -> None:
    """What a family without a tower answers."""
