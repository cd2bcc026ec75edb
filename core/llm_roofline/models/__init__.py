"""A model: its blocks, the configuration it was read from, what its checkpoint stores, and what it may be asked.

No device and no time is in here.
"""

from .by_hand import Decoder
from .chosen_formats import in_formats, narrowed
from .draft_model import PADDING, draft_model, features_of, tokens_of, vocabulary_of
from .drafts import DFLASH, MEDUSA, MTP
from .element_bytes import FACTOR, kind_of, nominal, stored_element_bytes, stored_shares
from .layers import medusa_heads
from .limits import fitting, refuse_beyond
from .load import family_of, load_model, models
from .model import Block, Model, Restructured, Stack
from .model_json import model_from_json, model_to_json
from .stored import StoredBytes
from .workload import LARGEST, Requests, Workload

__all__ = [
    "DFLASH",
    "FACTOR",
    "LARGEST",
    "MEDUSA",
    "MTP",
    "PADDING",
    "Block",
    "Decoder",
    "Model",
    "Requests",
    "Restructured",
    "Stack",
    "StoredBytes",
    "Workload",
    "draft_model",
    "family_of",
    "features_of",
    "fitting",
    "in_formats",
    "kind_of",
    "load_model",
    "medusa_heads",
    "model_from_json",
    "model_to_json",
    "models",
    "narrowed",
    "nominal",
    "refuse_beyond",
    "stored_element_bytes",
    "stored_shares",
    "tokens_of",
    "vocabulary_of",
]
