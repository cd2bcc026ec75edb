"""The board as a whole: its views by name, and what a reader without widgets gets."""

from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import iter_modules
from xml.etree.ElementTree import fromstring

from ipywidgets import Widget

from llm_viewer_widgets import LLMViewer, Session, views
from llm_viewer_widgets.kernel.lifecycle import tree

MODULES = [import_module(f"{views.__name__}.{found.name}") for found in iter_modules(views.__path__)]


def test_every_view_has_its_place_on_the_board(board):
    drawing = {cls for module in MODULES for _, cls in getmembers(module, isclass) if issubclass(cls, Widget)}
    drawing = {cls for cls in drawing if "draw" in vars(cls) and cls.__module__.startswith(views.__name__)}
    placed = tree(board)
    lacking = sorted(cls.__name__ for cls in drawing if not any(isinstance(view, cls) for view in placed))
    assert not lacking, f"viewer.py draws no {', '.join(lacking)}: a view gets its place in _add_views."


def test_every_view_has_a_name_that_is_no_trait_and_draws_a_state(board):
    named = {id(value): name for name, value in vars(board).items()}
    for view in board._views:
        assert named[id(view)] not in board.trait_names()
        view.draw(board.state)


def test_the_picture_of_a_session_is_of_the_phase_and_axes_that_are_shown():
    session = Session()
    seen = {session.picture()}
    session.phase = "prefill"
    seen.add(session.picture())
    session.linear_axes = True
    assert len({*seen, session.picture()}) == 3


def test_a_board_offers_widget_picture_sentence_and_table(board):
    bundle = board._repr_mimebundle_()
    assert set(bundle) == {
        "application/vnd.jupyter.widget-view+json",
        "image/svg+xml",
        "text/plain",
    }
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == board.model_id
    assert fromstring(bundle["image/svg+xml"]).tag == "{http://www.w3.org/2000/svg}svg"
    assert board.estimate.takeaway in bundle["text/plain"]
    assert bundle["text/plain"] == repr(board) == repr(board.estimate)


def test_the_plain_text_is_the_table(board):
    table = repr(board).splitlines()
    assert [line.split()[0] for line in table[1:3]] == ["prefill", "decode"]
    assert table[-1] == board.estimate.takeaway


def test_the_offer_follows_a_change(board):
    before = board._repr_mimebundle_()
    board.batch_size = 64
    after = board._repr_mimebundle_()
    assert all(before[mime] != after[mime] for mime in ("image/svg+xml", "text/plain"))


def test_a_closed_board_offers_nothing_more():
    v = LLMViewer()
    v.close()
    assert v._repr_mimebundle_ is None
