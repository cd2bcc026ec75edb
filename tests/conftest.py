"""What holds for every test: the order in which they run; and a browser's place for those of boards."""

import comm
import pytest

from tests.widgets.recording import Recorder

# Quick answers first. The browser comes last because Playwright leaves an event loop running in the main thread.
LATER = ("slow", "binder", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: max(
            (1 + LATER.index(mark.name) for mark in item.iter_markers() if mark.name in LATER), default=0
        )
    )


@pytest.fixture
def recorder(monkeypatch):
    """What a browser would get."""
    recorder = Recorder()
    monkeypatch.setattr(comm, "create_comm", recorder.create_comm)
    return recorder
