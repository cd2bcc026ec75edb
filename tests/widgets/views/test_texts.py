"""What the board says in words: names are escaped, and numbers are the estimate's."""

import re
from html.parser import HTMLParser

import pytest

from llm_roofline import hardware, load_model
from llm_roofline.basics.units import quantity, significant
from llm_roofline.charts.latency import KINDS
from llm_roofline.charts.palette import COLOURS
from llm_roofline.estimates.words import binding, shortage, verdict
from llm_viewer_widgets import LLMViewer
from tests.widgets.made_up import HOSTILE, TINY


class Tags(HTMLParser):
    """Tags that a text opens, and the text between them."""

    def __init__(self, html):
        super().__init__()
        self.opened, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.opened.append(tag)
        assert not [name for name, _ in attributes if name.startswith("on")], attributes

    def handle_data(self, data):
        self.words.append(data)


def written(board):
    """Texts of the board that a browser reads as markup."""
    return {
        "status": board.status_line,
        "headline": board.headline,
        "key": board.key,
        "detail": board.detail,
        "tooltip": board.roofline._tooltip,
    }


@pytest.fixture
def hostile():
    """A board whose model, device and refused value are named as markup."""
    device = hardware["h100-sxm"].with_(name=HOSTILE, title=HOSTILE)
    v = LLMViewer(load_model(TINY, HOSTILE), device)
    name = v.estimate.decode.operators.name[0]
    v.selected = name
    v.request(weights=HOSTILE)
    return v


def test_names_of_ones_own_are_never_markup(hostile):
    for place, view in written(hostile).items():
        assert "img" not in Tags(view.value).opened, place
    assert HOSTILE in "".join(Tags(written(hostile)["headline"].value).words)


def test_what_was_refused_is_never_markup(hostile):
    status = Tags(written(hostile)["status"].value)
    assert status.opened == ["div"]
    assert "<img src=x" in "".join(status.words)


def test_the_headline_has_the_numbers_and_the_sentences(board):
    for fields in ({}, {"phase": "prefill", "batch_size": 64}, {"phase": "generate"}, {"batch_size": 4096}):
        board.update(**fields)
        words = "".join(Tags(written(board)["headline"].value).words)
        e = board.estimate
        for text in (quantity(e.ttft, "s"), quantity(e.tpot, "s"), verdict(e.memory), e.scenario.hardware.title):
            assert text in words
        for phase in (e.prefill, e.decode):
            assert (binding(phase) in words) is (board.phase in (phase.name, "generate"))
        assert f"{quantity(e.memory.total_bytes, 'B')} of {quantity(e.memory.capacity_bytes, 'B')}" in words


def test_a_name_that_is_not_exact_is_read_and_said():
    v = LLMViewer("llama-2-7b", "Tesla T4")
    assert (v.model, v.hardware) == ("meta-llama/Llama-2-7b-hf", "t4")
    assert "&#x27;Tesla T4&#x27; is read as t4." in v.headline.value
    v.update(hardware="NVIDIA L40S")
    assert "Tesla" not in v.headline.value
    assert "&#x27;llama-2-7b&#x27; is read as meta-llama/Llama-2-7b-hf." in v.headline.value
    v.close()


def test_what_does_not_fit_has_no_throughput_in_its_headline(board):
    fitting = written(board)["headline"].value
    board.update(hardware="lpu-v1")
    headline, e = written(board)["headline"].value, board.estimate
    rate = f"<b>{significant(e.tokens_per_s)}</b>"
    assert rate not in headline
    assert f"<b>–</b><small>{shortage(e.memory)}</small>" in headline
    assert (headline.count("if it fitted"), fitting.count("if it fitted")) == (2, 0)


def test_throughput_and_memory_of_several_devices_are_told_for_each(board):
    assert "a device" not in written(board)["headline"].value
    board.techniques = ["tensor-parallel"]
    words, e = "".join(Tags(written(board)["headline"].value).words), board.estimate
    assert f"{significant(e.tokens_per_s / 2)} a device" in words
    assert "memory of each of 2 devices" in words


def test_an_encoder_that_is_not_drawn_is_told():
    v = LLMViewer("openai/whisper-large-v3")
    told = f"The encoder takes {quantity(v.estimate.encoder.time, 's')} before the prefill."
    assert told in "".join(Tags(written(v)["headline"].value).words)
    v.phase = "encoder"
    assert told not in "".join(Tags(written(v)["headline"].value).words)
    v.model = "llama-3.1-8b"
    assert "encoder" not in written(v)["headline"].value


def test_the_meter_is_as_full_as_the_memory_and_never_fuller(board):
    for batch in (1, 64, 100_000):
        board.batch_size = batch
        value, memory = written(board)["headline"].value, board.estimate.memory
        width = float(re.search(r"llmv-meter'><div style='width:([\d.]+)%", value)[1])
        assert width == pytest.approx(100 * min(1, memory.total_bytes / memory.capacity_bytes), abs=0.06)
        assert ("llmv-over" in value) is (not memory.fits)
        assert ("does not fit" in value) is (not memory.fits)


def test_the_key_names_the_kinds_that_are_there_and_the_table_the_operators_without_work(board):
    value = written(board)["key"].value
    kinds = set(board.estimate.decode.operators.kind)
    assert {kind for kind in KINDS if f"{COLOURS[kind]}'>" in value} == kinds
    table = board.estimate.decode.operators
    idle = [name for name, flops in zip(table.name, table.flops, strict=True) if flops == 0]
    assert idle
    assert board.operators.caption.endswith(f"not on the roofline: {', '.join(idle)}.")


def test_the_key_explains_hollow_points_where_there_are_any(board):
    assert "hollow" not in written(board)["key"].value
    board.phase = "generate"
    assert "hollow" in written(board)["key"].value


def test_the_detail_is_the_explanation_of_the_operator(board):
    board.update(selected="q_proj", phase="generate", tab="explain")
    words = "".join(Tags(written(board)["detail"].value).words)
    for phase in (board.estimate.prefill, board.estimate.decode):
        assert phase.operators["q_proj"].explain() in words
