"""What holds for every test: the order in which they run; and a browser's place for those of boards."""

import gc
import sys
from pathlib import Path

import comm
import pytest
from hypothesis import Phase, settings

from tests import over
from tests.widgets.recording import Recorder

# At its import jsonschema compiles a grammar of international addresses, seconds in every worker; no test has one.
sys.modules["rfc3987_syntax"] = None

# Tests hold hundreds of models and make little garbage: to look for it every 700 objects takes a twelfth of their time.
gc.set_threshold(20_000)

# What fails once fails again, and a busy machine is no fault of the code: laws on time measure the processor's.
settings.register_profile("all", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("fast", settings.get_profile("all"), max_examples=20)
settings.register_profile("first", settings.get_profile("fast"), phases=(Phase.explicit, Phase.generate))
# Quick answers first. The browser comes last because Playwright leaves an event loop running in the main thread.
LATER = ("slow", "binder", "browser")


def pytest_configure(config: pytest.Config) -> None:
    """Draw more where there is time; ``--hypothesis-profile=first`` ends at the first failure, unshrunk."""
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("fast" if "not slow" in config.option.markexpr else "all")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only", metavar="NAME", help="run what tests the model, device or technique of this name")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave boards in a browser uncollected where they are left out: what they import takes seconds."""
    left_out = config.getoption("only") or "not browser" in config.option.markexpr
    return True if collection_path.name == "browser" and left_out else None


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: max(
            (1 + LATER.index(mark.name) for mark in item.iter_markers() if mark.name in LATER), default=0
        )
    )
    if only := config.getoption("only"):
        items[:] = [item for item in items if over.narrowed(item, only)]
        if not items and not session.testsfailed:  # what could not be imported says so itself
            raise pytest.UsageError(f"--only takes the name of a model, a device or a technique; no test has {only!r}.")


@pytest.fixture(scope="session")
def one_recorder():
    """One for all tests, since a board that is lent from one to the next keeps its comms."""
    return Recorder()


@pytest.fixture
def recorder(one_recorder, monkeypatch):
    """What a browser would get."""
    one_recorder.clear()
    monkeypatch.setattr(comm, "create_comm", one_recorder.create_comm)
    return one_recorder
