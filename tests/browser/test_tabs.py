"""Two tabs on one notebook and its kernel: each has the notebook for itself, and both have the findings' cells."""

import pytest

from tests.browser.board import Board
from tests.browser.lab import SCRIPT, Lab
from tests.browser.noted import Notes


@pytest.fixture
def tabs(lab, browser):
    """Notes of a board in two tabs; an error in the console of either fails the test."""
    first = Notes(Board.open(lab))
    lab.save()
    with browser.new_context(viewport=lab.page.viewport_size) as context:
        context.add_init_script(path=SCRIPT)
        other = Lab(context.new_page(), lab.server)
        other.open("board", run=False)
        yield first, Notes(Board(other))
        assert other.console_errors() == []


def seen(notes):
    """Texts of the cells with findings that a tab shows, as far as the words of the test go."""
    notes.settle()
    cells = notes.page.locator(".jp-MarkdownCell").all_inner_texts()
    return [[word for word in ("alpha", "beta", "gamma") if word in text] for text in cells]


def test_a_cell_that_is_written_typed_into_or_deleted_in_one_tab_is_so_in_the_other(tabs):
    one, two = tabs
    one.write("alpha")
    two.write("beta")
    assert seen(one) == seen(two) == [["alpha"], ["beta"]]
    one.type_into_cell(1, "alpha", " gamma")
    assert seen(one) == seen(two) == [["alpha", "gamma"], ["beta"]]
    two.type_into_cell(2, "beta", " gamma")
    assert seen(one) == seen(two) == [["alpha", "gamma"], ["beta", "gamma"]]
    assert one.said() == ["alpha gamma", "beta gamma"]
    two.delete_cell(1)
    assert seen(one) == seen(two) == [["beta", "gamma"]]
    one.board.lab.command("notebook:undo-cell-action")
    two.act("Resolve", 1)
    one.settle()
    assert seen(one) == seen(two)
    assert one.said() == two.said()
