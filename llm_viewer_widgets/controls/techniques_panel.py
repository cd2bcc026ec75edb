"""The survey's mind map: a switch for each technique, its parameters, and what it does before it is switched on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from llm_roofline import RooflineError, Technique, techniques
from llm_roofline.basics import ratio
from llm_roofline.estimates import COMPARED, QUANTITIES, Delta, deltas
from llm_roofline.techniques import CATEGORIES, parameters

from ..browser.modules import module
from ..kernel.asked import Asked
from ..kernel.idle_work import IdleWork

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..kernel.session import Session
    from ..kernel.state import State

_HERE = Path(__file__).parent
SAME = 0.001
"""What is neither better nor worse: a change by less than a tenth of a per cent [1]."""


class TechniquesPanel(Asked):
    """Four sections of switches. Effects are worked out while the panel is open, after the picture has been sent.

    Parameters
    ----------
    session : Session
        What a switch asks.
    """

    _esm = module(_HERE / "techniques_panel.js")
    _css = (_HERE / "techniques_panel.css").read_text(encoding="utf-8")

    map = traitlets.Unicode().tag(sync=True)
    """JSON of what never changes: sections, techniques, parameters."""
    chosen = traitlets.Unicode("{}").tag(sync=True)
    """JSON: names of the techniques that are on, and the parameters of each."""
    effects = traitlets.Unicode("{}").tag(sync=True)
    """JSON: for each technique its effects, or why it cannot be switched on."""
    unfolded = traitlets.Bool(False).tag(sync=True)
    """Whether the panel is open; sections fold by themselves."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._techniques: dict[str, Technique] = dict(techniques)
        self._shown: tuple[dict[str, Technique], tuple[str, ...]] = {}, ()
        self._idle_work = IdleWork()
        super().__init__(map=_map())
        self.observe(lambda _: self._begin(), "unfolded")

    def draw(self, state: State) -> None:
        """Show a state."""
        running = {technique.name: technique for technique in state.scenario.techniques or ()}
        shown = {**self._techniques, **running}, tuple(running)
        if shown != self._shown:
            self._techniques, on = self._shown = shown
            values = {name: technique.values for name, technique in self._techniques.items()}
            self.show(chosen=json.dumps({"on": on, "values": values}))
        self._begin()

    def close(self) -> None:
        """Close the widget, and leave off what it was about to do."""
        self._idle_work.stop()
        super().close()

    def _begin(self) -> None:
        """Work out the effects on the newest state, and nothing more of those before."""
        if self.unfolded:
            self._idle_work.run(self._effects())

    def _effects(self) -> Iterator[None]:
        estimate, effects = self._session.state.estimate, {}
        for technique in self._techniques.values():
            (delta,) = deltas(estimate, [technique])
            effects[technique.name] = _words(delta)
            yield
        self.show(effects=json.dumps(effects))

    def asked(self, content: dict[str, Any]) -> None:
        """Turn a switch, or set a parameter."""
        name = content.get("technique")
        if name not in self._techniques:
            return
        on = {technique.name for technique in self._session.state.scenario.techniques or ()}
        try:
            changed = self._techniques[name].with_(**content.get("values", {}))
        except (RooflineError, TypeError) as error:
            self._session.refuse(error)
            return
        self._techniques = {**self._techniques, name: changed}
        switch_on = content.get("on", name in on)
        others = [t for t in self._session.state.scenario.techniques or () if t.name != name]
        self._session.request(techniques=[*others, changed] if switch_on else others)
        self.draw(self._session.state)


def _map() -> str:
    """JSON of the sections: the techniques of each category with their texts and parameters.

    Lists of choices, such as all models, stand beside them once.
    """
    lists: dict[tuple[str, ...], int] = {}
    sections = {
        category: [_told(technique, lists) for technique in techniques.values() if technique.category == category]
        for category in CATEGORIES.values()
    }
    return json.dumps({"sections": sections, "lists": list(lists)})


def _told(technique: Technique, lists: dict[tuple[str, ...], int]) -> dict[str, Any]:
    texts = {name: getattr(technique, name) for name in ("name", "label", "mechanism", "citation")}
    fields = [
        {
            "name": name,
            "label": parameter.label,
            "unit": "" if parameter.unit == "1" else parameter.unit,
            "choices": lists.setdefault(parameter.choices, len(lists)),
            "whole": parameter.whole,
        }
        for name, parameter in parameters(technique).items()
    ]
    return {**texts, "parameters": fields}


def _words(delta: Delta) -> dict[str, Any]:
    """Effects as texts, and whether each is for the better; or the reason why there are none."""
    if delta.reason:
        return {"reason": delta.reason}
    figures = {name: getattr(delta, name) for name in COMPARED}
    better = {name: (value > 1) == (name == "tokens_per_s") for name, value in figures.items()}
    return {
        "figures": [
            [
                QUANTITIES[name].symbol,
                ratio(value),
                "" if abs(value - 1) < SAME else "better" if better[name] else "worse",
            ]
            for name, value in figures.items()
        ]
    }
