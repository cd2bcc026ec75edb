"""Vision towers: their code reads the sizes of images, so that they run on real tensors, small ones and all zero."""

from __future__ import annotations

from typing import Any

import torch

SIDE = 6  # patches along an image; every tower merges 2 or 3 of them into one


class Images(torch.nn.Module):
    """What a model makes of images.

    Parameters
    ----------
    model : transformers.PreTrainedModel
        The model without its head; all but its language model moves to the CPU.
    """

    patches = SIDE * SIDE

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        for name, part in model.named_children():
            if name != "language_model":
                part.to_empty(device="cpu")
                for tensor in (*part.parameters(), *part.buffers()):
                    tensor.data.zero_()

    def forward(self, *images: torch.Tensor) -> Any:
        """Tokens of the language model; Pixtral's tower would multiply patches of images that it packs into one row."""
        if self.model.config.vision_config.model_type == "pixtral":
            return [
                self.model.get_image_features(*(part[None] for part in image)) for image in zip(*images, strict=True)
            ]
        return self.model.get_image_features(*images)

    def zeros(self, batch: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Patches of a batch of images, and how they lie: where each is, or how many of them there are in each row."""
        settings = self.model.config.vision_config
        size = settings.patch_size
        if settings.model_type == "gemma4_vision":
            where = torch.cartesian_prod(torch.arange(SIDE), torch.arange(SIDE)).expand(batch, -1, -1)
            return torch.zeros(batch, self.patches, 3 * size**2, dtype=torch.bfloat16), where
        if settings.model_type == "pixtral":  # whole images, and how many pixels each has
            side = SIDE * size
            return torch.zeros(batch, 3, side, side, dtype=torch.bfloat16), torch.tensor([[side, side]] * batch)
        depth = getattr(settings, "temporal_patch_size", None)  # Qwen's patches hold frames, each in one row
        shape = (3 * depth * size**2,) if depth else (3, size, size)
        patches = torch.zeros(batch * self.patches, *shape, dtype=torch.bfloat16)
        return patches, torch.tensor([[1, SIDE, SIDE]] * batch)
