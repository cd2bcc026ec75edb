"""The findings of a board, ready to be asked which are about what is shown; ten thousand cost no more than ten."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..basics import RooflineError
from .finding import Finding, scenario_key

if TYPE_CHECKING:
    from ..estimates import Scenario

MOST = 200  # findings about one model that a picture looks at


class Numbered(NamedTuple):
    """A finding with its number.

    Parameters
    ----------
    number : int
        From 1 [1].
    finding : Finding
        The finding.
    here : bool
        Whether it was written in the state that is shown.
    """

    number: int
    finding: Finding
    here: bool


class FindingIndex:
    """Findings as a value, and where each belongs.

    Parameters
    ----------
    items : tuple of Finding
        The findings, in their order.
    """

    def __init__(self, items: tuple[Finding, ...] = ()) -> None:
        self.items = items
        self._of_model: dict[str, list[int]] = {}
        self._of_state: dict[str, list[int]] = {}
        for place, finding in enumerate(items):
            self._of_model.setdefault(_model(finding.scenario.get("model")), []).append(place)
            self._of_state.setdefault(finding.key, []).append(place)

    def about(self, scenario: Scenario) -> tuple[Numbered, ...]:
        """Findings about the model of a scenario, those of the very scenario first.

        Parameters
        ----------
        scenario : Scenario
            What is shown.
        """
        if not self.items:
            return ()
        try:
            data = scenario.to_json()
        except RooflineError:  # a model that cannot be written down: nothing can have been noted about it
            return ()
        here = self._of_state.get(scenario_key(data), [])
        places = dict.fromkeys(here[:MOST]) | dict.fromkeys(self._of_model.get(_model(data["model"]), [])[:MOST])
        exact = set(here)
        return tuple(Numbered(place + 1, self.items[place], place in exact) for place in places)


def _model(model: object) -> str:
    return model if isinstance(model, str) else scenario_key({"model": model})
