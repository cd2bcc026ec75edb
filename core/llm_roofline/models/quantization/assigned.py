"""Formats of every operator of a model, from the rules of a statement."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ...basics import shown
from ...formats import WIDE, FormatShare, Precision, summed
from ..checkpoint import PREDICTOR
from .modules import Module, modules
from .place import Place
from .rule_matcher import RuleMatcher
from .statement import Described, Rule, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..model import Stack

    Formats = dict[tuple[str, str], tuple[FormatShare, ...]]

LINEAR = ("weights", "attention_weights", "experts")
_PROBE = Module(("", ""), "weights", 1, 1, (0,), ("mlp.gate_proj",))  # stands for a kind that no operator is of
_HEAD = re.compile(r"head|embed|output|wte")
_MOST_SAID = 3


class Assigned(NamedTuple):
    """What a statement comes to for a model.

    Parameters
    ----------
    precision : Precision
        Formats by kind: what most weights of the kind have.
    formats : mapping
        For each stack, the operators that have others.
    notes : tuple of str
        What the statement names and the model does not have.
    """

    precision: Precision
    formats: Mapping[str, Formats]
    notes: tuple[str, ...]


class _Row(NamedTuple):
    """An operator with what it stores."""

    stack: str
    module: Module
    shares: tuple[FormatShare, ...]


def assigned(statement: Statement, stacks: Mapping[str, Stack], family: Mapping[str, tuple[str, ...]]) -> Assigned:
    """Formats of every operator.

    Parameters
    ----------
    statement : Statement
        What the configuration states.
    stacks : mapping
        The model as ``"text"``, its towers by their names, and as ``"predictor"`` its layers that predict.
    family : mapping
        Names that its family has of its own.

    Raises
    ------
    ValueError
        If too many names would have to be tried.
    """
    if statement == Statement(None):
        return Assigned(Precision(), {}, ())
    places = {name: [n for _, own in stack.layer_numbers() for n in own] for name, stack in stacks.items()}
    matchers = {name: RuleMatcher(statement.rules, name, len(own)) for name, own in places.items()}
    if PREDICTOR in stacks:
        is_behind = min(places[PREDICTOR]) >= len(places["text"])
        matchers[PREDICTOR] = RuleMatcher(statement.rules, PREDICTOR, max(places[PREDICTOR]) + 1, is_behind=is_behind)
    rows = [
        _Row(name, module, _shares(statement, module, name, matchers[name]))
        for name, stack in stacks.items()
        for module in modules(stack, family)
    ]
    matched = {text for matcher in matchers.values() for text in matcher.matched}
    probe = _shares(statement, _PROBE, "text", matchers["text"])
    precision = _precision(
        [row for row in rows if row.stack not in ("vision", PREDICTOR)], probe, statement.kv_cache or WIDE
    )
    others: dict[str, Formats] = {name: {} for name in stacks}
    for row in rows:
        if row.shares and row.shares != (_nominal(row.module.kind, precision),):
            others[row.stack][row.module.key] = row.shares
    return Assigned(precision, others, tuple(_unmatched(statement, matched, stacks)))


def _shares(statement: Statement, module: Module, stack: str, matcher: RuleMatcher) -> tuple[FormatShare, ...]:
    """Formats of a module; none where it stores nothing that is ever quantised."""
    found = matcher.rules_of(module).items()
    if module.kind not in (*LINEAR, "head") or not module.elements:
        return ()
    default = _default(statement, module, stack)
    stored = []
    for number, part in found:
        rule = None if number is None else statement.rules[number]
        described = default if rule is None or (module.kind == "head" and not _names_head(rule)) else rule.described
        share = (described or Described(WIDE)).share(part * module.elements, module.elements / module.matrices)
        stored.append(share._replace(activations=WIDE) if module.kind == "head" else share)
    return summed(share for share in stored if share.share > 0)


def _names_head(rule: Rule) -> bool:
    """Whether a rule is for head or embedding, which a pattern that fits every name is not meant to quantise."""
    return rule.described is None or any(_HEAD.search(text) for _, text in rule.names)


def _default(statement: Statement, module: Module, stack: str) -> Described | None:
    """Formats of a module that no rule is for."""
    if stack == "vision" and not statement.of_towers:
        return None
    if module.kind == "head":
        return statement.head if module.key[0] == "head" else statement.embedding
    return None if statement.experts_alone and module.kind != "experts" else statement.default


def _precision(rows: list[_Row], probe: tuple[FormatShare, ...], kv_cache: str) -> Precision:
    """What most weights of each kind have."""
    weights: dict[str, Counter[str]] = defaultdict(Counter)
    activations = Counter[str]()
    for _, module, shares in rows:
        for share in shares:
            weights[module.kind][share.weights] += module.elements * share.share * max(len(module.layers), 1)  # type: ignore[assignment]
            if module.kind in LINEAR:
                activations[share.activations] += module.elements * share.share * max(len(module.layers), 1)  # type: ignore[assignment]
    most = {kind: max(found, key=lambda name: (found[name], name == WIDE)) for kind, found in weights.items()}
    plain = most.get("weights", probe[0].weights)
    own = {kind: None if most.get(kind, plain) == plain else most[kind] for kind in ("attention_weights", "experts")}
    return Precision(
        plain,
        activations.most_common(1)[0][0] if activations else probe[0].activations,
        kv_cache,
        most.get("head", WIDE),
        own["attention_weights"],
        own["experts"],
    )


def _nominal(kind: str, precision: Precision) -> FormatShare:
    """What an operator has by its kind."""
    if kind == "head":
        return FormatShare(1.0, precision.head, WIDE)
    own = None if kind == "weights" else getattr(precision, kind)
    return FormatShare(1.0, own or precision.weights, precision.activations)


def _unmatched(statement: Statement, matched: set[str], stacks: Mapping[str, Stack]) -> Iterator[str]:
    """A sentence for each key that names modules which the model does not have."""
    missed: dict[str, list[str]] = defaultdict(list)
    for rule in statement.rules:
        for name, text in rule.names:
            if rule.key and text not in matched and Place.of(name).stack in {"", *stacks} - {PREDICTOR}:
                missed[rule.key].append(text)
    for key, texts in missed.items():
        several = list(dict.fromkeys(texts))
        more = f" and {len(several) - _MOST_SAID:,} more" if len(several) > _MOST_SAID else ""
        named = ", ".join(shown(text) for text in several[:_MOST_SAID])
        yield f"{key!r} of its quantisation names modules that the model does not have: {named}{more}."
