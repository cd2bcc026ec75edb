"""A finding: a text, the state that it was written in, where it is pinned, and what it claims; and its JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ..basics import RooflineError, shown
from ..estimates import Scenario
from .accepted import identifier, moment, name, note
from .claim import Claim
from .pin import Pin

VERSION = 1
"""Version of the JSON. What a newer one has besides is kept and written again."""
MOST = 100
"""Claims or answers of one finding, at most."""

_OWN = (
    "id",
    "text",
    "author",
    "created",
    "edited",
    "scenario",
    "phase",
    "pin",
    "claims",
    "resolved",
    "answers",
    "history",
)


@dataclass(frozen=True)
class Answer:
    """An answer to a finding.

    Parameters
    ----------
    id, author, created, text : str
        Identifier, who, when (UTC, such as ``"2026-11-25T12:00:00Z"``), and what.
    """

    id: str
    author: str
    created: str
    text: str

    def __post_init__(self) -> None:
        _take(
            self, id=identifier(self.id), author=name(self.author), created=moment(self.created), text=note(self.text)
        )


@dataclass(frozen=True)
class Finding:
    """A note that is pinned to numbers.

    Parameters
    ----------
    id : str
        Identifier, the same on every copy.
    text : str
        The note, in Markdown.
    author, created, edited : str
        Who, and when it was written and changed last (UTC, such as ``"2026-11-25T12:00:00Z"``).
    scenario : mapping
        The scenario as JSON, as :meth:`llm_roofline.Scenario.to_json` gives it.
    phase : str
        Phase that was shown.
    pin : Pin
        Where it is pinned.
    claims : tuple of Claim
        What it rests on.
    resolved : bool
        Whether it is settled.
    answers : tuple of Answer
        Answers, the oldest first.
    history : tuple of str
        Digests, sorted, of what it said before, by which a copy that has not been edited is told from one that has.
    further : mapping
        What a newer release has written besides.

    Raises
    ------
    RooflineError
        If a part is not accepted.
    """

    id: str
    text: str
    author: str
    created: str
    edited: str
    scenario: Mapping[str, Any] = field(hash=False)
    phase: str
    pin: Pin
    claims: tuple[Claim, ...] = ()
    resolved: bool = False
    answers: tuple[Answer, ...] = ()
    history: tuple[str, ...] = ()
    further: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        _take(
            self,
            id=identifier(self.id),
            text=note(self.text),
            author=name(self.author),
            created=moment(self.created),
            edited=moment(self.edited),
            phase=name(self.phase),
            answers=tuple(sorted(self.answers, key=lambda answer: (answer.created, answer.id))),
            history=tuple(sorted(set(self.history))),
        )
        if not isinstance(self.scenario, Mapping):
            raise RooflineError(f"the scenario of a finding must be an object (got {shown(self.scenario)}).")
        try:
            _ = self.key, json.dumps(self.further, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise RooflineError(f"a finding must be plain data: {error}.") from error
        if len(self.claims) > MOST or len(self.answers) > MOST:
            raise RooflineError(f"a finding has at most {MOST} claims and as many answers.")

    @cached_property
    def key(self) -> str:
        """The scenario as one text, equal for equal scenarios of one release."""
        return scenario_key(self.scenario)

    @cached_property
    def digest(self) -> str:
        """Digest of text, phase, pin and claims, equal for findings that say the same."""
        said = {name: value for name, value in self.to_json().items() if name in {"text", "phase", "pin", "claims"}}
        text = json.dumps([said, self.key], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def changed(self, when: str, **parts: Any) -> Finding:  # noqa: ANN401 - any of its fields
        """Return it with some parts changed; what it said before goes into its history.

        Parameters
        ----------
        when : str
            The time of the change.
        **parts
            Any of its fields.
        """
        new = replace(self, **parts, edited=max(when, self.edited))
        if new.digest == self.digest:
            return new
        return replace(new, history=(*self.history, self.digest))

    def to_json(self) -> dict[str, Any]:
        """Plain data from which :meth:`of` makes an equal finding."""
        record: dict[str, Any] = {name: getattr(self, name) for name in _OWN}
        record |= {
            "scenario": dict(self.scenario),
            "pin": self.pin.to_json(),
            "claims": [claim.to_json() for claim in self.claims],
            "answers": [vars(answer) for answer in self.answers],
            "history": list(self.history),
        }
        lean = {
            name: value for name, value in record.items() if value or name not in {"resolved", "answers", "history"}
        }
        return {"version": VERSION, **lean, **self.further}

    @classmethod
    def of(cls, data: object) -> Finding:
        """Make a finding of :meth:`to_json`'s data; nothing in it is executed.

        Parameters
        ----------
        data : object
            The data.

        Raises
        ------
        RooflineError
            If something is missing or not accepted.
        """
        if not isinstance(data, Mapping):
            raise RooflineError(f"a finding must be an object (got {shown(data)}).")
        version = data.get("version", VERSION)
        try:
            return cls(**_parts(data))
        except RooflineError as error:
            if isinstance(version, int) and version > VERSION:
                raise RooflineError(f"written by a newer release (version {shown(version)}): {error}") from error
            raise


def scenario_key(scenario: Mapping[str, Any]) -> str:
    """A scenario's JSON as one text, whatever the order of its names.

    Parameters
    ----------
    scenario : mapping
        JSON of a scenario.
    """
    return json.dumps(scenario, sort_keys=True, allow_nan=False)


def scenario_of(finding: Finding) -> Scenario:
    """The finding's scenario with today's models and devices.

    Parameters
    ----------
    finding : Finding
        The finding.

    Raises
    ------
    RooflineError
        If it cannot be made any more.
    """
    try:
        return Scenario.from_json(finding.scenario)
    except RooflineError:
        raise
    except Exception as error:  # whatever a stranger's numbers raise
        raise RooflineError(f"its scenario cannot be made: {type(error).__name__}: {shown(str(error))}.") from error


def _parts(data: Mapping[str, Any]) -> dict[str, Any]:
    missing = [name for name in ("id", "text", "created", "scenario", "phase", "pin") if name not in data]
    if missing:
        raise RooflineError(f"{missing[0]!r} is missing.")
    lists = {name: data.get(name, []) for name in ("claims", "answers", "history")}
    for part, value in lists.items():
        if not isinstance(value, list):
            raise RooflineError(f"{part!r} must be a list (got {shown(value)}).")
    if not isinstance(data["pin"], Mapping) or not isinstance(data.get("resolved", False), bool):
        raise RooflineError("'pin' must be an object, and 'resolved' true or false.")
    pin = Pin.from_json(data["pin"])
    return {
        **{name: data[name] for name in ("id", "text", "created", "scenario", "phase")},
        "author": data.get("author", ""),
        "edited": data.get("edited", data["created"]),
        "resolved": data.get("resolved", False),
        "pin": pin,
        "claims": tuple(Claim.from_json(claim, pin) for claim in lists["claims"]),
        "answers": tuple(_answer(answer) for answer in lists["answers"]),
        "history": tuple(identifier(digest) for digest in lists["history"]),
        "further": {name: value for name, value in data.items() if name not in {*_OWN, "version"}},
    }


def _answer(data: object) -> Answer:
    if not isinstance(data, Mapping) or data.keys() != {"id", "author", "created", "text"}:
        raise RooflineError(f"an answer has 'id', 'author', 'created' and 'text' (got {shown(data)}).")
    return Answer(**data)


def _take(owner: object, **values: object) -> None:
    """Set fields of a frozen object while it is made."""
    for attribute, value in values.items():
        object.__setattr__(owner, attribute, value)
