"""The names of tabs, one of which may be open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from ..browser.modules import module
from ..kernel.asked import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HERE = Path(__file__).parent


class TabBar(Asked):
    """Buttons that open and close tabs.

    Parameters
    ----------
    on_open : callable
        Called with the name of the tab that is to be open; empty for none.
    """

    _esm = module(_HERE / "tab_bar.js")
    _css = (_HERE / "tab_bar.css").read_text(encoding="utf-8")

    labels = traitlets.Unicode("[]").tag(sync=True)
    """JSON: name and label of each tab, in their order."""
    chosen = traitlets.Unicode().tag(sync=True)
    """Name of the tab that is open; empty if none is."""

    def __init__(self, on_open: Callable[[str], None]) -> None:
        super().__init__()
        self._on_open = on_open

    def name(self, labels: Mapping[str, str]) -> None:
        """Name the tabs.

        Parameters
        ----------
        labels : mapping
            The label of each by its name.
        """
        self.show(labels=json.dumps(list(labels.items())))

    def asked(self, content: dict[str, Any]) -> None:
        """Open a tab, or close the one that is open."""
        if isinstance(content.get("open"), str):
            self._on_open(content["open"])
