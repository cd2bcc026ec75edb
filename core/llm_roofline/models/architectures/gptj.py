"""GPT-J (Wang and Komatsuzaki 2021): attention and feed-forward network side by side behind one norm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Norm
from ..layers import ACTIVATIONS, attention, dimensions_of_gpt2, head, parallel_layer, plain_mlp
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("gptj",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions_of_gpt2(config)
    function = config.choice("activation_function", among=ACTIVATIONS, default="gelu_new")
    rotary = config.count("rotary_dim", default=64)
    if rotary > d.head_size and config.is_sound("n_embd", "n_head"):
        config.problem(f"'rotary_dim' must not exceed the size of a head (got {rotary:,} and {d.head_size:,}).")
    yield Block("embedding", 1, (Embedding("wte", (), d.vocabulary, d.hidden),))
    norm = Norm("ln_1", (HIDDEN,), d.hidden, layer_norm=True, bias=True)
    attention_rows = attention(d, "ln_1", rotary_size=rotary, out_name="out_proj")
    network = plain_mlp(d, "ln_1", function, ("fc_in", "fc_out"))
    yield Block("layers", d.layers, parallel_layer(d.hidden, (norm,), attention_rows, network))
    yield head(d, norm="ln_f", tied=config.flag("tie_word_embeddings"), layer_norm=True, bias=True)
