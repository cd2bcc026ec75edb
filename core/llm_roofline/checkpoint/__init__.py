"""Checkpoints: what the files of a model store, read from their headers alone.

Headers are a stranger's bytes: every size is bounded before it is used, nothing is executed, no tensor is read, and no
other file is opened. What is wrong is a ``CheckpointError``. Imports the standard library.
"""

from .files import is_checkpoint, stored_tensors
from .gguf import gguf_fields
from .matching import StoredBytes, matched
from .tensor import StoredTensor

__all__ = ["StoredBytes", "StoredTensor", "gguf_fields", "is_checkpoint", "matched", "stored_tensors"]
