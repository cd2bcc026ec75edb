"""The formats that a configuration states: where the statement stands, by which method, and what it comes to.

Nothing in it is executed: patterns that pick modules are read as plain names with ``*``, and one that says more is a
problem. Imports the standard library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ...basics import PrecisionError, shown
from ...formats import WIDE, Precision
from .assigned import Assigned, assigned
from .methods import ALIASES, METHODS
from .section import Section
from .statement import Described, Rule, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..config import Config
    from ..family import Family
    from ..model import Stack

KEYS = ("quantization_config", "quantization", "compression_config")
"""Keys of a configuration that hold the statement."""
DTYPES = ("torch_dtype", "dtype")
BESIDE = {"hf_quant_config.json": "modelopt", "quantize_config.json": "gptq", "quant_config.json": "awq"}
"""Files beside a ``config.json`` that hold the statement instead, with the method whose they are."""
STORED_WIDE = (
    "{key!r} is float32; the weights are counted at 16 bit, to which engines cast them. What is not quantised takes "
    "twice the bytes where they do not, and in its files."
)
_INFERRED = (
    ("modelopt", ("quant_algo", "quantized_layers")),
    ("compressed-tensors", ("config_groups",)),
    ("bitsandbytes", ("load_in_4bit", "load_in_8bit")),
    ("torchao", ("quant_type",)),
    ("quark", ("global_quant_config",)),
    ("vptq", ("config_for_layers",)),
    ("awq", ("w_bit",)),
    ("gptq", ("desc_act",)),
    ("mlx", ("group_size",)),
)
"""Methods by the keys that tell them where none is named, the surest first."""


class _Found(NamedTuple):
    """A statement, and where it stands."""

    part: Config
    key: str
    fields: Mapping[str, Any]


def states_formats(fields: Mapping[str, Any]) -> bool:
    """Whether a configuration says how it is quantised.

    Parameters
    ----------
    fields : mapping
        The configuration.
    """
    text = fields.get("text_config")
    return any(part.get(key) for part in (fields, text if isinstance(text, dict) else {}) for key in KEYS)


def stored_formats(config: Config, stacks: Mapping[str, Stack], family: Family) -> Assigned:
    """Formats that a checkpoint stores; 16 bit where its configuration names none.

    Parameters
    ----------
    config : Config
        The configuration, of which the part on text may hold the statement.
    stacks : mapping
        The model as ``"text"``, its towers by their names, and as ``"predictor"`` its layers that predict.
    family : Family
        Its family, which may have names of its own.
    """
    text = config.part("text_config") if isinstance(config.fields.get("text_config"), dict) else config
    parts = tuple(dict.fromkeys((text, config)))
    wide = next((key for part in parts for key in DTYPES if part.fields.get(key) == "float32"), None)
    found = _statement(parts)
    statement = Statement(None)
    if found:
        statement = _read(found) or statement
        if found.part is not config:  # a statement on text is not one on the towers beside it
            statement = statement._replace(of_towers=False)
        left = Rule(tuple((name, name) for name in family.unquantised), None)
        statement = statement._replace(rules=(left, *statement.rules))
    if text.fields.get("expert_dtype") == "fp4":  # DeepSeek-V4 keeps its experts in MXFP4 beside FP8
        statement = _with_narrow_experts(statement)
    try:
        result = assigned(statement, stacks, family.modules)
    except (ValueError, PrecisionError) as error:
        config.problem(f"{_key(found)}: {error}.")
        return Assigned(Precision(), {}, ())
    notes = (*statement.notes, *result.notes, *([STORED_WIDE.format(key=wide)] if wide else []))
    return result._replace(notes=notes)


def _key(found: _Found | None) -> str:
    return repr(found.key if found else KEYS[0])


def _statement(parts: tuple[Config, ...]) -> _Found | None:
    """The first statement; one key may repeat another, and that two say different things is a problem."""
    found = []
    for part in parts:
        for key in KEYS:
            given = part.fields.get(key)
            if given is not None:
                part.ignore(key)
            if given:
                found.append(_Found(part, key, given))
    for other in found[1:]:
        if other.fields != found[0].fields:
            there = found[0].part.path
            other.part.problem(f"{other.key!r} and {found[0].key!r} of {there} state different quantisations.")
    return found[0] if found else None


def _read(found: _Found) -> Statement | None:
    """What a statement says; None where it is not understood, which is a problem then."""
    part, key, given = found
    if not isinstance(given, dict):
        part.problem(f"{key!r} must be an object (got {shown(given)}).")
        return None
    if key == "compression_config" and isinstance(given.get("quantization_config"), dict):
        given = given["quantization_config"] | {k: v for k, v in given.items() if k != "quantization_config"}
    stated = given.get("quant_method")
    method = _method(given) if stated is None else ALIASES.get(stated, stated) if isinstance(stated, str) else None
    if method is None or method not in METHODS:
        part.problem(
            f"{key!r} has the method {shown(stated)}, which is not understood. Understood are {', '.join(METHODS)}."
        )
        return None
    section = Section(given)
    section.get("quant_method")
    try:
        statement = METHODS[method](section)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        said = f"{shown(error.args[0])} is missing" if isinstance(error, KeyError) else error
        part.problem(f"{key!r} of the method {method!r} is not understood: {said}.")
        return None
    return _without_unread(statement, section, found)


def _method(given: Mapping[str, Any]) -> str | None:
    """The method that the keys of a statement tell."""
    producer = given.get("producer")
    if isinstance(producer, dict) and producer.get("name") == "modelopt":
        return "modelopt"
    return next((method for method, keys in _INFERRED if any(given.get(k) is not None for k in keys)), None)


def _without_unread(statement: Statement, section: Section, found: _Found) -> Statement:
    """Refuse keys that nobody has read and that look as if they cost; note the others."""
    aside = []
    for path, value, costs in section.unread():
        if costs:
            found.part.problem(f"{found.key!r} has {path!r} = {shown(value)}, which is not understood and may cost.")
        else:
            aside.append(path)
    if not aside:
        return statement
    note = f"{found.key!r} has keys that are not read: {', '.join(map(shown, aside[:5]))}."
    return statement._replace(notes=(*statement.notes, note))


def _with_narrow_experts(statement: Statement) -> Statement:
    """The statement with experts in MXFP4, where it does not say otherwise."""
    beside = statement.default.activations if statement.default else WIDE
    rule = Rule((("experts", "experts"),), Described("mxfp4", beside))
    return statement._replace(rules=(*statement.rules, rule))
