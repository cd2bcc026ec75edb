"""The still picture, and what a reader without widgets gets."""

import math
from xml.etree.ElementTree import fromstring

import pytest

from llm_roofline import load_model, models
from llm_roofline.charts.svg import HEIGHT, WIDTH
from llm_viewer_widgets import LLMViewer, Session
from tests.widgets.made_up import HOSTILE, TINY

SVG = "{http://www.w3.org/2000/svg}"
STATES = [
    {},
    {"phase": "prefill"},
    {"phase": "generate", "batch_size": 32},
    {"linear_axes": True, "phase": "generate"},
    {"weights": "int4", "kv_cache": "fp8", "flash_attention": False},
    {"batch_size": 2**20},
]
state = pytest.mark.parametrize("fields", STATES, ids=str)


def texts(svg):
    return ["".join(node.itertext()) for node in svg.iter(f"{SVG}text")]


@state
def test_the_picture_is_xml_with_its_finding_as_title(fields):
    session = Session(**fields)
    svg = fromstring(session.picture())
    assert svg.tag == f"{SVG}svg"
    assert svg.get("role") == "img"
    assert svg.find(f"{SVG}title").text == session.estimate.takeaway


@state
def test_everything_in_the_picture_has_a_place_inside_it(fields):
    svg = fromstring(Session(**fields).picture())
    limits = {"x": WIDTH, "y": HEIGHT, "cx": WIDTH, "cy": HEIGHT, "width": WIDTH, "height": HEIGHT}
    for node in svg.iter():
        for name, value in node.attrib.items():
            if name in limits and node is not svg:
                assert math.isfinite(float(value)), node.attrib
                assert 0 <= float(value) <= limits[name], node.attrib


@state
def test_the_picture_has_one_shape_a_point_and_one_segment_an_operator(fields):
    session = Session(**fields)
    svg = fromstring(session.picture())
    segments = [
        node.find(f"{SVG}title").text for node in svg.iter(f"{SVG}rect") if node.find(f"{SVG}title") is not None
    ]
    phases = 2 if session.phase == "generate" else 1
    assert len(segments) == phases * len(session.estimate.decode.operators.name)
    assert set(segments) == set(session.estimate.decode.operators.name)


def test_names_are_escaped_in_the_picture():
    session = Session(load_model(TINY, HOSTILE))
    text = session.picture()
    assert "<script" not in text
    assert any(HOSTILE in line for line in texts(fromstring(text)))


def test_a_board_offers_widget_picture_sentence_and_table(board):
    bundle = board._repr_mimebundle_()
    assert set(bundle) == {
        "application/vnd.jupyter.widget-view+json",
        "image/svg+xml",
        "text/plain",
    }
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == board.model_id
    assert fromstring(bundle["image/svg+xml"]).tag == f"{SVG}svg"
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


def test_the_picture_of_every_model_is_xml():
    for name in models:
        session = Session(name)
        assert fromstring(session.picture()).get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"


def test_a_closed_board_offers_nothing_more():
    v = LLMViewer()
    v.close()
    assert v._repr_mimebundle_ is None
