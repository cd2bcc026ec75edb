"""The place of a finding: an operator, a phase, a region of the roofline, a crossing, or the whole state."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..basics import RooflineError, did_you_mean, shown
from .accepted import name

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = {
    "operator": "an operator",
    "phase": "a whole phase",
    "region": "a region of the roofline",
    "crossing": "the ridge point, where memory and compute roof cross",
    "state": "the whole state",
}
"""Kinds of pins, and their names in a sentence."""


@dataclass(frozen=True)
class Pin:
    """A place in the picture of a state.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    phase : str
        Pass that it belongs to, such as ``"decode"``; empty for the whole state.
    operator : str
        Name of the operator, where it is one.
    region : tuple of float
        Lowest and highest intensity, lowest and highest performance, where it is a region, shape ``(4,)``
        [FLOP/byte, FLOP/byte, FLOP/s, FLOP/s].

    Raises
    ------
    RooflineError
        If the parts do not go together.
    """

    kind: str
    phase: str = ""
    operator: str = ""
    region: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.kind, str) or self.kind not in KINDS:
            near = did_you_mean(shown(self.kind), KINDS)
            raise RooflineError(f"a pin is on {', '.join(KINDS)} (got {shown(self.kind)}).{near}")
        if not isinstance(self.phase, str) or not isinstance(self.operator, str):
            raise RooflineError("'phase' and 'operator' of a pin must be texts.")
        for part in ("phase", "operator"):
            object.__setattr__(self, part, name(getattr(self, part)))
        if (self.kind != "state") != bool(self.phase):
            raise RooflineError(f"a pin on {KINDS[self.kind]} {'has no' if self.phase else 'needs a'} phase.")
        if (self.kind == "operator") != bool(self.operator):
            raise RooflineError(f"a pin on {KINDS[self.kind]} {'has no' if self.operator else 'needs an'} operator.")
        object.__setattr__(self, "region", _region(self.region) if self.kind == "region" else ())

    @property
    def title(self) -> str:
        """Its place in a few words."""
        phase = self.phase.replace("_", " ")
        titles = {
            "operator": f"{self.operator} in {phase}",
            "phase": phase,
            "region": f"a region of {phase}",
            "crossing": f"the ridge point of {phase}",
            "state": "the whole state",
        }
        return titles[self.kind]

    def to_json(self) -> dict[str, Any]:
        """Plain data from which :meth:`from_json` makes an equal pin."""
        record = {"kind": self.kind, "phase": self.phase, "operator": self.operator, "region": list(self.region)}
        return {name: value for name, value in record.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Pin:
        """Make a pin of :meth:`to_json`'s data.

        Parameters
        ----------
        data : mapping
            The data.

        Raises
        ------
        RooflineError
            If something is not accepted.
        """
        known = ("kind", "phase", "operator", "region")
        if unknown := [name for name in data if name not in known]:
            raise RooflineError(f"this release reads no {shown(unknown[0])} of a pin.")
        return cls(**{"kind": "", **data})


def _region(region: object) -> tuple[float, ...]:
    numbers = tuple(map(_finite, region)) if isinstance(region, list | tuple) and len(region) == 4 else ()  # noqa: PLR2004 - two ranges
    if not numbers or any(map(math.isnan, numbers)) or numbers[0] > numbers[1] or numbers[2] > numbers[3]:
        raise RooflineError(
            "'region' must be four numbers: lowest and highest intensity [FLOP/byte], lowest and highest performance "
            f"[FLOP/s] (got {shown(region)})."
        )
    return numbers


def _finite(edge: object) -> float:
    """An edge as it is kept; NaN where it is no finite number."""
    if isinstance(edge, int | float) and not isinstance(edge, bool):
        with suppress(OverflowError):  # an int too long for a float
            return float(edge) if math.isfinite(edge) else math.nan
    return math.nan
