"""Which operator a stored tensor belongs to: operators keep the checkpoint's own names, so that names decide."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..model import Stack
    from .tensor import StoredTensor

LAYERS = frozenset({"layers", "layer", "h", "blocks", "block", "blk"})
GGUF = {
    "token_embd": "embed_tokens",
    "output": "lm_head",
    "output_norm": "norm",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_q": "q_proj",
    "attn_k": "k_proj",
    "attn_v": "v_proj",
    "attn_output": "o_proj",
    "attn_q_norm": "q_norm",
    "attn_k_norm": "k_norm",
    "ffn_gate": "gate_proj",
    "ffn_up": "up_proj",
    "ffn_down": "down_proj",
    "ffn_gate_inp": "gate",
    "ffn_gate_exps": "experts.gate_proj",
    "ffn_up_exps": "experts.up_proj",
    "ffn_down_exps": "experts.down_proj",
    "ffn_gate_shexp": "shared_experts.gate_proj",
    "ffn_up_shexp": "shared_experts.up_proj",
    "ffn_down_shexp": "shared_experts.down_proj",
}
"""Operators by the names that GGUF files give their tensors."""
ALIASES = {"w1": "gate_proj", "w3": "up_proj", "w2": "down_proj", "router": "gate", "shared_expert": "shared_experts"}
"""Other spellings of parts of names, as Mixtral's and gpt-oss's checkpoints have them."""
FUSED = {
    "gate_up_proj": ("gate_proj", "up_proj"),
    "gate_up_proj_blocks": ("gate_proj", "up_proj"),
    "gate_up_proj_scales": ("gate_proj", "up_proj"),
    "qkv_proj": ("q_proj", "k_proj", "v_proj"),
}
"""Tensors that several operators of a model share, by their size."""


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What a checkpoint stores of a model.

    Parameters
    ----------
    total : int
        Bytes of all tensors [byte].
    by_operator : mapping
        Bytes by names of block and operator, over all its layers [byte].
    unmatched : mapping
        Bytes of the tensors that belong to no operator, by their name [byte]; they are part of the total.
    """

    total: int
    by_operator: Mapping[tuple[str, str], float]
    unmatched: Mapping[str, int]


def matched(model: Stack, tensors: Iterable[StoredTensor]) -> StoredBytes:
    """Bytes that a checkpoint stores of each operator.

    Parameters
    ----------
    model : Stack
        The model.
    tensors : iterable of StoredTensor
        What is stored.
    """
    sizes = {(block.name, op.name): sum(op.parameters.values()) for block, op in model.operators() if op.parameters}
    places = _places(model)
    total, found, rest = 0, Counter[tuple[str, str]](), {}
    known: dict[tuple[tuple[str, ...], tuple[str, ...]], list[tuple[str, str]]] = {}
    for tensor in tensors:
        total += tensor.nbytes
        layer, parts = _parts(tensor.name)
        blocks = tuple(places.get(layer, ()))
        if (blocks, parts) not in known:
            known[blocks, parts] = _owners(parts, [key for key in sizes if key[0] in blocks])
        owners = known[blocks, parts]
        share = sum(sizes[owner] for owner in owners)
        for owner in owners:
            found[owner] += tensor.nbytes * sizes[owner] / share  # type: ignore[assignment]  # a share of whole bytes
        if not owners:
            rest[tensor.name] = tensor.nbytes
    return StoredBytes(total, dict(found), rest)


def _places(model: Stack) -> dict[int | None, list[str]]:
    """Blocks by the layers that they have; those that are no layers under None."""
    found: dict[int | None, list[str]] = {None: []}
    following = 0
    for block in model.blocks:
        if "layers" not in block.name:
            found[None].append(block.name)
            continue
        for place in block.places or range(following, following + block.layers):
            found.setdefault(place, []).append(block.name)
        following += block.layers
    return found


def _parts(name: str) -> tuple[int | None, tuple[str, ...]]:
    """Layer of a tensor, None where it is in none, and the parts of its name behind that, as operators spell them."""
    parts = name.split(".")
    numbers = (i for i, part in enumerate(parts) if i and part.isdecimal() and parts[i - 1] in LAYERS)
    number = next(numbers, None)
    layer = None if number is None else int(parts[number][:9])
    rest = [part for part in parts[0 if number is None else number + 1 :] if not part.isdecimal()]
    return layer, tuple(piece for part in rest for piece in GGUF.get(part, ALIASES.get(part, part)).split("."))


def _owners(parts: tuple[str, ...], candidates: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Operators that a tensor belongs to: the one whose name fits the most of it, or those that it fuses."""
    for end in range(len(parts), 0, -1):
        for start in range(end):
            outer, last = parts[start : end - 1], parts[end - 1]
            wanted = {".".join((*outer, name)) for name in (last, *FUSED.get(last, ()))}
            if own := [key for key in candidates if key[1] in wanted]:
                return own
    return []
