"""The configuration of a model of which a GGUF file is all there is: its metadata, under the names of a config.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ...basics import CheckpointError, shown
from .files import checkpoint_files, stored_tensors
from .gguf import header

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DENSE = {
    "embedding_length": "hidden_size",
    "block_count": "num_hidden_layers",
    "feed_forward_length": "intermediate_size",
    "attention.head_count": "num_attention_heads",
    "attention.head_count_kv": "num_key_value_heads",
    "attention.key_length": "head_dim",
    "context_length": "max_position_embeddings",
}
WINDOW = {"attention.sliding_window": "sliding_window"}
MIXTRAL = {"expert_count": "num_local_experts", "expert_used_count": "num_experts_per_tok"}
EXPERTS = {
    "expert_count": "num_experts",
    "expert_used_count": "num_experts_per_tok",
    "expert_feed_forward_length": "moe_intermediate_size",
}
FREE = (
    "attention.layer_norm_rms_epsilon",
    "attn_logit_softcapping",  # Gemma 2 has it, whatever its value
    "expert_weights_",
    "expert_gating_func",
    "final_logit_softcapping",
    "rope.",
    "vocab_size",
)
"""Beginnings of keys that cost nothing, or that another says."""


class _Family(NamedTuple):
    """What an architecture of a GGUF file is called in a config.json, and the keys that it has there."""

    model_type: str
    keys: Mapping[str, str]


FAMILIES: Mapping[str, _Family] = {
    "llama": _Family("llama", DENSE),
    "qwen2": _Family("qwen2", DENSE),
    "qwen3": _Family("qwen3", DENSE),
    "qwen3moe": _Family("qwen3_moe", DENSE | EXPERTS),
    "gemma": _Family("gemma", DENSE),
    "gemma2": _Family("gemma2", DENSE | WINDOW),
    "gemma3": _Family("gemma3_text", DENSE | WINDOW),
}
"""Architectures whose metadata says everything that a configuration would."""


def gguf_fields(path: Path) -> dict[str, Any]:
    """Fields of a configuration, as the metadata of a GGUF file gives them.

    Parameters
    ----------
    path : Path
        The file, or a part of it.

    Raises
    ------
    CheckpointError
        If its architecture, or a key that may change the cost, is not understood.
    """
    metadata = header(checkpoint_files(path)[0]).metadata
    if (kind := metadata.get("general.type", "model")) != "model":
        raise CheckpointError(
            f"{path.name}: a GGUF file of the type {shown(kind)} is not the whole model; give one of the type 'model'."
        )
    architecture = metadata.get("general.architecture")
    if not isinstance(architecture, str) or architecture not in FAMILIES:
        raise CheckpointError(
            f"{path.name}: the architecture {shown(architecture)} of a GGUF file is not understood "
            f"({', '.join(FAMILIES)} are). Put the model's config.json beside it."
        )
    family, prefix = FAMILIES[architecture], f"{architecture}."
    stated = {key.removeprefix(prefix): value for key, value in metadata.items() if key.startswith(prefix)}
    if architecture == "llama" and stated.get("expert_count"):
        family = _Family("mixtral", DENSE | MIXTRAL)
    if stated.get("attention.value_length") == stated.get("attention.key_length"):
        stated.pop("attention.value_length", None)
    for key, value in stated.items():
        if not key.startswith(FREE) and (isinstance(value, range) or (value and key not in family.keys)):
            what = "one value for each layer" if isinstance(value, range) else shown(value)
            raise CheckpointError(
                f"{path.name}: {prefix}{key} = {what} may change the cost, and is not understood. "
                "Put the model's config.json beside it."
            )
    shapes = {tensor.name: tensor.shape for tensor in stored_tensors(path)}
    fields = {name: stated[key] for key, name in family.keys.items() if key in stated} | {
        "model_type": family.model_type,
        "tie_word_embeddings": "output.weight" not in shapes,
        "attention_bias": "blk.0.attn_output.bias" in shapes,
        "mlp_bias": "blk.0.ffn_down.bias" in shapes,
    }
    table = shapes.get("token_embd.weight")
    return fields | ({"vocab_size": table[0]} if table else {})
