"""What the laws run over: every model of the catalogue, one of each family, and shapes that the catalogue lacks."""

from __future__ import annotations

import pytest

from llm_roofline import Conventions, Hardware, Model, Precision, Scenario, Workload, hardware, load_model, models
from llm_roofline.compile import compiled
from llm_roofline.models import families

H100 = hardware["h100-sxm"]
TINY = {
    "model_type": "qwen3",
    "hidden_size": 64,
    "num_hidden_layers": 5,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "intermediate_size": 96,
    "vocab_size": 1000,
}
SHAPES = {  # what no file of the catalogue asks for: small windows, on some or all layers; NeoX in sequence
    "window": load_model(TINY | {"model_type": "mistral", "sliding_window": 48}, "window"),
    "late window": load_model(
        TINY | {"use_sliding_window": True, "sliding_window": 48, "max_window_layers": 2}, "late window"
    ),
    "sequential neox": load_model(
        {k: v for k, v in TINY.items() if k not in {"num_key_value_heads", "head_dim"}}
        | {"model_type": "gpt_neox", "use_parallel_residual": False},
        "sequential neox",
    ),
}


def one_of_each_family() -> dict[str, Model]:
    """First model of the catalogue of every family, and the shapes above."""
    found: dict[str, Model] = {}
    for name in models.names():
        found.setdefault(models[name].family, models[name])
    assert found.keys() == families().keys()
    return found | SHAPES


FAMILIES = one_of_each_family()
EVERY = {name: models[name] for name in models.names()} | SHAPES
every_model = pytest.mark.parametrize("model", EVERY.values(), ids=EVERY.keys())
every_family = pytest.mark.parametrize("model", FAMILIES.values(), ids=FAMILIES.keys())


def device(bandwidth: float, matrix: float, vector: float, memory_bytes: float = 80e9) -> Hardware:
    """A device that computes in bf16 alone."""
    return Hardware(
        name="made-up",
        title="made up",
        memory_bytes=memory_bytes,
        memory_bandwidth=bandwidth,
        peak_flops_per_s={"bf16": matrix},
        vector_flops_per_s={"fp32": vector},
    )


def scenario(
    model: Model, batch: int = 1, prompt: int = 128, output: int = 16, on: Hardware = H100, **fields: str
) -> Scenario:
    """A scenario with a workload that every model allows; fields are formats or conventions."""
    conventions = fields.pop("conventions", Conventions.standard)
    return Scenario(model, on, Workload(batch, prompt, output), Precision(**fields), conventions=conventions)


def structure(s: Scenario):
    """Compiled structure of a scenario, for laws over many steps at once."""
    return compiled(s.model, s.techniques, s.conventions)
