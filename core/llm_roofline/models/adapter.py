"""An adapter of low rank that a folder holds beside a model, unmerged (LoRA, arXiv 2106.09685).

Each module that it changes gets two thin products, whose sum with its own result is written once, as engines do it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..basics import shown
from ..operators import ExpertLinear, Head, Linear
from ..operators.counts import NEXT_TOKENS
from .checkpoint.spelling import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..operators import Operator
    from .config import Config
    from .model import Block

KEY = "adapter_config"
"""Key under which a model's configuration has that of its adapter."""
ALL = "all-linear"
NOT_READ = ("layers_to_transform", "megatron_config", "rank_pattern", "target_parameters", "use_dora")


def adapted(config: Config, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks with the adapter that a configuration describes, if it describes one.

    Parameters
    ----------
    config : Config
        The configuration of the model, which may hold that of an adapter.
    blocks : tuple of Block
        The model's blocks.
    """
    if config.fields.get(KEY) is None:
        return blocks
    adapter = config.part(KEY)
    adapter.ignore(*adapter.fields)  # those below are read; the others are of its training
    adapter.path = "adapter_config.json"
    if adapter.fields.get("peft_type") != "LORA":
        adapter.problem(
            f"this folder is an adapter of the kind {shown(adapter.fields.get('peft_type'))}; 'LORA' is understood."
        )
        return blocks
    for key in NOT_READ:
        if adapter.fields.get(key):
            adapter.problem(f"{key!r} = {shown(adapter.fields[key])} of a LoRA adapter is not understood.")
    rank, targets = adapter.count("r", default=8), _targets(adapter)
    changed = tuple(replace(b, operators=tuple(_rows(b.operators, rank, targets, adapter))) for b in blocks)
    names = dict.fromkeys(op.name for b in blocks for op in b.operators if _is_target(op, targets))
    if not names:
        adapter.problem(f"'target_modules' of this adapter must name modules of the model (got {shown(targets)}).")
    config.notes.append(f"An adapter of rank {rank:,} lies beside {', '.join(names)}, unmerged.")
    return changed


def _targets(adapter: Config) -> list[str] | str:
    """Names of modules, or the word for all of them."""
    stated: Any = adapter.fields.get("target_modules")
    if stated == ALL:
        return ALL
    if not isinstance(stated, list) or not all(isinstance(name, str) for name in stated):
        adapter.problem(f"'target_modules' of this adapter must be a list of names or {ALL!r} (got {shown(stated)}).")
        return []
    return stated


def _is_target(operator: Operator, targets: Iterable[str]) -> bool:
    if targets == ALL:
        return isinstance(operator, Linear) and operator.stored != "wide"
    own = pieces(operator.name)
    return isinstance(operator, Linear | ExpertLinear | Head) and any(
        own[-len(names) :] == names for names in map(pieces, targets)
    )


def _rows(operators: tuple[Operator, ...], rank: int, targets: list[str] | str, adapter: Config) -> Iterator[Operator]:
    """The operators of a layer, two thin ones before each module that is changed; it adds what they return."""
    for operator in operators:
        if not _is_target(operator, targets):
            yield operator
            continue
        if isinstance(operator, ExpertLinear):
            adapter.problem(f"{operator.name!r} has experts, of which this adapter's share is not understood.")
        group = operator.shown_as
        first, second = f"{operator.name}.lora_A", f"{operator.name}.lora_B"
        if isinstance(operator, Head):
            into, out, per = operator.width, operator.vocabulary, NEXT_TOKENS
        elif isinstance(operator, Linear):
            into, out, per = operator.width_in, operator.width_out, operator.per
        else:
            continue
        yield Linear(first, operator.inputs, into, rank, group, per=per, stored="wide")
        yield Linear(second, (first,), rank, out, group, per=per, stored="wide")
        yield replace(operator, inputs=(*operator.inputs, second))
