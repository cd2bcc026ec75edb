"""Checkpoints: what the files of a model store, read from their headers alone.

Headers are a stranger's bytes: every size is bounded before it is used, nothing is executed, no tensor is read, and no
other file is opened. What is wrong is a ``CheckpointError``. Imports the standard library.
"""

from ..stored import StoredBytes
from .files import ADAPTER, adapter_files, checkpoint_files, is_checkpoint, stored_tensors
from .gguf_config import gguf_fields
from .matching import ASIDE, ENCODER, PREDICTOR, PREDICTS, VISION, matched, stored_bytes
from .name import LAYERS
from .spelling import ALIASES
from .tensor import StoredTensor

__all__ = [
    "ADAPTER",
    "ALIASES",
    "ASIDE",
    "ENCODER",
    "LAYERS",
    "PREDICTOR",
    "PREDICTS",
    "VISION",
    "StoredBytes",
    "StoredTensor",
    "adapter_files",
    "checkpoint_files",
    "gguf_fields",
    "is_checkpoint",
    "matched",
    "stored_bytes",
    "stored_tensors",
]
