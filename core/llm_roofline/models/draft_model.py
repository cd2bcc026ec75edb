"""Which model of the catalogue may guess tokens for another one: it is smaller, and has the same vocabulary.

No configuration says which tokens a vocabulary has. One of the same size, to the rows by which heads are padded, is
taken for the same within a family or among the models of one owner.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ..operators import Embedding, Head
from .load import fields_of, models

if TYPE_CHECKING:
    from .model import Model

PADDING = 128
"""Rows by which heads of one vocabulary differ, as those of Qwen2.5 do; llama.cpp's ``speculative`` allows as many."""

LARGEST_SHARE = 0.5  # of the model's parameters [1]; a larger draft takes too long for what it saves, arXiv 2211.17192


class _Entry(NamedTuple):
    """What is known of a model before it is loaded."""

    name: str
    owner: str
    series: str
    family: str
    vocabulary: int


def vocabulary_of(model: Model) -> int:
    """Rows of a model's head [1]; 0 where it has none.

    Parameters
    ----------
    model : Model
        The model.
    """
    return next((op.vocabulary for _, op in model.operators() if isinstance(op, Head)), 0)


def tokens_of(model: Model) -> int:
    """Tokens that a model tells apart [1]: rows of its head, of a draft those of its embedding where it has one.

    Heads of drafts may have the most frequent tokens alone (EAGLE-3, arXiv 2503.01840).

    Parameters
    ----------
    model : Model
        The model.
    """
    tables = [op.table_rows for _, op in model.operators() if isinstance(op, Embedding) and model.draft]
    return tables[0] if tables else vocabulary_of(model)


def features_of(model: Model) -> int:
    """Elements of a layer's features that a draft reads of the other model [1]; of a whole model its hidden size.

    Parameters
    ----------
    model : Model
        The model.
    """
    stated = model.config.get("target_hidden_size") if model.draft else None
    width = next((op.width for _, op in model.operators() if isinstance(op, Embedding | Head)), 0)
    return stated if isinstance(stated, int) else width


def draft_model(model: Model) -> Model | None:
    """The smallest model of the catalogue that may guess for another one; None where there is none.

    Models of the same owner come first, and of these the ones of the same series, such as Qwen3.

    Parameters
    ----------
    model : Model
        The model whose tokens are to be guessed.
    """
    (owner, series), rows = _origin(model.name), vocabulary_of(model)
    near = [
        entry
        for entry in _entries()
        if abs(entry.vocabulary - rows) <= PADDING and (entry.owner == owner or entry.family == model.family)
    ]
    fitting = [
        (entry.owner != owner, entry.series != series, draft.parameters, -(draft.context_limit or 0), entry.name)
        for entry in near
        if (draft := models[entry.name]).parameters <= LARGEST_SHARE * model.parameters and not draft.encoder
    ]
    return models[min(fitting)[-1]] if fitting else None


def _origin(name: str) -> tuple[str, str]:
    """Owner of a model, and its series where that has a number."""
    owner, _, own = name.rpartition("/")
    series = own.partition("-")[0]
    return owner, series if any(map(str.isdecimal, series)) else ""


@cache
def _entries() -> tuple[_Entry, ...]:
    """Every model of the catalogue whose configuration says its vocabulary."""
    found = []
    for name in models.names():
        fields = fields_of(name)
        text = fields.get("text_config") or fields
        rows = text.get("vocab_size") or text.get("padded_vocab_size")
        if rows:
            found.append(_Entry(name, *_origin(name), fields["model_type"], rows))
    return tuple(found)
