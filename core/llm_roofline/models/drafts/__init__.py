"""Draft models: layers that guess tokens for another model, whose embedding, and mostly whose head, they share.

A draft's configuration names the family of its layers, and by ``architectures`` or keys of its own what is done with
them: EAGLE, EAGLE-3, DFlash and MTP put a projection of the model's features before layers that the family has built.
"""

from .kinds import DFLASH, MEDUSA, MTP, Draft, draft_of, layer_fields
from .predictor import predictor

__all__ = ["DFLASH", "MEDUSA", "MTP", "Draft", "draft_of", "layer_fields", "predictor"]
