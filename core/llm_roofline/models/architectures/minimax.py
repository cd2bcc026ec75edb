"""MiniMax-Text-01 (arXiv 2501.08313): lightning attention on seven of eight layers, softmax on one; experts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...operators import Activation, Embedding, Linear, Norm, ResidualAdd, StateScan
from ..layers import SILU, attention, dimensions, expert_dimensions, head, layer_kinds, mixture, rms_norms, stacked
from ..layers.attention import PROJECTION, STORED
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config
    from ..layers import Dimensions

MODEL_TYPES = ("minimax",)
STATES = "bf16"  # of lightning attention, as its cache keeps them
SPELLINGS = {"num_experts": "num_local_experts"}
INTO_ATTENTION, INTO_NETWORK = "input_layernorm", "post_attention_layernorm"
KINDS = {"linear_attention": "linear", "full_attention": "full"}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order; the factors of the residual stream are factors of products, and cost nothing."""
    d = dimensions(config, kv_heads_stated=True)
    m = expert_dimensions(config, d.hidden, ffn="intermediate_size", experts="num_local_experts", functions=SILU)
    rotary, window = config.count("rotary_dim", default=d.head_size), config.optional_count("sliding_window")
    softmax = partial(attention, d, INTO_ATTENTION, rotary_size=rotary, window=window)

    def build(kind: str) -> Iterator[Operator]:
        """What a norm returns is also what goes on as the residual stream."""
        first, second = rms_norms(d.hidden)
        mixer = tuple(_lightning(d) if kind == "linear" else softmax())
        network = tuple(mixture(m, INTO_NETWORK))
        yield from (first, *mixer, ResidualAdd("attn_add", (first.name, mixer[-1].name), d.hidden))
        yield from (second, *network, ResidualAdd("mlp_add", (second.name, network[-1].name), d.hidden))

    kinds = layer_kinds(config, "layer_types", KINDS, d.layers) or [
        "linear" if i % 2 else "full" for i in range(d.layers)
    ]
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    yield from stacked(kinds, {kind: f"{kind} layers" for kind in kinds}, build)
    yield head(d, norm="norm", tied=config.flag("tie_word_embeddings"))


def _lightning(d: Dimensions) -> Iterator[Operator]:
    """Lightning attention; the decay of a head is a constant, and its result is normalised over all heads."""
    width = d.query_width
    yield Linear("qkv_proj", (INTO_ATTENTION,), d.hidden, 3 * width, PROJECTION, stored=STORED)
    yield Activation("act_fn", ("qkv_proj",), 3 * width, d.hidden, "silu", gated=False)
    yield StateScan(
        "lightning_attention",
        ("act_fn",),
        heads=d.heads,
        key_size=d.head_size,
        value_size=d.head_size,
        rule="lightning attention",
        width_in=3 * width,
        gates=0,
        width_out=width,
    )
    yield Linear("output_gate", (INTO_ATTENTION,), d.hidden, width, PROJECTION, stored=STORED)
    yield Norm("norm", ("output_gate", "lightning_attention"), width, gate="sigmoid")
    yield Linear("out_proj", ("norm",), width, d.hidden, PROJECTION, stored=STORED)
