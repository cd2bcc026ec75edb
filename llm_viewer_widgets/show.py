"""How a view brings a widget to new values: a change is one message, and what stands already is none."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ipywidgets import Widget


def show(widget: Widget, **values: Any) -> None:  # noqa: ANN401 - traits of any kind
    """Bring traits of a widget to values, in one message; what stands there already is neither set nor sent."""
    changed = {name: value for name, value in values.items() if not _equal(getattr(widget, name), value)}
    with widget.hold_sync() if len(changed) > 1 else nullcontext():
        for name, value in changed.items():
            setattr(widget, name, value)


def _equal(old: object, new: object) -> bool:
    if isinstance(old, np.ndarray):
        return old.tobytes() == np.asarray(new).tobytes()
    return old is not None and bool(old == new)
