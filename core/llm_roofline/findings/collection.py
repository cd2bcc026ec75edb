"""A list of findings: written about what is looked at, answered, checked again, reported."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from ..basics import RooflineError, shown
from ..estimates import evaluate
from .accepted import now
from .check import Verdict, check
from .claim import claimed
from .finding import Answer, Finding
from .measures import USUAL
from .pin import Pin
from .report import write_report
from .stored_list import StoredList, Unread

if TYPE_CHECKING:
    from ..estimates import Estimate, Scenario

MOST_SHOWN = 40_000
"""Characters of notes and answers that a display writes out."""


class View(NamedTuple):
    """The state that is on the screen while a finding is written.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    phase : str
        The phase that is shown.
    selected : str or None
        The selected operator.
    """

    estimate: Estimate
    phase: str
    selected: str | None


class Findings(StoredList):
    """Findings in their order; the first has the number 1.

    Parameters
    ----------
    items : iterable of Finding
        What it begins with.
    author : str
        Who writes, where a call does not say so.
    unread : iterable of Unread
        What could not be read.
    view : callable, optional
        Gives the :class:`View` that new findings are about, where a call names no scenario.

    Examples
    --------
    >>> from llm_roofline import Scenario, hardware, models
    >>> s = Scenario(models["meta-llama/Llama-3.1-8B"], hardware["h100-sxm"])
    >>> notes = Findings(author="Ada")
    >>> found = notes.add("It waits for memory.", scenario=s, pin=Pin("phase", "decode"), condition="bound == memory")
    >>> [verdict.status for verdict in notes.check()]
    ['holds']
    """

    def __init__(
        self,
        items: Iterable[Finding] = (),
        *,
        author: str = "",
        unread: Iterable[Unread] = (),
        view: Callable[[], View] | None = None,
    ) -> None:
        super().__init__(items, unread=unread)
        self.author = author or os.environ.get("JUPYTERHUB_USER", "")
        self.view = view

    # -- reading ------------------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        """Each on a line."""
        lines = [f"{n}. {f.pin.title}: {shown(f.text, 90)}" for n, f in enumerate(self._items[:20], 1)]
        more = [f"… and {len(self) - 20:,} more"] if len(self) > 20 else []  # noqa: PLR2004 - those that were listed
        return "\n".join([f"{len(self):,} finding{'s' * (len(self) != 1)}", *lines, *more])

    def _repr_markdown_(self) -> str:
        """Markdown of the findings, the first of very many, for a notebook's display."""
        if not self._items:
            return "No findings."
        lengths = accumulate(len(finding.text) + sum(len(a.text) for a in finding.answers) for finding in self._items)
        fitting = max(1, sum(length <= MOST_SHOWN for length in lengths))
        more = f"\n… and {len(self) - fitting:,} more" if len(self) > fitting else ""
        return self._sections(self._items[:fitting]) + more

    def check(self) -> tuple[Verdict, ...]:
        """Evaluate each again, by today's models, devices and formulas."""
        return tuple(check(finding) for finding in self._items)

    # -- changes ------------------------------------------------------------------------------------------------------

    def add(  # noqa: PLR0913 - what a finding may say
        self,
        text: str,
        *,
        scenario: Scenario | None = None,
        operator: str | None = None,
        pin: Pin | None = None,
        phase: str | None = None,
        quantities: Iterable[str] | None = None,
        condition: str = "",
        author: str | None = None,
    ) -> Finding:
        """Write down a finding.

        Parameters
        ----------
        text : str
            The note, in Markdown.
        scenario : Scenario, optional
            What it is about; left out, what is looked at.
        operator : str, optional
            The operator that it is pinned to.
        pin : Pin, optional
            Where else it is pinned; left out, to the operator, to the selected one, or to the whole state.
        phase : str, optional
            The phase that is shown; left out, the one that is looked at, or the pin's.
        quantities : iterable of str, optional
            What it rests on, names of :data:`llm_roofline.findings.measures.MEASURES`.
        condition : str
            What one of them is to meet, such as ``"tpot < 30 ms"``.
        author : str, optional
            Who writes.

        Raises
        ------
        RooflineError
            If something is not accepted, or the condition is not met.
        """
        estimate, seen, selected = self._looked_at(scenario, phase or (pin.phase if pin and scenario else None))
        pin = pin or _pin(estimate, seen, operator or selected)
        names = USUAL[pin.kind] if quantities is None else tuple(quantities)
        when = now()
        finding = Finding(
            id=uuid4().hex[:16],
            text=_said(text),
            author=self.author if author is None else author,
            created=when,
            edited=when,
            scenario=estimate.scenario.to_json(),
            phase=seen,
            pin=pin,
            claims=claimed(estimate, pin, names, condition),
        )
        self._take((*self._items, finding))
        return finding

    def edit(self, which: int | str | Finding, text: str) -> Finding:
        """Say it in other words; the numbers stay as they were measured.

        Parameters
        ----------
        which : int, str or Finding
            As in :meth:`find` [1].
        text : str
            The new note.
        """
        return self._put(which, text=_said(text))

    def resolve(self, which: int | str | Finding, *, resolved: bool = True) -> Finding:
        """Settle a finding, or open it again.

        Parameters
        ----------
        which : int, str or Finding
            As in :meth:`find` [1].
        resolved : bool
            Whether it is settled.
        """
        return self._put(which, resolved=bool(resolved))

    def answer(self, which: int | str | Finding, text: str, *, author: str | None = None) -> Finding:
        """Answer a finding.

        Parameters
        ----------
        which : int, str or Finding
            As in :meth:`find` [1].
        text : str
            What to say.
        author : str, optional
            Who says it.
        """
        before = self._items[self._place(which)].answers
        by = self.author if author is None else author
        answer = Answer(f"{len(before):02d}{uuid4().hex[:10]}", by, now(), _said(text))
        return self._put(which, answers=(*before, answer))

    def report(self, path: str | Path, *, force: bool = False) -> None:
        """Write a report with a picture of each state, its numbers and its sources.

        Parameters
        ----------
        path : str or Path
            A name that ends in ``.html``, ``.md`` or ``.ipynb``, which says what kind it is.
        force : bool
            Whether to write over a file that is no report.

        Raises
        ------
        OSError
            If it cannot be written.
        RooflineError
            If the name has another ending, or is that of a file which is no report.
        """
        write_report(self, path, force=force)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _looked_at(self, scenario: Scenario | None, phase: str | None) -> View:
        if scenario is not None:
            return View(evaluate(scenario), phase or "decode", None)
        if self.view is None:
            raise RooflineError("Say what it is about: findings.add(text, scenario=…).")
        seen = self.view()
        return seen if phase is None else seen._replace(phase=phase)

    def _put(self, which: int | str | Finding, **parts: Any) -> Finding:  # noqa: ANN401 - fields of a finding
        place = self._place(which)
        changed = self._items[place].changed(now(), **parts)
        self._take((*self._items[:place], changed, *self._items[place + 1 :]))
        return changed


def _pin(estimate: Estimate, phase: str, operator: str | None) -> Pin:
    """Pin to an operator, in the last of the passes shown that runs it, or to the whole state."""
    from ..estimates import shown as passes  # noqa: PLC0415 - its name is another thing here

    if operator is None:
        return Pin("state")
    parts = passes(estimate, phase)
    running = [part.key for part in parts if operator in part.phase.operators.name]
    _ = parts[-1].phase.operators[operator] if not running else None  # which says the nearest names
    return Pin("operator", running[-1], operator)


def _said(text: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise RooflineError("A finding needs a text.")
    return text
