"""What runs: the passes of each kind of model, and the matmul FLOP of each."""

from __future__ import annotations

from collections import Counter
from typing import Any

import torch

from .diffusion import DiTTransformer2DModel, inputs
from .products import Products
from .vision import Images

BATCH = 2
PROMPT_TOKENS = 96  # below every sliding window of the configs, so that no window changes a count
START_TOKENS = 4  # what the decoder of an encoder-decoder is given

Flops = Counter[tuple[str, str]]  # by module and kind


def passes(model: Any) -> dict[str, Flops]:
    """Matmul FLOP of every pass: prefill and a decode step, the encoder's before them, or one step of denoising."""
    if isinstance(model, DiTTransformer2DModel):
        return {"denoising": run(model, **inputs(model, BATCH))[0]}
    if model.config.is_encoder_decoder:
        return encoder_decoder(model)
    prefill, output = run(model, input_ids=tokens(PROMPT_TOKENS), use_cache=True, logits_to_keep=1)
    decode, _ = run(model, input_ids=tokens(1), cache=output.cache, use_cache=True, logits_to_keep=1)
    return {"prefill": prefill, "decode": decode}


def seen(model: Any) -> tuple[Flops, int]:
    """Matmul FLOP of a vision tower for one image a sequence, and the patches of an image [1]."""
    images = Images(model.model)
    return run(images, "cpu", *images.zeros(BATCH))[0], images.patches


def encoder_decoder(model: Any) -> dict[str, Flops]:
    """Matmul FLOP of the encoder, of the decoder's prefill (with keys and values of the source), of a decode step."""
    if hasattr(model.config, "num_mel_bins"):
        shape = BATCH, model.config.num_mel_bins, 2 * source_tokens(model)  # a convolution of stride 2 halves them
        source = {"input_features": torch.zeros(shape, dtype=torch.bfloat16, device="meta")}
    else:
        source = {"input_ids": tokens(source_tokens(model))}
    encoder, made = run(model.get_encoder(), **source)
    model.get_output_embeddings().register_forward_pre_hook(last_position)
    given = {"encoder_outputs": made, "use_cache": True}
    prefill, output = run(model, decoder_input_ids=tokens(START_TOKENS), **given)
    decode, _ = run(model, decoder_input_ids=tokens(1), cache=output.cache, **given)
    return {"encoder": encoder, "prefill": prefill, "decode": decode}


def source_tokens(model: Any) -> int:
    """Tokens that an encoder gives to its decoder, or that an image becomes; 0 for a decoder alone [token]."""
    if isinstance(model, DiTTransformer2DModel):
        return (model.config.sample_size // model.config.patch_size) ** 2
    if model.config.is_encoder_decoder:
        return getattr(model.config, "max_source_positions", PROMPT_TOKENS)  # all of a sound, whatever its length
    return 0


def last_position(_: torch.nn.Module, hidden: tuple[torch.Tensor]) -> torch.Tensor:
    """What a head is given for one row of logits; these classes have no `logits_to_keep`."""
    return hidden[0][:, -1:]


def tokens(count: int) -> torch.Tensor:
    """A batch of token numbers."""
    return torch.zeros(BATCH, count, dtype=torch.long, device="meta")


def run(model: Any, device: str = "meta", *given: Any, **named: Any) -> tuple[Flops, Any]:
    """Matmul FLOP of one forward pass, and what it returns."""
    with torch.no_grad(), torch.device(device), Products(model) as products:
        output = model(*given, **named)
    return products.flops, output
