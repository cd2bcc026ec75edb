"""The controls: what a person does in the browser reaches the session, and what is refused goes back."""

import itertools
import json
from html import escape

import pytest

from llm_roofline import formats, hardware, models
from llm_viewer_widgets import LLMViewer
from llm_viewer_widgets.controls import menus
from llm_viewer_widgets.controls.choice import OWN, Choice
from llm_viewer_widgets.controls.count_slider import stops
from tests.widgets.made_up import TINY
from tests.widgets.recording import browser_asks, browser_sets


def control(board, name):
    """The control of a field."""
    return board.controls.by_name[name]


def status(board):
    return board.status_line.value


def choose(board, name, value):
    """Choose as the browser does; of a dropdown or buttons that sends the option's place."""
    chooser = control(board, name)
    if isinstance(chooser, Choice):
        browser_asks(chooser, value=value)
    else:
        values = [option[1] if isinstance(option, tuple) else option for option in chooser.options]
        browser_sets(chooser, index=values.index(value))


def offered(board, name):
    """Names that a choice offers, by group."""
    return json.loads(control(board, name).groups)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model", "mistralai/Mistral-7B-v0.1"),
        ("hardware", "h200-sxm"),
        ("phase", "generate"),
        ("weights", "int4"),
        ("activations", "fp8"),
        ("kv_cache", "int2"),
    ],
)
def test_a_choice_in_the_browser_changes_the_session(board, name, value):
    choose(board, name, value)
    assert getattr(board, name) == value
    assert status(board) == ""


@pytest.mark.parametrize("name", ["flash_attention", "linear_axes"])
def test_a_checkbox_in_the_browser_changes_the_session(board, name):
    before = getattr(board, name)
    browser_sets(control(board, name), value=not before)
    assert getattr(board, name) is (not before)


@pytest.mark.parametrize("name", ["batch_size", "prompt_tokens", "output_tokens"])
def test_a_number_in_the_browser_changes_the_session(board, name):
    for number in (control(board, name).stops[8], 100):
        browser_asks(control(board, name), value=number)
        assert getattr(board, name) == control(board, name).value == number


@pytest.mark.parametrize(("typed", "told"), [(2.5, "(got 2.5)"), (0, "(got 0)"), (-3, "(got -3)"), (1e15, "from 1 to")])
def test_a_number_that_is_no_count_is_refused_with_a_sentence_and_goes_back(board, typed, told):
    browser_asks(control(board, "batch_size"), value=typed)
    assert told in status(board)
    assert control(board, "batch_size").value == board.batch_size == 1


def test_every_catalogue_entry_and_format_is_a_choice(board):
    for name, catalogue in (("model", models), ("hardware", hardware)):
        names = [entry for group in offered(board, name).values() for entry in group]
        assert sorted(names) == sorted(catalogue)
    for name in ("weights", "activations", "kv_cache"):
        assert dict(control(board, name).options) == {f.label: f.name for f in formats.values()}


def test_models_stand_under_their_family_and_devices_under_their_vendor(board):
    families, vendors = offered(board, "model"), offered(board, "hardware")
    for offers in (families, vendors):
        assert list(offers) == sorted(offers, key=str.casefold)
    assert {"meta-llama/Llama-3.1-8B", "meta-llama/Llama-2-7b-hf"} <= families["Llama 1, 2 and 3"].keys()
    sizes = {f"openai-community/gpt2{size}" for size in ("", "-medium", "-large", "-xl")}
    assert families["GPT-2 and StarCoder"].keys() == sizes | {"bigcode/starcoder"}
    assert vendors["NVIDIA"]["h100-sxm"] == hardware["h100-sxm"].title
    for titles in families:
        assert 2 < len(titles) < 48, "a family's file begins with its name"


def test_the_list_of_models_loads_none_of_them(monkeypatch):
    menus.models_by_family.cache_clear()
    monkeypatch.setattr(models, "_load", lambda name: pytest.fail(f"loaded {name}"))
    monkeypatch.setattr(models, "_loaded", {})
    assert sum(map(len, menus.models_by_family().values())) == len(models)


def test_controls_follow_an_assignment(board):
    board.update(batch_size=48, phase="prefill", weights="fp8", linear_axes=True, hardware="a100-sxm-80gb")
    shown = {name: control(board, name).value for name in ("batch_size", "phase", "weights", "linear_axes", "hardware")}
    assert shown == {
        "batch_size": 48,
        "phase": "prefill",
        "weights": "fp8",
        "linear_axes": True,
        "hardware": board.hardware,
    }


