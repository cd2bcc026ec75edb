"""Where a pattern of module names points: to which stack, which layer, and what in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..checkpoint import ASIDE, ENCODER, LAYERS, PREDICTOR, PREDICTS, VISION

ABSENT = frozenset(
    [
        "e_score_correction_bias",
        "gate",
        "merger",
        "modality_projection",
        "rotary_emb",
        "score",
        "classifier",
        "v_head",
        "dropout",
    ]
)
"""Words of what holds no weights here, or only in a model with a tower: such a pattern need not match."""
MOST_BEYOND = 8  # layers behind the last one, which predict further tokens
_PROJECTORS = frozenset(
    {"embed_vision", "mm_projector", "multi_modal_projector", "patch_merge_mlp", "vit_large_projector"}
)
_TOWERS = VISION - _PROJECTORS - {"v", "mm"}
TEXT = "model.layers."
"""What names of a decoder's layers begin with: those of a tower stand under a name of its own."""
_ROOTS = frozenset(
    {"model", "language_model", "transformer", "backbone", "decoder", "base_model", "text_model", "gpt_neox"}
)
_WILD = re.compile(r"[*?\[]")
_INSIDE = re.compile(  # T5 numbers the parts of a layer; MiniMax-M3 has one in each that predicts
    r"(?:\.linear|\.base_layer|\.weight)$|(?<=\.)layer\.\d\.|(?<=\.)transformer_layer\."
)
_PREDICTS = re.compile(rf".*?\b(?:{'|'.join(sorted(PREDICTS, key=len, reverse=True))})(?![a-zA-Z_])")
_LAYERED = re.compile(
    rf"(?P<before>(?:.*?[.*])??)(?:{'|'.join(sorted(LAYERS - {'deepstack_merger_list'}, key=len, reverse=True))})"
    r"\.(?P<number>\d+|\*|[\[?][^.]*)(?P<rest>.*)"
)
_NUMBERED = re.compile(r"(?:^|[.*])\d+(?:[.*]|$)|[?\[]")


class Place(NamedTuple):
    """Where a pattern points.

    Parameters
    ----------
    stack : str
        ``"vision"``, ``"encoder"``, ``"text"``, ``"predictor"``, ``"aside"`` for what no model here has, or empty for
        every stack.
    layer : int or None
        The one layer that it is for, counted from 0 [1].
    name : str
        Name from the layer on, or a pattern of the whole name where ``layer`` is None and it is wild.
    is_wild : bool
        Holds a ``*``.
    is_numbered : bool
        Depends on the number of a layer all the same.
    """

    stack: str
    layer: int | None
    name: str
    is_wild: bool
    is_numbered: bool

    @classmethod
    def of(cls, pattern: str) -> Place:
        """Where a name with ``*`` points.

        Parameters
        ----------
        pattern : str
            The name.
        """
        words = frozenset(re.findall(r"[A-Za-z_]\w*", pattern))
        stack = _stack(words) or ("text" if pattern.startswith(TEXT) else "")
        pattern = _INSIDE.sub("", re.sub(r"deepstack_merger_list\.[\d*]+", "deepstack", pattern))
        if match := _LAYERED.fullmatch(pattern):
            number, rest = match["number"], match["rest"]
            if number.isdecimal() and (not rest or rest[0] == "."):
                return cls(stack, int(number[:9]), rest[1:], bool(_WILD.search(rest)), is_numbered=False)
            if rest[:1] in ("", ".", "*"):
                return cls(stack, None, f"model.layers.{number}{rest}", is_wild=True, is_numbered=number != "*")
        if stack == PREDICTOR:
            name = _PREDICTS.sub("", pattern)
            is_wild = bool(_WILD.search(name))
            return cls(stack, None, f"*{name}" if is_wild else name.removeprefix("."), is_wild, is_numbered=False)
        if stack == "vision" and words & _PROJECTORS:
            return cls(stack, None, "projector", is_wild=False, is_numbered=False)
        if not _WILD.search(pattern):
            return cls(stack, None, _rooted(pattern, stack), is_wild=False, is_numbered=False)
        if not pattern.startswith("*"):
            pattern = f"model.{_rooted(pattern, stack)}"
        if stack == "vision" and words & _TOWERS:
            pattern = "*"
        return cls(stack, None, pattern, is_wild=True, is_numbered=bool(_NUMBERED.search(pattern)))


def _stack(words: frozenset[str]) -> str:
    if words & ASIDE:
        return "aside"
    if words & PREDICTS:
        return PREDICTOR
    if words & (_TOWERS | _PROJECTORS):
        return "vision"
    if words & ENCODER:
        return "encoder"
    return "text" if words & {"language_model", "decoder"} else ""


def _rooted(name: str, stack: str) -> str:
    """A name without what stands before its own; empty for a whole stack."""
    parts = name.split(".")
    while parts and (parts[0] in _ROOTS or (stack in ("vision", "encoder") and parts[0] in _TOWERS | ENCODER)):
        parts = parts[1:]
    return ".".join(parts)
