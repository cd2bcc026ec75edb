"""Models on PyTorch's meta device (no weight is made, none is fetched), and what runs on them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import torch
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoModelForSeq2SeqLM,
    AutoModelForSpeechSeq2Seq,
)

from .products import Products
from .standins import STAND_INS

BATCH = 2
PROMPT_TOKENS = 96  # below every sliding window of the configs, so that no window changes a count
START_TOKENS = 4  # what the decoder of an encoder-decoder is given
UNUSED = {"_provenance", "model_type", "auto_map"}
CLASSES = (AutoModelForCausalLM, AutoModelForImageTextToText, AutoModelForSeq2SeqLM, AutoModelForSpeechSeq2Seq)

Flops = Counter[tuple[str, str]]


def build(config: dict[str, Any]) -> Any:
    """The model of a `config.json`, on the meta device, with eager attention. Class defaults fill missing fields."""
    model_type = config["model_type"]
    fields = {key: value for key, value in config.items() if key not in UNUSED}
    if model_type in STAND_INS:
        model_type, renamed, _ = STAND_INS[model_type]
        fields = renamed(fields)
    settings = AutoConfig.for_model(model_type, **fields)
    if settings.is_encoder_decoder:
        among = CLASSES[2:]
    elif "vision_config" in fields:
        among = CLASSES[1:2]
    else:
        among = CLASSES[:2]
    auto = next(auto for auto in among if type(settings) in auto._model_mapping)
    with torch.device("meta"):
        model = auto.from_config(settings, attn_implementation="eager", dtype=torch.bfloat16).eval()
    if (
        model_type == "t5" and not fields["tie_word_embeddings"]
    ):  # the class ties the head of T5 1.1 to the embedding too
        model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.clone())
    if model._can_set_experts_implementation():
        model.set_experts_implementation("grouped_mm")
    return model


def text_parts(model: Any) -> tuple[Any, ...]:
    """The modules that a prompt of text runs through."""
    inner = getattr(model, "model", None)
    return (inner.language_model, model.lm_head) if hasattr(inner, "language_model") else (model,)


def parameters(*modules: Any) -> int:
    """Parameters, a tied weight once, buffers not at all."""
    return sum({id(p): p.numel() for module in modules for p in module.parameters()}.values())


def tokens(count: int) -> torch.Tensor:
    """A batch of token numbers."""
    return torch.zeros(BATCH, count, dtype=torch.long, device="meta")


def run(model: Any, **inputs: Any) -> tuple[Flops, Any]:
    """Matmul FLOP of one forward pass by module and kind, and what it returns."""
    with torch.no_grad(), torch.device("meta"), Products(model) as products:
        output = model(**inputs)
    return products.flops, output


def passes(model: Any) -> dict[str, Flops]:
    """Matmul FLOP of every pass, by module and kind."""
    if model.config.is_encoder_decoder:
        return encoder_decoder_passes(model)
    prefill, output = run(model, input_ids=tokens(PROMPT_TOKENS), use_cache=True, logits_to_keep=1)
    decode, _ = run(model, input_ids=tokens(1), cache=output.cache, use_cache=True, logits_to_keep=1)
    return {"prefill": prefill, "decode": decode}


def encoder_decoder_passes(model: Any) -> dict[str, Flops]:
    """Matmul FLOP of the encoder, of the decoder's prefill and of a decode step."""
    if hasattr(model.config, "num_mel_bins"):
        frames = 2 * model.config.max_source_positions  # a convolution of stride 2 halves them
        source = {
            "input_features": torch.zeros(BATCH, model.config.num_mel_bins, frames, device="meta", dtype=torch.bfloat16)
        }
    else:
        source = {"input_ids": tokens(PROMPT_TOKENS)}
    encoder, made = run(model.get_encoder(), **source)
    model.get_output_embeddings().register_forward_pre_hook(lambda _, hidden: hidden[0][:, -1:])  # one row of logits
    given = {"encoder_outputs": made, "use_cache": True}
    prefill, output = run(model, decoder_input_ids=tokens(START_TOKENS), **given)
    decode, _ = run(model, decoder_input_ids=tokens(1), cache=output.cache, **given)
    return {"encoder": encoder, "prefill": prefill, "decode": decode}


def by_kind(flops: Flops) -> dict[str, int]:
    """Matmul FLOP by kind, and the total, which leaves convolutions out."""
    kinds: Counter[str] = Counter()
    for (_, kind), count in flops.items():
        kinds[kind] += count
    return {"total": sum(kinds.values()) - kinds["convolution"]} | {k: n for k, n in sorted(kinds.items()) if n}
