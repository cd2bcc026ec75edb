"""The findings beside the board: a form to write one, and the list, a page at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from llm_roofline import RooflineError
from llm_roofline.findings import Pin, Verdict, check, plain_name

from ..browser.modules import module
from ..kernel.idle_work import IdleWork
from ..kernel.one_at_a_time import one_at_a_time
from ..kernel.updates import show
from .offered_pins import offered_measures, offered_pins
from .rows import any_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from llm_roofline.findings import Finding

    from ..kernel.session import Session
    from ..kernel.state import State

_HERE = Path(__file__).parent
PAGE = 20  # findings of a page


class FindingsPanel(anywidget.AnyWidget):
    """Form and list of findings. Values and verdicts are worked out while it is seen, after the picture has been sent.

    Parameters
    ----------
    session : Session
        What it asks and shows.
    pick_region : callable
        Lets a person draw a region, and calls back with it.
    """

    _esm = module(_HERE / "findings_panel.js")
    _css = (_HERE / "findings_panel.css").read_text(encoding="utf-8")

    form = traitlets.Unicode("[]").tag(sync=True)
    """JSON: what can be pinned to, and what can be measured there."""
    rows = traitlets.Unicode("[]").tag(sync=True)
    """JSON: the findings of a page."""
    counts = traitlets.Unicode("{}").tag(sync=True)
    """JSON: findings, those of this state, pages, the page, whether there is something to undo, where they are kept."""
    author = traitlets.Unicode().tag(sync=True)
    refusal = traitlets.Unicode().tag(sync=True)
    """Why the last finding was not written."""

    def __init__(self, session: Session, pick_region: Callable[[Callable[[tuple[float, ...]], None]], None]) -> None:
        self._session, self._pick_region = session, pick_region
        self._page = 0
        self._region: tuple[float, ...] = ()
        self._verdicts: dict[str, Verdict] = {}
        self._kept_in_cells: bool | None = None
        self._unwritten = 0
        self._idle_work = IdleWork()
        super().__init__(author=session.notes.author)
        self.on_msg(self._received)
        self.observe(self._named, "author")

    def draw(self, state: State) -> None:
        """Show a state."""
        self._draw_counts(state)
        show(self, rows=self._rows(state))
        self._idle_work.run(self._work())

    def _draw_counts(self, state: State) -> None:
        notes = self._session.notes
        pages = max(1, -(-len(notes) // PAGE))
        self._page = min(self._page, pages - 1)
        counts = {
            "all": len(notes),
            "here": len(_here(state)),
            "page": self._page,
            "pages": pages,
            "undo": notes.can_undo,
            "cells": self._kept_in_cells,
            "unwritten": self._unwritten,
            "unread": len(notes.unread),
        }
        show(self, counts=json.dumps(counts))

    def close(self) -> None:
        """Close the widget, and leave off what it was about to do."""
        self._idle_work.stop()
        super().close()

    def keep_in_cells(self, *, kept: bool | None, unwritten: int = 0) -> None:
        """Say where findings are kept: in cells of the notebook or not; None as long as nobody knows.

        Parameters
        ----------
        kept : bool or None
            Whether the front end has cells.
        unwritten : int
            Findings that stand in none all the same [1].
        """
        self._kept_in_cells, self._unwritten = kept, unwritten
        self._draw_counts(self._session.state)

    def reveal(self, finding: str) -> None:
        """Show the page of a finding.

        Parameters
        ----------
        finding : str
            Its identifier.
        """
        places = [place for place, one in enumerate(self._session.notes) if one.id == finding]
        if places:
            self._page = places[0] // PAGE
            self._redraw()
            self.send({"reveal": finding})

    def _redraw(self) -> None:
        """Show what has changed beside the state, unless nobody sees it."""
        if self.layout.display != "none":
            self.draw(self._session.state)

    def _shown(self) -> list[tuple[int, Finding]]:
        first = self._page * PAGE
        return list(enumerate(self._session.notes.items[first : first + PAGE], first + 1))

    def _rows(self, state: State) -> str:
        here = _here(state)
        return json.dumps(
            [
                any_row(number, finding, self._verdicts.get(finding.id), here=finding.id in here)
                for number, finding in self._shown()
            ]
        )

    def _work(self) -> Iterator[None]:
        """Values of what can be measured, then verdicts of the page."""
        state = self._session.state
        offers = []
        for label, pin in offered_pins(state, self._region).items():
            offers.append(
                {"label": label, "kind": pin.kind, "region": list(pin.region), "measures": offered_measures(state, pin)}
            )
            yield
        show(self, form=json.dumps(offers))
        self._verdicts = {name: verdict for name, verdict in self._verdicts.items() if len(self._verdicts) <= 10 * PAGE}
        for _, finding in self._shown():
            known = self._verdicts.get(finding.id)
            if known is None or known.finding is not finding:
                self._verdicts[finding.id] = check(finding)
                yield
        show(self, rows=self._rows(state))

    def _named(self, change: dict[str, Any]) -> None:
        self._session.notes.author = change["new"][:100]

    @one_at_a_time
    def _received(self, _: object, content: object, __: object) -> None:
        """Do what was asked; what is refused is said, and what was typed stays."""
        if not isinstance(content, dict) or not isinstance(content.get("do"), str):
            return
        act = getattr(self, f"_do_{content['do']}", None)
        if act is None:
            return
        try:
            act(content)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page waits for an answer
            self.refusal = plain_name(str(error)) or type(error).__name__
            self.send({"refused": content["do"]})
        else:
            self.refusal = ""
            self.send({"done": content["do"], "id": content.get("id", "")})

    def _do_add(self, content: dict[str, Any]) -> None:
        pin = offered_pins(self._session.state, self._region).get(str(content["pin"]))
        if pin is None:
            raise RooflineError("The state has changed since; look again what it is pinned to.")
        names, condition = tuple(map(str, content["quantities"])), str(content["condition"])
        self._session.notes.add(str(content["text"]), pin=pin, quantities=names, condition=condition)
        self._turn(len(self._session.notes))

    def _do_region(self, content: dict[str, Any]) -> None:
        self._frame(Pin("region", "decode", region=tuple(content["region"])).region)

    def _do_pick(self, _: dict[str, Any]) -> None:
        self._pick_region(self._frame)

    def _frame(self, region: tuple[float, ...]) -> None:
        """Offer a region to pin to."""
        self._region = region
        self._redraw()
        self.send({"region": list(region)})

    def _do_edit(self, content: dict[str, Any]) -> None:
        self._session.notes.edit(str(content["id"]), str(content["text"]))

    def _do_answer(self, content: dict[str, Any]) -> None:
        self._session.notes.answer(str(content["id"]), str(content["text"]))

    def _do_resolve(self, content: dict[str, Any]) -> None:
        self._session.notes.resolve(str(content["id"]), resolved=bool(content["resolved"]))

    def _do_move(self, content: dict[str, Any]) -> None:
        places = [finding.id for finding in self._session.notes]
        to = places.index(str(content["id"])) + 1 + int(content["by"])
        self._session.notes.move(str(content["id"]), to)
        self._turn(to)

    def _do_delete(self, content: dict[str, Any]) -> None:
        self._session.notes.delete(str(content["id"]))

    def _do_undo(self, _: dict[str, Any]) -> None:
        self._session.notes.undo()

    def _do_restore(self, content: dict[str, Any]) -> None:
        self._session.request_finding(str(content["id"]))

    def _do_page(self, content: dict[str, Any]) -> None:
        self._turn(int(content["page"]) * PAGE + 1)

    def _turn(self, number: int) -> None:
        """Turn to the page with a finding of a number."""
        self._page = max(0, min(number, len(self._session.notes)) - 1) // PAGE
        self._redraw()


def _here(state: State) -> set[str]:
    """Identifiers of the findings of this very state."""
    return {numbered.finding.id for numbered in state.noted.about(state.scenario) if numbered.here}
