"""In which formats the weights of a run are stored, in words: one format a kind, or several with their shares."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ..formats import FormatShare, summed, words_of
from ..models import kind_of, nominal, stored_shares

if TYPE_CHECKING:
    from ..serving import Run

LABELS = {"weights": "weights", "attention_weights": "attention", "experts": "experts", "head": "head"}
"""Kinds of weights, by their names for people."""


def weight_words(run: Run) -> dict[str, str]:
    """Formats of each kind of weights that has several, by its label, such as ``"int4-g128, 12 of 32 layers bf16"``.

    Parameters
    ----------
    run : Run
        The layers, and the formats that were chosen.
    """
    by_operator = stored_shares(run.stack)
    by_kind: dict[str, list[FormatShare]] = defaultdict(list)
    distinct: dict[str, set[tuple[FormatShare, ...]]] = defaultdict(set)
    layers: dict[str, int] = defaultdict(int)
    last: dict[str, str] = {}
    for block, operator in run.stack.operators() if by_operator else ():
        if not (kind := kind_of(operator)):
            continue
        shares = by_operator.get((block.name, operator.name), nominal(kind, run.precision))
        count = block.layers * operator.parameters[kind]
        by_kind[kind] += [share._replace(share=share.share * count, activations="") for share in shares]
        distinct[kind].add(shares)
        layers[kind] += block.layers if last.get(kind) != block.name else 0
        last[kind] = block.name
    return {
        LABELS[kind]: words_of(total, layers[kind] if len(distinct[kind]) == 1 and kind != "head" else 0)
        for kind, shares in by_kind.items()
        if len(total := summed(shares)) > 1
        or total[0].sparsity.density < 1
        or total[0].weights != run.precision.of(kind)
    }
