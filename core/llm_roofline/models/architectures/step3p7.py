"""Step 3.7 Flash (StepFun 2026): windows on three of four layers, a gate for each head, experts beside a shared one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..layers import (
    are_sparse,
    attention,
    dimensions,
    expert_dimensions,
    gated_mlp,
    kind_overrides,
    layer_kinds,
    mixed_decoder,
    mixture,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config
    from ..layers import Dimensions
    from ..model import Block

MODEL_TYPES = ("step3p7",)
MODULES = {"experts": ("moe",)}
OF_TEXT = {
    "moe_num_experts": "n_routed_experts",
    "moe_top_k": "num_experts_per_tok",
    "num_attention_groups": "num_key_value_heads",
    "num_experts": "n_routed_experts",
    "num_local_experts": "n_routed_experts",
    "share_expert_dims": "share_expert_dim",
}
SPELLINGS = OF_TEXT | {"text_config": OF_TEXT}
SOURCE = "post_attention_layernorm"
DENSE = 3  # layers before the first with experts, where the configuration does not say
KINDS = {"sliding_attention": "sliding", "full_attention": "full"}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the text, in forward order."""
    config.leave_out("vision_config")
    if config.fields.get("text_config") is not None:
        config.ignore("projector_bias")  # of the tower
        config = config.part("text_config")
    d = dimensions(config, kv_heads_stated=True)
    kinds, _ = _kinds(config, d)
    sliding = _sliding(config, d, kinds)
    width = config.optional_count("sliding_window")
    bias = config.flag("attention_bias")
    config.ignore("n_shared_experts")  # the width below is that of all of them together
    m = replace(
        expert_dimensions(config, d.hidden, experts="n_routed_experts"), shared=config.count("share_expert_dim")
    )
    if config.flag("mlp_bias"):
        config.problem("'mlp_bias' = True is not supported: networks here have no biases.")

    def attention_rows(kind: str) -> Iterable[Operator]:
        dims, window = (sliding, width) if kind == "sliding" else (d, None)
        return attention(
            dims, "input_layernorm", qkv_bias=bias, out_bias=bias, qk_norm=True, window=window, head_gate="g_proj"
        )

    networks = gated_mlp(d, SOURCE, m.function), mixture(m, SOURCE)
    stack = list(zip(kinds, are_sparse(config, d.layers, dense=DENSE), strict=True))
    return mixed_decoder(d, stack, attention_rows, networks, tied=config.flag("tie_word_embeddings"))


def predicting(config: Config, layers: int) -> dict[str, Any]:
    """Keys of layers that predict further tokens, which are dense and have a window where the lists do not go on.

    So are the tensors ``layers.45`` to ``47`` of Step 3.5 and 3.7 Flash; vLLM's ``step3p5_mtp.py``.
    """
    d = dimensions(config, kv_heads_stated=True)
    kinds, ahead = _kinds(config, d)
    usual = "sliding" if config.fields.get("sliding_window") else "full"
    return {
        "num_hidden_layers": layers,
        "layer_types": [f"{kind}_attention" for kind in ahead or [usual] * layers],
        "mlp_layer_types": ["dense"] * layers,
        "num_sliding_attention_heads": _sliding(config, d, kinds).heads,
        "per_layer_config": None,
    }


def _kinds(config: Config, d: Dimensions) -> tuple[list[str], list[str]]:
    """Kind of attention of each layer, and of those that predict further tokens where the list goes on with them."""
    ahead = config.count("num_nextn_predict_layers", default=0, least=0)
    stated = config.fields.get("layer_types")
    whole = d.layers + ahead * (isinstance(stated, list) and len(stated) == d.layers + ahead)
    kinds = layer_kinds(config, "layer_types", KINDS, whole) or ["full"] * whole
    return kinds[: d.layers], kinds[d.layers :]


def _sliding(config: Config, d: Dimensions, kinds: list[str]) -> Dimensions:
    """Dimensions of layers with a window, which may have other query heads."""
    heads = config.count("num_sliding_attention_heads", default=d.heads)
    written = kind_overrides(config, kinds, ("num_attention_heads",)) or {}
    if written.get("full"):
        config.problem("'per_layer_config' must leave layers without a window as the others say they are.")
    heads = written.get("sliding", {}).get("num_attention_heads", heads)
    config.divides("num_key_value_heads", d.kv_heads, "num_sliding_attention_heads", heads)
    return replace(d, heads=heads)
