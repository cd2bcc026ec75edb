"""Layers that predict further tokens (MTP, arXiv 2412.19437, section 2.2), behind a model or as a draft of their own.

Each is a layer of the model behind a projection of the token and of the features so far, each behind a norm; a last
norm leads to the model's head.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...basics import shown
from ...operators import HIDDEN, Head, Norm
from ..config import PREDICTING_KEYS
from ..model import Block
from .parts import FUSION, embedding, head, projection

if TYPE_CHECKING:
    from ...operators import Operator
    from ..config import Config

QWEN = "pre_fc_norm_embedding", "pre_fc_norm_hidden", "fc", "norm"  # once for all layers
DEEPSEEK = "enorm", "hnorm", "eh_proj", "shared_head.norm"
NAME = "predicting layers"
NAMES = {
    "mimo": ("token_layernorm", "hidden_layernorm", "input_proj", "final_layernorm"),
    "qwen3": QWEN,
}
"""Names of the two norms, the projection and the last norm in checkpoints, by what a ``model_type`` begins with."""
ALIKE = frozenset(
    {
        "deepseek_v3",
        "deepseek_v32",
        "glm4_moe",
        "glm4_moe_lite",
        "glm_moe_dsa",
        "kimi_k2",
        "mimo",
        "qwen3_5",
        "qwen3_5_moe",
        "qwen3_5_moe_text",
        "qwen3_5_text",
        "qwen3_next",
    }
)
"""Families whose layers that predict further tokens are as the last of their others."""


def predictor(config: Config, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks of layers that predict further tokens, as a draft of their own; none where there are none.

    Parameters
    ----------
    config : Config
        The configuration of the whole model.
    blocks : tuple of Block
        Blocks of the whole model, in forward order.
    """
    text = config.part("text_config") if isinstance(config.fields.get("text_config"), dict) else config
    family = str(text.fields.get("model_type"))
    if family not in ALIKE:
        if key := next((key for key in PREDICTING_KEYS if text.fields.get(key)), None):
            said = f"{key!r} = {shown(text.fields[key])}: layers that predict further tokens are not counted"
            config.notes.append(f"{said}, since this family's are not understood.")
        return ()
    layers = _layers(text, family)
    if not layers or head(blocks) is None:
        return ()
    return _blocks(blocks, layers, family, own_table=text.flag("mtp_use_dedicated_embeddings"))


def draft_blocks(config: Config, family: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks of a draft whose configuration describes such layers alone.

    Parameters
    ----------
    config : Config
        The configuration.
    family : tuple of Block
        A whole model of the draft's family.
    """
    type_of = "qwen3" if config.fields.get("mtp_config") else str(config.fields.get("model_type"))
    made = _blocks(family, max(_layers(config, type_of), 1), type_of)
    if config.fields.get("mtp_config") is None or config.part("mtp_config").flag("share_lm_head", default=True):
        return made
    return *made[:-1], replace(made[-1], operators=tuple(_own(op) for op in made[-1].operators))


def _own(operator: Operator) -> Operator:
    return replace(operator, tied=False) if isinstance(operator, Head) else operator


def _layers(config: Config, family: str) -> int:
    """How many there are [1]."""
    key = "mtp_num_hidden_layers" if family.startswith("qwen3_5") else "num_nextn_predict_layers"
    return config.count(key, default=0, least=0)


def _blocks(blocks: tuple[Block, ...], layers: int, family: str, *, own_table: bool = False) -> tuple[Block, ...]:
    """Embedding, the layers behind what merges it with the features, and the model's head."""
    table = replace(embedding(blocks), tied=not own_table)
    token, features, project, final = names = next((n for b, n in NAMES.items() if family.startswith(b)), DEEPSEEK)
    merging = (
        Norm(token, (table.name,), table.width),
        Norm(features, (HIDDEN,), table.width),
        projection(2 * table.width, table.width, (token, features), project),
    )
    stack = [block for block in blocks if block.is_numbered]
    depth = sum(block.layers for block in stack)
    layer = next((block for block in stack if depth - 1 in block.places), stack[-1]).operators
    if names is QWEN:
        norm = Norm(final, (HIDDEN,), table.width, role="final")
        middle = Block(FUSION, 1, merging), Block(NAME, layers, layer, tuple(range(layers)))
        return Block("embedding", 1, (table,)), *middle, Block("head", 1, (norm, *_models_head(blocks, final)))
    behind = tuple(replace(op, inputs=tuple(project if name == HIDDEN else name for name in op.inputs)) for op in layer)
    norm = Norm(final, (behind[-1].name,), table.width, role="final")
    first = depth if names is DEEPSEEK else 0
    places = tuple(range(first, first + layers))
    return (
        Block("embedding", 1, (table,)),
        Block(NAME, layers, (*merging, *behind, norm), places),
        Block("head", 1, _models_head(blocks, HIDDEN)),
    )


def _models_head(blocks: tuple[Block, ...], source: str) -> tuple[Operator, ...]:
    """The model's own head on another result."""
    found = head(blocks)
    return (replace(found, inputs=(source,), tied=True),) if found else ()
