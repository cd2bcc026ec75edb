"""What holds for every test: the order in which they run."""

import pytest

# Quick answers first. The browser comes last because Playwright leaves an event loop running in the main thread.
LATER = ("slow", "binder", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: max(
            (1 + LATER.index(mark.name) for mark in item.iter_markers() if mark.name in LATER), default=0
        )
    )
