"""The drawer below the charts: one place for everything that is looked at now and then."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ipywidgets import VBox

from ..kernel.updates import show
from .tab_bar import TabBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipywidgets import Widget

    from ..kernel.state import State, View

    AnyView = TypeVar("AnyView", bound=View)


class Drawer(VBox):
    """Tabs, and the view of the one that is open, in a place of a fixed height. A view that is not seen is not drawn.

    Parameters
    ----------
    on_open : callable
        Called with the name of the tab that is to be open; empty for none.
    """

    def __init__(self, on_open: Callable[[str], None]) -> None:
        self._pages: dict[str, View] = {}
        self._counts: dict[str, Callable[[State], int]] = {}
        self._tab_bar, self._place = TabBar(on_open), VBox()
        self._place.add_class("llmv-drawer")
        super().__init__([self._tab_bar, self._place])

    def add(self, name: str, view: AnyView, count: Callable[[State], int] | None = None) -> AnyView:
        """Give a view a tab of its own.

        Parameters
        ----------
        name : str
            Name of the tab.
        view : View
            What it shows.
        count : callable, optional
            How many things it shows of a state, which stands beside its name [1].

        Returns
        -------
        View
            The view.
        """
        self._pages[name] = view
        _show_if(view, seen=False)
        if count:
            self._counts[name] = count
        self._place.children = (*self._place.children, view)
        return view

    @property
    def tabs(self) -> tuple[str, ...]:
        """Names of the tabs."""
        return tuple(self._pages)

    def draw(self, state: State) -> None:
        """Show a state."""
        counts = {name: count(state) for name, count in self._counts.items()}
        self._tab_bar.name({name: f"{name} · {counts[name]:,}" if counts.get(name) else name for name in self._pages})
        self._tab_bar.show(chosen=state.tab)
        _show_if(self._place, seen=state.tab != "")
        for name, view in self._pages.items():
            _show_if(view, seen=name == state.tab)
            if name == state.tab:
                view.draw(state)


def _show_if(widget: Widget, *, seen: bool) -> None:
    """Let a widget take its place, or none."""
    show(widget.layout, display="block" if seen else "none")
