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


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make no test of values that the fast run leaves out anyway: there are some twenty-five thousand."""
    if "not slow" not in metafunc.config.option.markexpr:
        return
    for mark in metafunc.definition.iter_markers("parametrize"):
        values = mark.args[1]
        if isinstance(values, list):
            quick = [value for value in values if all(m.name != "slow" for m in getattr(value, "marks", ()))]
            values[:] = quick or values


@pytest.fixture
def recorder(monkeypatch):
    """What a browser would get."""
    recorder = Recorder()
    monkeypatch.setattr(comm, "create_comm", recorder.create_comm)
    return recorder
