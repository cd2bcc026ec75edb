"""The measured claim of a finding: a quantity, its value then, and a condition that it is to meet."""

from __future__ import annotations

import math
import operator
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..basics import RooflineError, did_you_mean, number, shown
from ..estimates import TEXT, TRUTH
from .measures import WORDS, Value, measure, measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..estimates import Estimate
    from .pin import Pin

_LONGEST_WORD = 60  # characters
TOLERANCE = 1e-6  # relative difference up to which a value has not changed [1]
_SPELLINGS = {"≤": "<=", "≥": ">=", "≠": "!=", "=": "=="}
_RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
_CONDITION = re.compile(r"\s*(?P<name>\w{1,60})\s*(?P<relation><=|>=|!=|==|[<>=≤≥≠])\s*(?P<limit>[^<>=≤≥≠]{1,60})")
_TRUTHS = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class Claim:
    """A quantity that a finding rests on.

    Parameters
    ----------
    quantity : str
        Its name, one of :data:`llm_roofline.findings.measures.MEASURES` for the finding's pin.
    value : float, bool or str
        Its value when the finding was written [its own unit].
    condition : str
        What it is to meet, such as ``"tpot < 30 ms"``; empty where it is only to stay as it was.
    """

    quantity: str
    value: Value
    condition: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain data from which :meth:`from_json` makes an equal claim."""
        record = {"quantity": self.quantity, "value": self.value}
        return record | ({"condition": self.condition} if self.condition else {})

    @classmethod
    def from_json(cls, data: object, pin: Pin) -> Claim:
        """Make a claim of :meth:`to_json`'s data.

        Parameters
        ----------
        data : object
            The data.
        pin : Pin
            Where the finding is pinned.

        Raises
        ------
        RooflineError
            If something is missing or not accepted.
        """
        if not isinstance(data, dict) or not {"quantity", "value"} <= data.keys() <= {"quantity", "value", "condition"}:
            raise RooflineError(f"a claim has 'quantity', 'value' and perhaps 'condition' (got {shown(data)}).")
        name, value, condition = data["quantity"], data["value"], data.get("condition", "")
        kind = measure(pin, name if isinstance(name, str) else shown(name)).kind
        value = _value(name, value, kind)
        if not isinstance(condition, str):
            raise RooflineError(f"the condition on {name!r} must be a text (got {shown(condition)}).")
        if condition and parsed(condition, pin)[0] != name:
            raise RooflineError(f"the condition {shown(condition)} is not on {name!r}.")
        return cls(name, value, condition)

    def met(self, now: Value, pin: Pin) -> bool:
        """Whether the condition is met by a value, or where there is none the value is as it was.

        Parameters
        ----------
        now : float, bool or str
            The value [its own unit].
        pin : Pin
            Where the finding is pinned.
        """
        if self.condition:
            _, relation, limit = parsed(self.condition, pin)
            return bool(_RELATIONS[relation](now, limit))
        if isinstance(now, str | bool) or isinstance(self.value, str | bool):
            return now == self.value
        return now == self.value or math.isclose(now, self.value, rel_tol=TOLERANCE)


def _value(name: str, value: object, kind: str) -> Value:
    """Value of a claim as it is kept."""
    if kind == TEXT and isinstance(value, str) and len(value) <= _LONGEST_WORD:
        return value
    if kind == TRUTH and isinstance(value, bool):
        return value
    if kind not in {TEXT, TRUTH} and isinstance(value, int | float) and not isinstance(value, bool):
        with suppress(OverflowError):  # an int too long for a float
            if math.isfinite(value):
                return float(value)
    raise RooflineError(f"the value of {name!r} is not of its kind (got {shown(value)}).")


def claimed(estimate: Estimate, pin: Pin, quantities: tuple[str, ...], condition: str = "") -> tuple[Claim, ...]:
    """Claims on quantities as they are in an estimate, the condition's own among them.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    pin : Pin
        Where the finding is pinned.
    quantities : tuple of str
        Names of what to measure.
    condition : str
        What the finding is to meet; empty for none.

    Raises
    ------
    RooflineError
        If a quantity is unknown, or the condition is no condition or is not met.
    """
    on = parsed(condition, pin)[0] if condition else ""
    names = dict.fromkeys((*quantities, on) if on else quantities)
    claims = []
    for name in names:
        value, entry = measured(estimate, pin, name), measure(pin, name)
        claim = Claim(name, _value(name, value, entry.kind), " ".join(condition.split()) if name == on else "")
        if not claim.met(value, pin):
            raise RooflineError(f"{condition.strip()} is not so here: {name} is {entry.written(value)}.")
        claims.append(claim)
    return tuple(claims)


def parsed(condition: str, pin: Pin) -> tuple[str, str, Value]:
    """Quantity, relation and limit of a condition; it is read, never executed.

    Parameters
    ----------
    condition : str
        The text, such as ``"tpot < 30 ms"``.
    pin : Pin
        Where the finding is pinned.

    Raises
    ------
    RooflineError
        If it is no condition on what can be measured where the finding is pinned.
    """
    match = _CONDITION.fullmatch(condition)
    if match is None:
        raise RooflineError(
            f"{shown(condition)} is no condition; write a quantity, one of <, <=, ==, !=, >=, > and a value, such as "
            "tpot < 30 ms or bound == memory."
        )
    name, relation = match["name"], _SPELLINGS.get(match["relation"], match["relation"])
    entry = measure(pin, name)
    text = match["limit"].strip()
    if entry.kind not in {TEXT, TRUTH}:
        if not math.isfinite(limit := number(text, entry.unit)):
            raise RooflineError(f"the limit of {name} must be a finite number (got {shown(text)}).")
        return name, relation, limit
    if relation not in {"==", "!="}:
        raise RooflineError(f"{name} is no number: it can be == or != something.")
    bare = text.strip("'\"").casefold()
    if entry.kind == TRUTH:
        if bare not in _TRUTHS:
            raise RooflineError(f"{name} is yes or no (got {shown(text)}).")
        return name, relation, _TRUTHS[bare]
    if name in WORDS and bare not in WORDS[name]:
        near = did_you_mean(bare, WORDS[name])
        raise RooflineError(f"{name} is one of {', '.join(WORDS[name])} (got {shown(text)}).{near}")
    return name, relation, bare
