"""A choice among many names, in groups, with a search."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import traitlets
from ipywidgets import Layout

from ..browser.modules import module
from ..kernel.asked import Asked

_HERE = Path(__file__).parent
OWN = "your own"  # group of the names that are no part of the catalogue


class Choice(Asked):
    """A field that opens a list of names in groups; what is typed there filters it. ipywidgets has no such list.

    Parameters
    ----------
    label : str
        Its name.
    groups : mapping
        For each group its names, and for each of these a note that is shown beside it and found by the search too.
    value : str
        The name that is chosen.

    Attributes
    ----------
    on_ask : callable
        Called with the name that a person would have.
    """

    _esm = module(_HERE / "choice.js")
    _css = (_HERE / "choice.css").read_text(encoding="utf-8")

    label = traitlets.Unicode().tag(sync=True)
    groups = traitlets.Unicode("{}").tag(sync=True)
    """JSON of the groups; a string travels without being searched for buffers."""
    value = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, groups: Mapping[str, Mapping[str, str]], value: str = "") -> None:
        self._groups = {group: dict(names) for group, names in groups.items()}
        self.on_ask: Callable[[str], None] = lambda _: None
        super().__init__(
            label=label,
            groups=json.dumps(self._groups),
            value=value,
            layout=Layout(width="auto", flex="1 1 220px", min_width="200px"),
        )

    def asked(self, content: dict[str, Any]) -> None:
        """Pass on the name that a person would have."""
        if isinstance(content.get("value"), str):
            self.on_ask(content["value"])

    def offer(self, name: str, note: str) -> None:
        """Let a name of one's own join the list, unless it is there.

        Parameters
        ----------
        name, note : str
            The name, and what is shown beside it.
        """
        if not any(name in names for names in self._groups.values()):
            self._groups = {OWN: {}, **self._groups}
            self._groups[OWN][name] = note
            self.groups = json.dumps(self._groups)
