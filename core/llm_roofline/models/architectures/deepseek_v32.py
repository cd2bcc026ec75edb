"""DeepSeek V3.2 (arXiv 2512.02556) and GLM-5: DeepSeek-V3's layer, in which an indexer selects the keys of a query.

Some layers of GLM-5.2 have no indexer, and see the keys that the last one before them selected (arXiv 2603.12201).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import Selection, indexer, latent_attention, latent_dimensions, layer_kinds, sparse_decoder
from . import deepseek_v2
from .deepseek_v2 import LATENT_256, OF_V3

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("deepseek_v32", "glm_moe_dsa")
SPELLINGS = deepseek_v2.SPELLINGS
DEFAULTS = {
    "deepseek_v32": OF_V3 | {"index_n_heads": 64, "index_head_dim": 128, "index_topk": 2048},
    "glm_moe_dsa": LATENT_256
    | {"q_lora_rank": 2048, "n_shared_experts": 1, "first_k_dense_replace": 3}
    | {"index_n_heads": 32, "index_head_dim": 128, "index_topk": 2048},
}
SOURCE, SHARED = "input_layernorm", "index-sharing"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d, m = latent_dimensions(config)
    if not m.query_latent:
        config.problem("'q_lora_rank' must be set in this family: the indexer reads the latent of the queries.")
    selection = Selection(*(config.count(key) for key in ("index_n_heads", "index_head_dim", "index_topk")))
    config.within("qk_rope_head_dim", m.rotated, "index_head_dim", selection.head_size)
    return sparse_decoder(
        config,
        d,
        lambda kind: latent_attention(
            m, SOURCE, selected=selection.selected, indexer=() if kind == SHARED else indexer(m, selection, SOURCE)
        ),
        _kinds(config, d.layers),
    )


def _kinds(config: Config, layers: int) -> list[str]:
    """Whether each layer has an indexer: as a list says, or one in so many, after the first ones."""
    every, skipped = config.count("index_topk_freq", default=1), config.count("index_skip_topk_offset", default=2)
    config.ignore("index_share_for_mtp_iteration")  # of layers that predict further tokens
    layer_kinds(config, "layer_types", {"indexed_attention": "", "deepseek_sparse_attention": ""}, layers)
    stated = layer_kinds(config, "indexer_types", {"full": "", "shared": SHARED}, layers)
    if stated is None and config.fields.get("index_topk_pattern") is not None:
        config.problem("'index_topk_pattern' is not understood; say the same by 'indexer_types'.")
    return stated or ["" if max(i - skipped + 1, 0) % every == 0 else SHARED for i in range(layers)]
