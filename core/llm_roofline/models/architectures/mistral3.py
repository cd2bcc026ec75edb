"""Mistral Small 3.1 and Devstral Small 2 (Mistral AI 2025): a text of Mistral's behind the tower of Pixtral.

Neighbouring patches are merged into one by a projection before the two that make tokens of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Activation, Linear, Norm
from ...operators.counts import Merged
from ..layers import ACTIVATIONS, MLP, PIXTRAL, pixtral
from ..model import Block, Tower
from ..wrapped import text_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("mistral3",)
TEXT = "mistral"
DEFAULTS = {"mistral3": {"vision_config": PIXTRAL}}
MERGED = 2  # patches along each side of a group that becomes one, where the configuration does not say
blocks = text_blocks


def vision(config: Config) -> Tower | None:
    """The tower, with the largest square image that it was built for."""
    given = config.fields.get("vision_config")
    if given is None:
        return None
    merged = config.count("spatial_merge_size", default=MERGED)
    function = config.choice("projector_hidden_act", among=ACTIVATIONS, default="gelu")
    bias = config.flag("multimodal_projector_bias")
    if isinstance(config.stated("vision_feature_layer"), list):
        config.problem("'vision_feature_layer' must be the number of one layer: those of several are not read here.")
    if isinstance(given, dict) and given.get("model_type", "pixtral") != "pixtral":
        config.leave_out("vision_config")
        return None
    part = config.part("vision_config")
    tower = pixtral(part)
    hidden, text = part.count("hidden_size"), config.part("text_config").count("hidden_size")
    rows = tuple(_projector(hidden, text, merged**2, function, bias=bias))
    side = part.count("image_size") // (part.count("patch_size") * merged) * merged
    return Tower("vision", (*tower, Block("projector", 1, rows)), tokens=max(side, merged) ** 2)


def _projector(hidden: int, text: int, merged: int, function: str, *, bias: bool) -> Iterator[Operator]:
    """A norm of each patch, the projection of a group of them, and two more with an activation between them."""
    groups = Merged(merged)
    merger, first, second = "patch_merger.merging_layer", "linear_1", "linear_2"
    yield Norm("norm", (HIDDEN,), hidden)
    yield Linear(merger, ("norm",), merged * hidden, hidden, MLP, per=groups)
    yield Linear(first, (merger,), hidden, text, MLP, bias=bias, per=groups)
    yield Activation("act", (first,), text, text, function, gated=False, per=groups)
    yield Linear(second, ("act",), text, text, MLP, bias=bias, per=groups)
