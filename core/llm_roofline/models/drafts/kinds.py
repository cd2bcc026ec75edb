"""What kind of draft a configuration describes, by the class that it names or by keys that no other model has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ...basics import shown
from . import dflash, eagle, eagle3, medusa_draft, predictor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..config import Config
    from ..model import Block

    Change = Callable[[Config, tuple[Block, ...]], tuple[Block, ...]]


MEDUSA, DFLASH, MTP = "Medusa", "DFlash", "MTP"
"""Titles of kinds whose passes are not those of a model that guesses token after token with all of its layers."""
OF_TRAINING = (
    "additional_fc",
    "base_model_name_or_path",
    "embed_requires_grad",
    "has_no_defaults_at_init",
    "norm_before_residual",
    "norm_output",
    "num_target_layers",
    "speculators_config",
    "speculators_model_type",
    "target_model_type",
)
"""Keys on the model that a draft guesses for and on its training, without weights of their own."""


class Draft(NamedTuple):
    """A kind of draft.

    Parameters
    ----------
    title : str
        Its name for people.
    change : callable
        Returns the draft's blocks, given the configuration and the blocks that its family has made.
    family : bool
        Its layers are those of a family, which ``model_type`` names.
    """

    title: str
    change: Change
    family: bool = True

    def blocks(self, config: Config, family: tuple[Block, ...]) -> tuple[Block, ...]:
        """Blocks of a draft of this kind, in forward order.

        Parameters
        ----------
        config : Config
            Its configuration.
        family : tuple of Block
            A whole model of its family.
        """
        config.ignore(*OF_TRAINING)
        shared = "its embedding, and its head where it has none of its own, are the other's and not counted"
        config.notes.append(
            f"This is a draft of the kind {self.title}, which guesses tokens for another model: {shared}."
        )
        return self.change(config, family)


def _unknown(config: Config, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    named = shown(config.fields.get("architectures") or config.fields.get("speculators_model_type"))
    known = ", ".join(draft.title for _, draft in _NAMED)
    config.problem(
        f"'architectures' = {named} is a draft model of a kind that is not understood. Understood are {known}."
    )
    return blocks


_MEDUSA, _DFLASH, _MTP = (
    Draft(MEDUSA, medusa_draft.blocks, family=False),
    Draft(DFLASH, dflash.blocks),
    Draft(MTP, predictor.draft_blocks),
)
_EAGLE3, _EAGLE, _UNKNOWN = Draft("EAGLE-3", eagle3.blocks), Draft("EAGLE", eagle.blocks), Draft("", _unknown)
_NAMED = (
    (re.compile(r"medusa", re.IGNORECASE), _MEDUSA),
    (re.compile(r"dflash(?!\d)", re.IGNORECASE), _DFLASH),
    (re.compile(r"eagle-?3|peagle", re.IGNORECASE), _EAGLE3),
    (re.compile(r"eagle", re.IGNORECASE), _EAGLE),
    (re.compile(r"MTP|mtp|NextN"), _MTP),
)
"""Kinds by what a class or a ``model_type`` is called, the first that fits."""
_LLAMA = re.compile(r"(Eagle3?)?Llama(?!4)")
_OTHER = re.compile(r"Draft|Speculator|DSpark|Hydra|Assistant(Model|ForCausalLM)")
_KEYS = {
    "dflash_config": _DFLASH,
    "medusa_num_heads": _MEDUSA,
    "draft_vocab_size": _EAGLE3,
    "eagle_config": _EAGLE3,
    "truncated_vocab_size": _EAGLE3,
}
"""Kinds by a key that no other model has, where the class is called like the one of a whole model."""


def draft_of(fields: Mapping[str, Any]) -> Draft | None:
    """The kind of draft that a configuration describes; None where it describes a whole model.

    Parameters
    ----------
    fields : mapping
        The configuration as it was read.
    """
    names = [*_classes(fields), fields.get("speculators_model_type"), fields.get("model_type")]
    for name in (name for name in names if isinstance(name, str)):
        for pattern, draft in _NAMED:
            if pattern.search(name):
                return draft
        if _OTHER.search(name):
            return _UNKNOWN
    return next((draft for key, draft in _KEYS.items() if fields.get(key) is not None), None)


def layer_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of a draft's layers on one level, where an engine's format keeps them in a part of their own.

    A class of Llama's layers stands above the ``model_type``, which may be that of the model it guesses for.

    Parameters
    ----------
    fields : mapping
        The configuration of a draft as it was read.
    """
    key = next((key for key in ("transformer_layer_config", "model") if isinstance(fields.get(key), dict)), None)
    inner = fields[key] if key else None
    outer = {k: v for k, v in fields.items() if v is not None and k not in ("model_type", key)} if key else fields
    llama = {"model_type": "llama"} if _LLAMA.match(str(next(iter(_classes(fields)), ""))) else {}
    return {**(inner or {}), **outer, **llama}


def _classes(fields: Mapping[str, Any]) -> list[Any]:
    """The class that a configuration names first, if it names any."""
    classes = fields.get("architectures")
    return classes[:1] if isinstance(classes, list) else []
