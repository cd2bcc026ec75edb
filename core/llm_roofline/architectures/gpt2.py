"""GPT-2: learned positions, LayerNorm, a tied head.

Radford et al. 2019, Language Models are Unsupervised Multitask Learners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, dimensions_of_gpt2, fused_attention, head, plain_mlp, position_embedding, sequential
from ..model import Block
from ..operators import HIDDEN, Norm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("gpt2",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions_of_gpt2(config)
    function = config.choice("activation_function", among=ACTIVATIONS, default="gelu_new")
    yield Block("embedding", 1, position_embedding(d, ("wte", "wpe"), config.count("n_positions", default=1024)))
    norms = (
        Norm("ln_1", (HIDDEN,), d.hidden, layer_norm=True, bias=True),
        Norm("ln_2", ("attn_add",), d.hidden, layer_norm=True, bias=True),
    )
    attention_rows = fused_attention(d, "ln_1", names=("c_attn", "attn.c_proj"), bias=True, out_bias=True)
    mlp_rows = plain_mlp(d, "ln_2", function, ("c_fc", "mlp.c_proj"))
    yield sequential(("layers", d.layers), d.hidden, attention_rows, mlp_rows, norms)
    yield head(d, norm="ln_f", tied=config.flag("tie_word_embeddings", default=True), layer_norm=True)
