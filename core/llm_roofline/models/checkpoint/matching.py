"""Which operator a stored tensor belongs to: operators keep the checkpoint's own names, so that names decide."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..stored import INDEX, StoredBytes
from .files import stored_tensors, total_of_index
from .name import BESIDE, Name
from .tensor_matcher import TensorMatcher

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ..model import Model
    from .tensor import StoredTensor

VISION = frozenset(
    {
        "embed_vision",
        "mm",
        "mm_projector",
        "multi_modal_projector",
        "patch_merge_mlp",
        "v",
        "vision",
        "vision_encoder",
        "vision_model",
        "vision_tower",
        "visual",
        "vit_large_projector",
    }
)
ENCODER = frozenset({"enc", "encoder"})
ASIDE = frozenset({"audio_tower", "embed_audio"})  # no model here has them
PREDICTOR = "predictor"
PREDICTS = frozenset({"mtp", "mtp_block", "mtp_layers", "nextn"})
"""Parts of names by which checkpoints tell layers that predict further tokens."""


def stored_bytes(model: Model, path: Path) -> StoredBytes:
    """Bytes that the files of a checkpoint store of each operator of a model.

    Of a folder with an index and none of the files that it names, only the total is known, which then belongs to none.

    Parameters
    ----------
    model : Model
        The model.
    path : Path
        A file of the checkpoint, or its folder.

    Raises
    ------
    CheckpointError
        If there is no checkpoint, or it is not sound.
    """
    total = total_of_index(path)
    return (
        matched(model, stored_tensors(path))
        if total is None
        else replace(matched(model, ()), total=total, unmatched={INDEX: total})
    )


def matched(model: Model, tensors: Iterable[StoredTensor]) -> StoredBytes:
    """Bytes that tensors of a checkpoint store of each operator of a model.

    Parameters
    ----------
    model : Model
        The model.
    tensors : iterable of StoredTensor
        What is stored.
    """
    stacks = {"": TensorMatcher(model)} | {
        tower.name: TensorMatcher(tower) for tower in (model.encoder, model.vision) if tower
    }
    if model.predictor:
        stacks[PREDICTOR] = TensorMatcher(model.predictor)
    unmatched: dict[str, int] = {}
    total = 0
    for tensor in tensors:
        total += tensor.nbytes
        name = Name.of(tensor.name)
        owners = _stack(name, stacks)
        if not (owners and (owners.take(tensor, name) or _elsewhere(tensor, name, owners, stacks))):
            unmatched[tensor.name] = tensor.nbytes
    own = stacks.pop("").stored()
    towers = {name: owners.stored() for name, owners in stacks.items()}
    return StoredBytes(total, own.by_operator, unmatched, own.missing, towers)


def _stack(name: Name, stacks: dict[str, TensorMatcher]) -> TensorMatcher | None:
    """The stack that the outer parts of a name speak of; None where this model has no such."""
    outer = set(name.before or name.parts)
    if outer & ASIDE:
        return None
    if outer & (PREDICTS | BESIDE):
        return stacks.get(PREDICTOR)
    if outer & VISION:
        return stacks.get("vision")
    return stacks.get("encoder", stacks[""]) if outer & ENCODER else stacks[""]


def _elsewhere(tensor: StoredTensor, name: Name, owners: TensorMatcher, stacks: dict[str, TensorMatcher]) -> bool:
    """Give what a decoder's layers store to where it runs, if that is elsewhere.

    Keys and values of the source are made in the encoder's pass; layers behind the last one predict further tokens.
    """
    if owners is not stacks[""]:
        return False
    return ("encoder" in stacks and stacks["encoder"].take_beside(tensor, name)) or (
        PREDICTOR in stacks and stacks[PREDICTOR].take(tensor, name)
    )
