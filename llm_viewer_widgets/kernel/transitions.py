"""How one state follows from another: what a change is checked for, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from llm_roofline import Estimate, OperatorTable, RooflineError, Scenario, evaluate
from llm_roofline.basics import did_you_mean
from llm_roofline.estimates import FIELDS, offered, shown

from .state import VIEW_FIELDS, State

ACCEPTED = (*FIELDS, "scenario", *VIEW_FIELDS, "findings")
"""Names of everything that can be changed."""


def changed(state: State, changes: Mapping[str, Any]) -> State:
    """State after changes, in one evaluation; none where only the view changes.

    Parameters
    ----------
    state : State
        The state before.
    changes : mapping
        New values by the names of ``ACCEPTED``.

    Returns
    -------
    State
        The new state, without a status.

    Raises
    ------
    RooflineError
        If a name or a value is not accepted.
    """
    unknown = [name for name in changes if name not in ACCEPTED]
    if unknown:
        near = did_you_mean(unknown[0], ACCEPTED)
        raise RooflineError(f"Unknown field {unknown[0]!r}.{near} Accepted are {', '.join(ACCEPTED)}.")
    scenario = _scenario(state.scenario, changes)
    same = scenario is state.scenario or scenario == state.scenario
    estimate = state.estimate if same else evaluate(scenario)
    phase = _phase(changes.get("phase"), state.phase, offered(estimate))
    linear = changes.get("linear_axes", state.linear_axes)
    if not isinstance(linear, bool):
        raise RooflineError(f"'linear_axes' must be True or False (got {linear!r}).")
    tables = [part.phase.operators for part in shown(estimate, phase)]
    selected = _selected(changes, state.selected, tables)
    return replace(
        state,
        scenario=scenario,
        estimate=estimate,
        phase=phase,
        selected=selected,
        linear_axes=linear,
        tab=_tab(changes.get("tab", state.tab), state.tabs),
        before=state.before if same else _before_techniques(state, scenario),
        status="",
    )


def _scenario(before: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Scenario after changes."""
    base = changes.get("scenario", before)
    if not isinstance(base, Scenario):
        raise RooflineError(f"'scenario' must be a Scenario (got {type(base).__name__}).")
    fields = {name: changes[name] for name in FIELDS if name in changes}
    return base.update(**fields) if fields else base


def _phase(wanted: object, before: str, choices: Mapping[str, str]) -> str:
    """Phase that is asked for; else the one before, where the model has it."""
    if wanted is None:
        return before if before in choices else "decode"
    if wanted not in choices:
        raise RooflineError(
            f"Unknown phase {wanted!r}.{did_you_mean(str(wanted), choices)} Accepted are {', '.join(choices)}."
        )
    return str(wanted)


def _tab(wanted: object, tabs: tuple[str, ...]) -> str:
    """Tab that is asked for; empty closes them all."""
    if wanted not in ("", *tabs):
        accepted = ", ".join((*tabs, "'' for none"))
        raise RooflineError(f"Unknown tab {wanted!r}.{did_you_mean(str(wanted), tabs)} Accepted are {accepted}.")
    return str(wanted)


def _selected(changes: Mapping[str, Any], before: str | None, tables: list[OperatorTable]) -> str | None:
    """Operator that is asked for; else the one before, where a phase that is shown runs it."""
    if "selected" not in changes:
        return before if any(before in table.name for table in tables) else None
    name: str | None = changes["selected"] or None
    if name is not None:
        _ = next((table for table in tables if name in table.name), tables[-1])[name]  # raises where there is none
    return name


def _before_techniques(state: State, scenario: Scenario) -> Estimate | None:
    """What was shown before a switch of techniques; nothing where something else changes."""
    if scenario.techniques == state.scenario.techniques:
        return None
    return state.estimate if replace(scenario, techniques=state.scenario.techniques) == state.scenario else None
