"""Fixtures of the tests of the board: boards that are closed afterwards."""

import pytest
from ipywidgets import Widget

from llm_viewer_widgets import LLMViewer


@pytest.fixture(autouse=True)
def no_widget_from_another_test():
    """Every test begins with no widget open, whatever the one before left; tests of ``close`` count from zero."""
    Widget.close_all()
    yield
    Widget.close_all()


@pytest.fixture
def board(recorder):
    """A board for Llama-3.1-8B on an H100, with what it sent at its construction forgotten."""
    made = LLMViewer()
    recorder.clear()
    return made
