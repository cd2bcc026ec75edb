"""Models on PyTorch's meta device, from the fields of a `config.json`. Class defaults fill missing fields."""

from __future__ import annotations

from typing import Any

import torch
from transformers import (
    CONFIG_MAPPING,
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoModelForSeq2SeqLM,
    AutoModelForSpeechSeq2Seq,
)

from .diffusion import dit
from .fields import class_and_fields
from .nas import nemotron_nas

OWN = {"dit": dit, "nemotron-nas": nemotron_nas}


def build(config: dict[str, Any]) -> Any:
    """The model, on the meta device, with eager attention and with experts in one grouped product.

    Raises
    ------
    ValueError
        If there is no class of its type.
    """
    model_type, fields = class_and_fields(config)
    if model_type in OWN:
        return OWN[model_type](fields)
    if model_type not in CONFIG_MAPPING:
        raise ValueError(
            f"Transformers has no class of {model_type}. Name one of the very same operators in STAND_INS of "
            "tests/referee/fields.py, or say in tests/referee/missing.py why nobody can count it."
        )
    settings = AutoConfig.for_model(model_type, **fields)
    with torch.device("meta"):
        model = auto_class(settings, described=fields).from_config(
            settings,
            attn_implementation="eager",
            dtype=torch.bfloat16,  # the one that grouped products take
        )
    if model_type == "t5" and not fields["tie_word_embeddings"]:
        # The class ties the head of T5 1.1 to the embedding, too; its checkpoints have one of their own.
        model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.clone())
    if model._can_set_experts_implementation():
        model.set_experts_implementation("grouped_mm")
    return model.eval()


def auto_class(settings: Any, described: dict[str, Any]) -> Any:
    """The class that builds all that the config describes: a text model alone where it has no vision tower."""
    if settings.is_encoder_decoder:
        among = [AutoModelForSeq2SeqLM, AutoModelForSpeechSeq2Seq]
    elif "vision_config" in described:
        among = [AutoModelForImageTextToText]
    else:
        among = [AutoModelForCausalLM, AutoModelForImageTextToText]
    return next(auto for auto in among if type(settings) in auto._model_mapping)


def text_parts(model: Any) -> tuple[Any, ...]:
    """The modules that a prompt of text runs through."""
    inner = getattr(model, "model", None)
    return (inner.language_model, model.lm_head) if hasattr(inner, "language_model") else (model,)


def parameters(*modules: Any) -> int:
    """Parameters, a tied weight once, buffers not at all."""
    return sum({id(p): p.numel() for module in modules for p in module.parameters()}.values())
