"""Models of the catalogue that no class can count, why, and how many parameters are published.

The tests read them here, so that an entry needs neither PyTorch nor the tables to be written anew.
"""

from __future__ import annotations

from typing import TypedDict


class Missing(TypedDict):
    """What is known of a model that nobody counts."""

    reason: str
    published_parameters: int
    source: str


MISSING: dict[str, Missing] = {
    "moonshotai/Kimi-K3": {
        "reason": "Transformers has no class of kimi_k3; its kimi_linear has neither experts that work on a latent nor "
        "residual attention",
        "published_parameters": 2_800_000_000_000,
        "source": "the model's page on the hub, 2.8T with the vision tower",
    },
    "xai-org/grok-1": {
        "reason": "no class of Transformers builds four norms a layer around plain experts",
        "published_parameters": 314_000_000_000,
        "source": "xai-org/grok-1, README: 314B",
    },
}
