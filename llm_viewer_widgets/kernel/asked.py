"""A widget that its page asks for changes, and that says which request its state answers (`browser/requests.js`)."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from .one_at_a_time import one_at_a_time
from .updates import show


class Asked(anywidget.AnyWidget):
    """A widget whose state the kernel alone sets.

    A page sends what it would have as a message; until the state answers the newest, it shows what it asked for.
    """

    answered = traitlets.Unicode().tag(sync=True)
    """Name of the request that the state answers."""

    def __init__(self, **state: Any) -> None:  # noqa: ANN401 - traits of any kind
        self._request = ""
        super().__init__(**state)
        self.on_msg(self._received)

    def show(self, **state: Any) -> None:  # noqa: ANN401 - traits of any kind
        """Bring traits to values, as the answer to what was asked last: both are one message.

        Parameters
        ----------
        **state
            Traits and their values.
        """
        show(self, **state, answered=self._request)

    def asked(self, content: dict[str, Any]) -> None:
        """Do what a page asks.

        Parameters
        ----------
        content : dict
            The message.
        """
        raise NotImplementedError

    @one_at_a_time
    def _received(self, _: object, content: object, __: object) -> None:
        """Do what is asked, and answer whatever comes of it: a page waits."""
        if not isinstance(content, dict):
            return
        self._request = str(content.get("request", ""))
        try:
            self.asked(content)
        finally:
            self.show()
