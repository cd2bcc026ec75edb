"""Nemotron-NAS (arXiv 2411.19146): Llama's own layers, each as wide as its search left it, some without attention."""

from __future__ import annotations

from copy import copy
from typing import Any

import torch
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaAttention, LlamaMLP

NOTE = (
    "counted as llama, each layer with the KV heads and the FFN of its entry in block_configs; a layer without "
    "attention has no input_layernorm"
)
ROUNDED_TO = 256  # FFN widths, upwards


class NoAttention(torch.nn.Module):
    """What stands where a layer has no attention."""

    def forward(self, hidden_states: torch.Tensor, **_: Any) -> tuple[torch.Tensor, None]:
        """Zeros, and no scores."""
        return torch.zeros_like(hidden_states), None


def nemotron_nas(config: dict[str, Any]) -> LlamaForCausalLM:
    """A Nemotron-NAS model on the meta device."""
    named = {"num_key_value_heads": config["num_attention_heads"], "intermediate_size": config["hidden_size"]}
    settings = LlamaConfig(**config | named)
    settings._attn_implementation = "eager"
    with torch.device("meta"):
        model = LlamaForCausalLM(settings).eval()
        for index, (layer, block) in enumerate(zip(model.model.layers, config["block_configs"], strict=True)):
            attention, ffn = block["attention"], block["ffn"]
            if ffn["no_op"] or any(part["replace_with_linear"] for part in (attention, ffn)):
                raise ValueError(f"block_configs[{index}] has neither attention and FFN nor FFN alone.")
            own = copy(settings)
            width = int(2 * ffn["ffn_mult"] * config["hidden_size"] / 3)
            own.intermediate_size = -(-width // ROUNDED_TO) * ROUNDED_TO
            layer.mlp = LlamaMLP(own)
            if attention["no_op"]:
                layer.input_layernorm, layer.self_attn = torch.nn.Identity(), NoAttention()
            else:
                own.num_key_value_heads = config["num_attention_heads"] // attention["n_heads_in_group"]
                layer.self_attn = LlamaAttention(own, index)
    return model
