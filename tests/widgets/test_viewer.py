"""The board as a whole: its views by name, and what a reader without widgets gets."""

from xml.etree.ElementTree import fromstring

import pytest

from llm_viewer_widgets import LLMViewer, Session

VIEWS = (
    "headline",
    "controls",
    "techniques_panel",
    "status_line",
    "roofline",
    "key",
    "operators",
    "latency",
    "detail",
    "findings_panel",
)


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_has_a_name_that_is_no_trait_and_draws_a_state(board, name):
    getattr(board, name).draw(board.state)
    assert name not in board.trait_names()


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
