"""Fixtures of the tests of the board: one that is lent from test to test, and others that are closed afterwards."""

import pytest

from tests.widgets.lent import Lent


@pytest.fixture(scope="session")
def lent():
    return Lent()


@pytest.fixture(autouse=True)
def no_widget_from_another_test(lent):
    """Every test begins with no widget open but those of the board that is lent, whatever the one before left."""
    lent.close_others()
    yield
    lent.close_others()


@pytest.fixture
def board(lent, recorder):
    """A board for Llama-3.1-8B on an H100, with what it sent at its construction forgotten."""
    board = lent.board()
    recorder.clear()
    return board
