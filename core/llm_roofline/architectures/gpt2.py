"""GPT-2 (Radford et al. 2019, Language Models are Unsupervised Multitask Learners): learned positions, LayerNorm, a tied head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, Dimensions, fused_attention, head, plain_mlp, position_embedding, sequential
from ..model import Block
from ..operators import HIDDEN, Norm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("gpt2",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    hidden, heads = config.count("n_embd", "hidden_size"), config.count("n_head", "num_attention_heads")
    size = config.divides("n_head", heads, "n_embd", hidden)
    ffn = config.count("n_inner", default=4 * hidden)
    layers, vocabulary = config.count("n_layer", "num_hidden_layers"), config.count("vocab_size")
    d = Dimensions(hidden, layers, heads, heads, size, ffn, vocabulary)
    function = config.choice("activation_function", among=ACTIVATIONS, default="gelu_new")
    yield Block("embedding", 1, position_embedding(d, ("wte", "wpe"), config.count("n_positions", default=1024)))
    norms = (
        Norm("ln_1", (HIDDEN,), hidden, layer_norm=True, bias=True),
        Norm("ln_2", ("attn_add",), hidden, layer_norm=True, bias=True),
    )
    attention_rows = fused_attention(d, "ln_1", names=("c_attn", "attn.c_proj"), bias=True, out_bias=True)
    mlp_rows = plain_mlp(d, "ln_2", function, ("c_fc", "mlp.c_proj"))
    yield sequential(("layers", layers), hidden, attention_rows, mlp_rows, norms)
    yield head(d, norm="ln_f", tied=config.flag("tie_word_embeddings", default=True), layer_norm=True)
