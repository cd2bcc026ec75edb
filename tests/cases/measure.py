"""What cases state, measured on a model: by the words that a case uses for it."""

from __future__ import annotations

from collections.abc import Callable

from llm_roofline import Estimate, Scenario, Workload, evaluate, hardware
from llm_roofline.formats import formats
from llm_roofline.operators import Compressor, Indexer, ShortConvolution, StateScan
from tests.golden.counted import ours

DEVICE = hardware["h200-sxm"]
PROMPT = 1_000  # tokens, or half of what a model has room for
UNLIKE = (Compressor, Indexer, ShortConvolution, StateScan)
"""Operators that are no single product of matrices, so that others count them otherwise."""


def estimate(model, more: int = 0) -> Estimate:
    """One request of two tokens, its prompt longer by some tokens."""
    room = (model.context_limit or 2 * PROMPT) // 2
    return evaluate(Scenario(model, DEVICE, Workload(1, min(PROMPT, room) + more, 2)))


def kv_bytes_per_token(model) -> float:
    return estimate(model, 1).memory.kv_cache_bytes - estimate(model).memory.kv_cache_bytes


def decode_weight_read(model) -> float:
    """Weights that a step of one token reads, but for its row of the embedding [byte]."""
    table = estimate(model).decode.operators
    return float(sum(w for w, row in zip(table.traffic("weight_bytes"), table, strict=True) if row.kind != "embedding"))


def format_of_experts(model) -> str:
    return model.precision.experts or model.precision.weights


def expert_bytes(model) -> float:
    return model.parameters_by_kind.get("experts", 0) * formats[format_of_experts(model)].bytes_per_element()


def whole(model) -> int:
    """Parameters of the model and of its tower."""
    return model.parameters + (model.vision.parameters if model.vision else 0)


QUANTITIES: dict[str, Callable] = {
    "parameters": lambda model: model.parameters,
    "weight_bytes": lambda model: estimate(model).memory.weight_bytes,
    "kv_bytes_per_token": kv_bytes_per_token,
    "decode_weight_read": decode_weight_read,
    "context_limit": lambda model: model.context_limit,
    "activations": lambda model: model.precision.activations,
    "format_of_experts": format_of_experts,
    "expert_bytes": expert_bytes,
}


def matrix_flops(model) -> dict[str, float]:
    """FLOP of all matrix products of a prefill and of a decode step, where others count them alike [FLOP]."""
    if (
        model.encoder
        or not model.paradigm.grows
        or any(isinstance(operator, UNLIKE) for _, operator in model.operators())
    ):
        return {}
    return {name: sum(kinds.values()) for name, kinds in ours(model, {}).items()}
