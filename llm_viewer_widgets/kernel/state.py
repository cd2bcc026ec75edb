"""What a board shows, as one frozen value, and what draws it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Protocol

from llm_roofline import Estimate, Precision, Scenario
from llm_roofline.findings import FindingIndex

VIEW_FIELDS = ("phase", "selected", "linear_axes", "tab")
"""Fields of a state that change what is looked at, and no number."""
_PRECISION = tuple(field.name for field in fields(Precision))
_NOTHING = FindingIndex()


@dataclass(frozen=True, eq=False)
class State:
    """What a board shows.

    Parameters
    ----------
    scenario : Scenario
        What is evaluated.
    estimate : Estimate
        Its result.
    phase : str
        ``"prefill"``, ``"decode"`` or ``"generate"``; ``"encoder"`` or ``"vision"`` where the model has one.
    selected : str or None
        Selected operator.
    linear_axes : bool
        Linear axes of the roofline instead of logarithmic ones.
    tab : str
        The tab that is open; empty if none is.
    tabs : tuple of str
        Tabs that there are.
    before : Estimate or None
        What was shown before techniques were switched, as long as nothing else has changed since.
    status : str
        Why the last request was not carried out, or what it changed beside what was asked; else empty.
    noted : FindingIndex
        The findings.
    """

    scenario: Scenario
    estimate: Estimate
    phase: str = "decode"
    selected: str | None = None
    linear_axes: bool = False
    tab: str = ""
    tabs: tuple[str, ...] = ()
    before: Estimate | None = None
    status: str = ""
    noted: FindingIndex = _NOTHING

    def trait_values(self) -> dict[str, Any]:
        """Value of every trait of a session in this state."""
        scenario = self.scenario
        return {
            "estimate": self.estimate,
            "scenario": scenario,
            "status": self.status,
            "findings": self.noted.items,
            "model": scenario.model.name,
            "hardware": scenario.hardware.name,
            **{name: getattr(scenario.workload, name) for name in ("batch_size", "prompt_tokens", "output_tokens")},
            **{name: getattr(scenario.precision, name) for name in _PRECISION},
            **{name: getattr(scenario, name) for name in ("flash_attention", "techniques", "conventions")},
            **{name: getattr(self, name) for name in VIEW_FIELDS},
        }


class View(Protocol):
    """What a board is made of: a widget that draws a state."""

    def draw(self, state: State) -> None:
        """Show a state."""