def test_a_control_that_asks_for_what_is_refused_says_so_and_goes_back(board):
    board.batch_size = 4
    good, slider = board.estimate, control(board, "prompt_tokens")
    browser_asks(slider, value=slider.stops[-1])
    assert "Not updated: a context of 1,048,831 tokens" in status(board)
    assert "exceeds the 131,072 of meta-llama/Llama-3.1-8B. Showing the last valid result." in status(board)
    assert board.status in status(board)
    assert board.estimate is good
    assert board.prompt_tokens == slider.value == 2048


def test_a_control_goes_back_each_time_the_same_is_refused(board, recorder):
    slider = control(board, "prompt_tokens")
    for _ in range(3):
        recorder.clear()
        request = browser_asks(slider, value=slider.stops[-1])
        assert slider.value == 2048
        assert [m.state for m in recorder.updates(slider)] == [{"answered": request}]


@pytest.mark.parametrize("value", [1, 6, 0, "8", None, [1]])
def test_every_request_is_answered_whatever_comes_of_it(board, recorder, value):
    slider = control(board, "batch_size")
    request = browser_asks(slider, value=value)
    assert slider.answered == request
    assert [m.state["answered"] for m in recorder.updates(slider)] == [request]


def test_a_value_and_what_it_answers_are_one_message(board, recorder):
    slider = control(board, "batch_size")
    request = browser_asks(slider, value=6)
    assert [m.state for m in recorder.updates(slider)] == [{"value": 6, "answered": request}]


def test_a_request_that_fails_is_answered_too(board, monkeypatch):
    slider = control(board, "batch_size")
    monkeypatch.setattr(slider, "on_ask", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        slider._received(slider, {"value": 6, "request": "page"}, [])
    assert slider.answered == "page"


def test_a_model_that_the_workload_is_too_long_for_is_chosen_with_a_shorter_one_and_says_so(board):
    board.update(batch_size=4, prompt_tokens=100_000)
    choose(board, "model", "openai-community/gpt2")
    started = LLMViewer("gpt2")
    assert board.model == control(board, "model").value == "openai-community/gpt2"
    assert (board.prompt_tokens, board.output_tokens) == (started.prompt_tokens, started.output_tokens) == (512, 128)
    assert control(board, "prompt_tokens").value == 512
    assert board.batch_size == 4
    assert board.status == (
        "A context of 100,255 tokens (100,000 prompt + 255 of 256 output) exceeds the 1,024 of openai-community/gpt2: "
        "the workload is now 512 prompt and 128 output tokens."
    )
    assert escape(board.status) in status(board)
    choose(board, "model", "meta-llama/Llama-3.1-8B")
    assert (board.status, board.prompt_tokens) == ("", 512)


def test_a_model_that_is_refused_goes_back(board, recorder):
    for _ in range(2):
        recorder.clear()
        choose(board, "model", "nobody/nothing")
        assert control(board, "model").value == board.model == "meta-llama/Llama-3.1-8B"
        assert "Unknown model" in status(board)
        assert recorder.updates(control(board, "model"))


def test_the_next_valid_change_clears_the_sentence(board):
    slider = control(board, "prompt_tokens")
    for change in (lambda: browser_asks(slider, value=3), lambda: board.update(batch_size=9)):
        browser_asks(slider, value=slider.stops[-1])
        assert status(board)
        change()
        assert status(board) == board.status == ""


def test_the_status_is_announced(board):
    board.request(batch_size=0)
    assert "role='alert'" in status(board)


def test_a_model_of_ones_own_joins_the_choices():
    v = LLMViewer(TINY)
    mine = v.model
    assert list(offered(v, "model")[OWN]) == [mine]
    assert next(iter(offered(v, "model"))) == OWN
    assert control(v, "model").value == mine
    for name in ("mistralai/Mistral-7B-v0.1", mine):
        choose(v, "model", name)
        assert (v.model, status(v)) == (name, "")
    assert list(offered(v, "model")[OWN]) == [mine]


def test_a_what_if_device_joins_the_choices(board):
    fast = hardware["h100-sxm"].with_(memory_bandwidth=9e12)
    board.hardware = fast
    assert control(board, "hardware").value == fast.name
    assert offered(board, "hardware")[OWN] == {fast.name: fast.title}
    choose(board, "hardware", "h200-sxm")
    choose(board, "hardware", fast.name)
    assert board.scenario.hardware is fast


@pytest.mark.parametrize("largest", [1, 2, 3, 16, 100, 1024, 1_048_576])
def test_stops_rise_from_one_to_the_largest_power_by_at_most_a_half(largest):
    found = stops(largest)
    assert found[0] == 1
    assert found[-1] <= largest < 2 * found[-1]
    assert all(low < high <= max(1.5 * low, low + 1) for low, high in itertools.pairwise(found))
    assert {2**k for k in range(21) if 2**k <= largest} <= set(found)
