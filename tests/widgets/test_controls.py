"""The controls: what a person does in the browser reaches the session, and what is refused goes back."""

import itertools

import pytest

from llm_roofline import formats, hardware, models
from llm_viewer_widgets import LLMViewer
from llm_viewer_widgets.count_slider import CountSlider, stops
from tests.widgets.recording import browser_sets


def control(board, name):
    """The control of a field: a choice, or a `CountSlider`."""
    controls = board._views[0]
    return {**controls._choices, **controls._sliders}[name]


def status(board):
    return board._views[1].value


def choose(dropdown, value):
    """Choose an option as the browser does, which sends its place."""
    values = [option[1] if isinstance(option, tuple) else option for option in dropdown.options]
    browser_sets(dropdown, index=values.index(value))


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
    value = {"model": models, "hardware": hardware}.get(name, {value: None}) and value
    choose(control(board, name), value)
    assert getattr(board, name) == value
    assert status(board) == ""


@pytest.mark.parametrize("name", ["flash_attention", "linear_axes"])
def test_a_checkbox_in_the_browser_changes_the_session(board, name):
    before = getattr(board, name)
    browser_sets(control(board, name), value=not before)
    assert getattr(board, name) is (not before)


@pytest.mark.parametrize("name", ["batch_size", "prompt_tokens", "output_tokens"])
def test_a_slider_and_its_field_change_the_session_and_each_other(board, name):
    counter = control(board, name)
    browser_sets(counter._slider, value=8)
    assert getattr(board, name) == counter._stops[8] == counter._text.value
    browser_sets(counter._text, value=100)
    assert getattr(board, name) == 100
    assert counter._stops[counter._slider.value] == 96


def test_every_catalogue_entry_and_format_is_a_choice(board):
    assert list(control(board, "model").options) == list(models)
    assert list(control(board, "hardware").options) == list(hardware)
    for name in ("weights", "activations", "kv_cache"):
        assert dict(control(board, name).options) == {f.label: f.name for f in formats.values()}


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
    browser_sets(slider._slider, value=len(slider._stops) - 1)
    assert "Not updated: a context of 1,048,832 tokens" in status(board)
    assert "exceeds the 131,072 of meta-llama/Llama-3.1-8B. Showing the last valid result." in status(board)
    assert board.status in status(board)
    assert board.estimate is good
    assert (board.prompt_tokens, slider._stops[slider._slider.value], slider._text.value) == (2048, 2048, 2048)


def test_a_control_goes_back_each_time_the_same_is_refused(board, recorder):
    slider = control(board, "prompt_tokens")
    for _ in range(3):
        recorder.clear()
        browser_sets(slider._slider, value=len(slider._stops) - 1)
        assert slider._stops[slider._slider.value] == 2048
        told = [m.state["value"] for m in recorder.updates(slider._slider)]
        assert told == [slider._slider.value]  # the browser shows what the kernel holds


def test_a_typed_number_that_is_refused_goes_back(board):
    field = control(board, "output_tokens")._text
    for _ in range(2):
        browser_sets(field, value=900_000)
        assert field.value == board.output_tokens == 256
        assert "Not updated" in status(board)


def test_a_model_that_is_refused_goes_back(board):
    board.prompt_tokens = 100_000
    for _ in range(2):
        choose(control(board, "model"), "openai-community/gpt2")
        assert control(board, "model").value == board.model == "meta-llama/Llama-3.1-8B"
        assert "exceeds" in status(board)


def test_the_next_valid_change_clears_the_sentence(board):
    slider = control(board, "prompt_tokens")
    for change in (lambda: browser_sets(slider._slider, value=3), lambda: board.update(batch_size=9)):
        browser_sets(slider._slider, value=len(slider._stops) - 1)
        assert status(board)
        change()
        assert status(board) == board.status == ""


def test_the_status_is_announced(board):
    board.request(batch_size=0)
    assert "role='alert'" in status(board)


def test_a_model_of_ones_own_joins_the_choices():
    tiny = {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 8}
    v = LLMViewer(tiny | {"intermediate_size": 96, "vocab_size": 1000})
    mine, dropdown = v.model, control(v, "model")
    assert mine in dropdown.options
    assert dropdown.value == mine
    choose(dropdown, "mistralai/Mistral-7B-v0.1")
    choose(dropdown, mine)
    assert v.model == mine
    assert status(v) == ""
    assert list(dropdown.options).count(mine) == 1


def test_a_what_if_device_joins_the_choices(board):
    fast = hardware["h100-sxm"].with_(memory_bandwidth=9e12)
    board.hardware = fast
    dropdown = control(board, "hardware")
    assert dropdown.value == fast.name
    choose(dropdown, "h200-sxm")
    choose(dropdown, fast.name)
    assert board.scenario.hardware is fast


@pytest.mark.parametrize("largest", [1, 2, 3, 16, 100, 1024, 1_048_576])
def test_stops_rise_from_one_to_the_largest_power_by_at_most_a_half(largest):
    found = stops(largest)
    assert found[0] == 1
    assert found[-1] <= largest < 2 * found[-1]
    assert all(low < high <= max(1.5 * low, low + 1) for low, high in itertools.pairwise(found))
    assert {2**k for k in range(21) if 2**k <= largest} <= set(found)


def test_a_count_slider_shows_every_number_at_its_nearest_stop_and_asks_nobody():
    slider = CountSlider("batch", 64, on_change=lambda value: pytest.fail(f"asked for {value}"))
    for value in range(1, 200):
        slider.show(value)
        assert slider._text.value == slider.value == value
        nearest = min(abs(stop - value) for stop in slider._stops)
        assert abs(slider._stops[slider._slider.value] - value) == nearest
