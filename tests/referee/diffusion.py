"""DiT (arXiv 2212.09748), counted with Diffusers' own class."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import DiTTransformer2DModel
from diffusers.models.attention_processor import AttnProcessor

NOTE = (
    "counted as Diffusers' DiTTransformer2DModel, with one embedding of the time step and the class for all blocks, as "
    "in the paper; positions are stored, as in its checkpoints"
)


class Once(torch.nn.Module):
    """A module that several others share and that runs for the first of them alone."""

    def __init__(self, module: torch.nn.Module) -> None:
        super().__init__()
        self.module = module
        self._made: torch.Tensor | None = None

    def forward(self, *inputs: Any, **named: Any) -> torch.Tensor:
        """What the module returned at its first call."""
        if self._made is None:
            self._made = self.module(*inputs, **named)
        return self._made


def dit(config: dict[str, Any]) -> DiTTransformer2DModel:
    """A DiT on the meta device."""
    heads, hidden = config["num_attention_heads"], config["hidden_size"]
    if config["intermediate_size"] != 4 * hidden:
        raise ValueError("Diffusers' FFN of DiT is four times the hidden size.")
    with torch.device("meta"):
        model = DiTTransformer2DModel(
            num_attention_heads=heads,
            attention_head_dim=hidden // heads,
            in_channels=config["in_channels"],
            out_channels=config["in_channels"] * (2 if config["learn_sigma"] else 1),
            num_layers=config["num_hidden_layers"],
            sample_size=config["sample_size"],
            patch_size=config["patch_size"],
            num_embeds_ada_norm=config["num_classes"],
        ).eval()
    shared = Once(model.transformer_blocks[0].norm1.emb)
    for block in model.transformer_blocks:
        block.norm1.emb = shared
        block.attn1.set_processor(AttnProcessor())
    positions = model.pos_embed.pos_embed
    del model.pos_embed.pos_embed  # a buffer here
    model.pos_embed.pos_embed = torch.nn.Parameter(positions.to("meta"))
    return model


def inputs(model: DiTTransformer2DModel, batch: int) -> dict[str, torch.Tensor]:
    """Noisy latent images, and a time step and a class for each."""
    size = model.config.sample_size
    labels = torch.zeros(batch, dtype=torch.long, device="meta")
    image = torch.zeros(batch, model.config.in_channels, size, size, device="meta")
    return {"hidden_states": image, "timestep": labels, "class_labels": labels}
