"""Layers that predict further tokens (MTP, arXiv 2412.19437, section 2.2), behind a model or as a draft of their own.

Each is a layer of the model behind a projection of the token and of the features so far, each behind a norm; a last
norm leads to the model's head. ``fusion.py`` has what stands before the layer, ``layouts.py`` what families call it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...basics import shown
from ...operators import HIDDEN, Head, Norm
from ..config import PREDICTING_KEYS
from ..model import Block
from .fusion import merged
from .layouts import DEEPSEEK, LAYOUTS, QWEN, UNPUBLISHED
from .parts import FUSION, embedding, head
from .predicting_module import predicting_module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config
    from .layouts import Layout
    from .predicting_module import PredictingModule

NAME = "predicting layers"


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
    model_type = str(text.fields.get("model_type"))
    layout = LAYOUTS.get(model_type)
    if layout is None:
        if key := next((key for key in PREDICTING_KEYS if text.fields.get(key)), None):
            why = UNPUBLISHED.get(model_type, "this family's are not understood")
            _left_out(config, f"{key!r} = {shown(text.fields[key])}", why)
        return ()
    layers = text.count(layout.key, default=0, least=0)
    if not layers or head(blocks) is None:
        return ()
    layout.doubt(text)
    module = predicting_module(text, blocks, model_type, layers)
    if isinstance(module, str):
        _left_out(config, f"{layout.key!r} = {layers:,}", module)
        return ()
    return _blocks(blocks, module, layers, layout, own_table=text.flag("mtp_use_dedicated_embeddings"))


def draft_blocks(config: Config, family: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks of a draft whose configuration describes such layers alone.

    Parameters
    ----------
    config : Config
        The configuration.
    family : tuple of Block
        A whole model of the draft's family.
    """
    model_type = str(config.fields.get("model_type"))
    layout = QWEN if config.fields.get("mtp_config") else LAYOUTS.get(model_type, DEEPSEEK)
    layers = max(config.count(layout.key, default=0, least=0), 1)
    module = predicting_module(config, family, model_type, layers)
    if isinstance(module, str):
        config.problem(f"a draft of layers that predict further tokens is not understood: {module}.")
        return family
    made = _blocks(family, module, layers, layout)
    if config.fields.get("mtp_config") is None or config.part("mtp_config").flag("share_lm_head", default=True):
        return made
    return *made[:-1], replace(made[-1], operators=tuple(_own(op) for op in made[-1].operators))


def _left_out(config: Config, stated: str, why: str) -> None:
    config.notes.append(f"{stated}: layers that predict further tokens are not counted, since {why}.")


def _own(operator: Operator) -> Operator:
    return replace(operator, tied=False) if isinstance(operator, Head) else operator


def _blocks(
    blocks: tuple[Block, ...], module: PredictingModule, layers: int, layout: Layout, *, own_table: bool = False
) -> tuple[Block, ...]:
    """Embedding, the layers behind what merges it with the features, and the model's head."""
    table = replace(embedding(blocks), tied=not own_table)
    before = Block("embedding", 1, (table,))
    fusion, final = merged(layout, table, module.streams), tuple(_named(module.final, layout.final))
    if layout.once:
        alike = Block(NAME, layers, module.layers[-1], tuple(range(layers)))
        return before, Block(FUSION, 1, fusion), alike, Block("head", 1, (*final, *_models_head(blocks, layout.final)))
    first = sum(block.layers for block in blocks if block.is_numbered) if layout.behind else 0
    parts, several = [*module.layers], len(module.layers)
    parts[0] = *fusion, *_behind(fusion[-1].name, parts[0])
    parts[-1] = *parts[-1], *_behind(parts[-1][-1].name, final)
    made = [
        Block(
            NAME if several == 1 else f"{NAME}, part {place + 1}",
            layers,
            rows,
            tuple(first + place + several * i for i in range(layers)),
        )
        for place, rows in enumerate(parts)
    ]
    return before, *made, Block("head", 1, _models_head(blocks, HIDDEN))


def _behind(source: str, rows: Iterable[Operator]) -> Iterator[Operator]:
    """Operators that read what stands before them in the same block."""
    return (replace(op, inputs=tuple(source if name == HIDDEN else name for name in op.inputs)) for op in rows)


def _named(final: Iterable[Operator], name: str) -> Iterator[Operator]:
    """What leads to the head, with the last norm under a name of its own, or without it where it has none."""
    for op in final:
        if not isinstance(op, Norm) or op.role != "final":
            yield op
        elif name:
            yield replace(op, name=name)


def _models_head(blocks: tuple[Block, ...], source: str) -> tuple[Operator, ...]:
    """The model's own head on another result."""
    found = head(blocks)
    return (replace(found, inputs=(source,), tied=True),) if found else ()
