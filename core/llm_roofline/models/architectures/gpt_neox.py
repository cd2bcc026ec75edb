"""GPT-NeoX and Pythia (arXiv 2204.06745, 2304.01373): attention and network side by side, each behind its own norm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Norm
from ..layers import ACTIVATIONS, dimensions, fused_attention, head, parallel_layer, plain_mlp, rotary_size, sequential
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("gpt_neox",)
ROTARY = 0.25  # share of a head that is rotated where the configuration does not say


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    if d.kv_heads != d.heads and config.is_sound("num_key_value_heads", "num_attention_heads"):
        config.problem(
            f"'num_key_value_heads' must equal 'num_attention_heads' in this family (got {d.kv_heads} and {d.heads})."
        )
    bias = config.flag("attention_bias", default=True)
    rotary = rotary_size(config, d, default=config.fraction("rotary_pct", default=ROTARY))
    function = config.choice("hidden_act", among=ACTIVATIONS, default="gelu")
    names = "query_key_value", "attention.dense"
    attention_rows = fused_attention(d, "input_layernorm", names=names, bias=bias, out_bias=bias, rotary_size=rotary)
    mlp_rows = plain_mlp(d, "post_attention_layernorm", function, ("dense_h_to_4h", "dense_4h_to_h"))
    parallel = config.flag("use_parallel_residual", default=True)
    norms = (
        Norm("input_layernorm", (HIDDEN,), d.hidden, layer_norm=True, bias=True),
        Norm("post_attention_layernorm", (HIDDEN if parallel else "attn_add",), d.hidden, layer_norm=True, bias=True),
    )
    yield Block("embedding", 1, (Embedding("embed_in", (), d.vocabulary, d.hidden),))
    if parallel:
        yield Block("layers", d.layers, parallel_layer(d.hidden, norms, attention_rows, mlp_rows))
    else:
        yield sequential(("layers", d.layers), d.hidden, attention_rows, mlp_rows, norms)
    yield head(d, norm="final_layer_norm", name="embed_out", tied=config.flag("tie_word_embeddings"), layer_norm=True)
