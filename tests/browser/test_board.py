"""What a person sees and does on a board: every view tells the estimate, and every control moves every view."""

import math
import re

import pytest

from tests.browser.board import Board

LINKED = """
from llm_viewer_widgets import LLMViewer
from traitlets import link
v, w = LLMViewer(batch_size=8), LLMViewer(hardware="mi300x", batch_size=1)
link((v, "batch_size"), (w, "batch_size"))
v
"""
HOSTILE = """
from dataclasses import replace
from llm_roofline import hardware, load_model
from llm_viewer_widgets import LLMViewer
model = replace(load_model("gpt2"), name="<img src=x onerror=document.body.id=1>")
device = hardware["m1"].with_(name="<b>m</b>", title="<script>document.body.id=2</script>")
v = LLMViewer(model, device, prompt_tokens=64)
v
"""
GPT2 = "openai-community/gpt2-xl"
UNITS = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "m": 1e-3, "µ": 1e-6, "n": 1e-9}


def number(text):
    """A number of the board in base units: '5.17 ms', '1,106', '100 G'."""
    value, prefix = re.fullmatch(r"([\d.,]+)\s?([kMGTPmµn]?)[sB]?", text.strip()).groups()
    return float(value.replace(",", "")) * UNITS[prefix]


def read_axis(board, axis):
    """Function from a pixel of the roofline to the decimal logarithm that its ticks say is there."""
    (low, a), *_, (high, b) = ((math.log10(number(text)), pixel) for text, pixel in board.measure("ticks", axis))
    return lambda pixel: low + (high - low) * (pixel - a) / (b - a)


def expect_truth(board):
    """Assert that points, bars, rows and headline say what the estimate says."""
    assert sorted(board.measure("rows")) == sorted(board.get("list(v.estimate.decode.operators.name)"))
    flops, bytes_, time = (
        board.get(f"v.estimate.decode.operators.{name}.tolist()") for name in ("flops", "bytes", "time")
    )
    across, up = read_axis(board, 0), read_axis(board, 1)
    drawn = sorted((across(x), up(y)) for x, y in board.measure("dots"))
    right = sorted((math.log10(f / b), math.log10(f / t)) for f, b, t in zip(flops, bytes_, time, strict=True) if f)
    assert [x for x, _ in drawn] == pytest.approx([x for x, _ in right], abs=0.02)
    assert sorted(y for _, y in drawn) == pytest.approx(sorted(y for _, y in right), abs=0.02)
    widths = board.measure("bars")  # stand together by kind
    assert sorted(w / sum(widths) for w in widths) == pytest.approx(sorted(t / sum(time) for t in time), abs=0.002)
    tiles = board.find(".llmv-tile b").all_inner_texts()
    e = board.get("[v.estimate.ttft, v.estimate.tpot, v.estimate.tokens_per_s, v.estimate.memory.total_bytes]")
    assert [number(tile.split(" of ")[0]) for tile in tiles] == pytest.approx(e, rel=0.01)


def test_the_board_appears_and_a_slider_or_a_typed_number_moves_every_view_to_the_estimate(lab):
    board = Board.open(lab)
    assert board.measure("rows")[0] == "gate_proj", "the largest share comes first"
    expect_truth(board)
    assert "Decode is bound by memory" in board.find(".llmv-headline p").inner_text()
    dots, bars = board.measure("dots"), board.measure("bars")
    handle = board.root.get_by_role("slider", name="batch size")
    handle.focus()
    handle.press("ArrowRight")
    board.settle()
    assert board.get("v.batch_size") == 12
    assert board.number(0).input_value() == "12"
    assert board.measure("dots") != dots
    assert board.measure("bars") != bars
    expect_truth(board)
    board.type_count(0, 77)
    assert board.get("v.batch_size") == 77
    expect_truth(board)
    board.lab.kernel("v.batch_size = 8")
    board.settle()
    assert board.measure("dots") == dots
    assert handle.get_attribute("aria-valuetext") == "8"


def segment(board, name):
    """Place of an operator's segment in the bar, told by its length; the name must have a share of its own."""
    share = board.get(f"float(v.estimate.decode.operators[{name!r}].time / v.estimate.decode.time)")
    widths = board.measure("bars")
    return min(range(len(widths)), key=lambda i: abs(widths[i] / sum(widths) - share))


def test_a_click_on_a_point_a_segment_or_a_row_selects_the_operator_everywhere(lab):
    board = Board.open(lab)
    board.expect_selected(None)
    board.find(".llmv-latency rect.bar").nth(segment(board, "attention")).click()
    board.expect_selected("attention")
    board.row("down_proj").click()
    board.expect_selected("down_proj")
    board.row("down_proj").click()
    board.expect_selected(None)
    spot, met = board.measure("leftmost"), []
    for _ in range(2):  # two operators lie there: a further click goes on to the other
        board.lab.page.mouse.click(*spot)
        board.settle()
        met.append(board.get("v.selected"))
        board.expect_selected(met[-1])
    assert sorted(met) == ["attn_add", "mlp_add"], "the additions have the lowest intensity"
    board.update(phase="generate")
    board.expect_selected(met[-1])


def test_rows_are_chosen_and_sorted_by_keyboard_and_mouse(lab):
    board = Board.open(lab)
    shares = board.measure("rows")
    board.row(shares[0]).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        board.lab.page.keyboard.press(key)
    board.expect_selected(shares[1])
    head = board.find(".llmv-table thead button")
    names = board.get("list(v.estimate.decode.operators.name)")
    time = board.get("v.estimate.decode.operators.time.tolist()")
    by_time = [name for _, name in sorted(zip(time, names, strict=True), key=lambda pair: -pair[0])]
    head.nth(5).click()
    assert [time[names.index(name)] for name in board.measure("rows")] == sorted(time, reverse=True)
    assert board.measure("rows")[0] == by_time[0]
    head.nth(5).click()
    assert [time[names.index(name)] for name in board.measure("rows")] == sorted(time)
    head.nth(5).click()
    assert board.measure("rows") == names
    head.first.click()
    assert board.measure("rows")[0] == min(names, key=str.casefold)
    board.expect_selected(shares[1])


def test_the_explanation_of_what_is_selected_has_a_tab(lab):
    board = Board.open(lab)
    board.open_tab("explain")
    detail = board.find(".llmv-detail")
    assert "Select a point" in detail.inner_text()
    board.find(".llmv-latency rect.bar").nth(segment(board, "attention")).click()
    board.settle()
    assert ": attention in" in detail.inner_text()
    assert not board.find(".llmv-table").is_visible()
    tab = board.root.get_by_role("tab", name="explain")
    tab.click()
    board.settle()
    assert [tab.get_attribute("aria-selected"), detail.is_visible()] == ["false", False]


def test_a_point_under_the_mouse_tells_its_six_quantities(lab):
    board = Board.open(lab)
    x, y = board.measure("leftmost")
    board.lab.page.mouse.move(x - 40, y - 40)
    board.lab.page.mouse.move(x, y)
    tip = board.lab.page.locator(".llmv-tip:visible")
    tip.wait_for()
    board.settle()
    text = tip.inner_text()
    for name in ("FLOP", "bytes", "intensity", "attainable", "time", "share"):
        assert name in text
    row = board.row(tip.locator("xpath=..").locator("b").inner_text()).locator("td").all_inner_texts()
    for told in (row[1] + "FLOP", row[2], row[4], row[5]):
        assert told in text


def test_a_refused_value_shows_its_sentence_and_leaves_the_last_good_picture(lab):
    board = Board.open(lab)
    dots, tokens = board.measure("dots"), board.get("v.prompt_tokens")
    board.type_count(1, 200_000)
    alert = board.find(".llmv-status [role=alert]")
    assert re.search(r"Not updated: .*131,072.*\. Showing the last valid result\.", alert.inner_text())
    assert board.get("v.prompt_tokens") == tokens
    assert board.number(1).input_value() == str(tokens)
    assert board.measure("dots") == dots
    board.type_count(1, 200_000)
    assert board.number(1).input_value() == str(tokens), "refused twice, put back twice"
    board.type_count(1, 1000)
    assert alert.count() == 0
    assert board.get("[v.prompt_tokens, v.status]") == [1000, ""]
    with pytest.raises(AssertionError, match=r"batch_size.*0"):
        board.lab.kernel("v.batch_size = 0")
    assert board.get("v.batch_size") == 8
    assert board.measure("rings") == 0


def test_every_choice_reaches_the_kernel_and_the_picture(lab):
    board = Board.open(lab, "prompt_tokens=512, output_tokens=64")
    board.choose("model", "openai-community/gpt2")
    assert board.get("v.status") == ""
    assert "c_attn" in board.measure("rows")
    board.choose("hardware", "a100-sxm-80gb")
    board.find(".llmv-controls select").first.select_option(label="int4")
    board.settle()
    assert board.get("[v.model, v.hardware, v.weights]") == ["openai-community/gpt2", "a100-sxm-80gb", "int4"]
    board.root.get_by_role("button", name="prefill").click()
    board.settle()
    assert board.get("v.phase") == "prefill"
    before = board.measure("dots")
    board.root.get_by_label("linear axes").check()
    board.settle()
    assert board.get("v.linear_axes") is True
    assert board.measure("dots") != before
    board.root.get_by_role("checkbox", name="FlashAttention").uncheck()
    board.settle()
    assert {"qk_matmul", "softmax"} <= set(board.measure("rows"))


def test_a_model_is_found_by_family_owner_or_name_and_chosen_with_the_keyboard(lab):
    board = Board.open(lab)
    field, press = board.root.get_by_role("combobox", name="model"), board.lab.page.keyboard.press
    options, groups = board.find("[role=option]"), board.find(".llmv-choice-group")
    field.focus()
    press("ArrowDown")
    assert options.count() == board.get("len(__import__('llm_roofline').models)")
    assert board.find("[role=option][aria-selected=true]").inner_text() == "meta-llama/Llama-3.1-8B"
    assert field.get_attribute("aria-activedescendant") == board.find(".llmv-active").get_attribute("id")
    for search, name in (
        ("neox", "EleutherAI/gpt-neox-20b"),
        ("eleuther 1.4", "EleutherAI/pythia-1.4b"),
        ("gpt2-xl", GPT2),
    ):
        field.fill(search)
        family = board.get(f"__import__('sys').modules['llm_roofline.models'].family_of({name!r}).title")
        assert groups.all_inner_texts() == [family]
        assert name in options.all_inner_texts()
    press("Escape")
    assert [options.count() and options.first.is_visible(), field.input_value()] == [False, "meta-llama/Llama-3.1-8B"]
    field.fill("pythia")
    names = options.all_inner_texts()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        press(key)
    board.settle()
    assert board.get("v.model") == field.input_value() == names[1]
    assert not options.first.is_visible()
    expect_truth(board)
    field.fill("no such model")
    assert board.root.get_by_role("status").inner_text() == "No model matches “no such model”."
    press("Enter")
    assert board.get("v.model") == field.input_value() == names[1]


def test_a_device_is_chosen_with_the_mouse_and_a_click_elsewhere_closes_the_list(lab):
    board = Board.open(lab)
    field = board.root.get_by_role("combobox", name="hardware")
    field.click()
    board.find("[role=option]", has_text="NVIDIA A100 SXM4 80GB").click()
    board.settle()
    assert board.get("v.hardware") == field.input_value() == "a100-sxm-80gb"
    field.click()
    field.press_sequentially("tpu")
    board.find(".llmv-title").click()
    assert not board.find("[role=option]").first.is_visible()
    assert [board.get("v.hardware"), field.input_value()] == ["a100-sxm-80gb"] * 2


def test_a_model_that_the_workload_is_too_long_for_is_no_dead_end(lab):
    board = Board.open(lab)
    board.choose("model", "openai-community/gpt2")
    assert board.get("[v.model, v.prompt_tokens, v.output_tokens]") == ["openai-community/gpt2", 512, 128]
    assert [board.number(place).input_value() for place in (1, 2)] == ["512", "128"]
    assert (
        "the workload is now 512 prompt and 128 output tokens." in board.find(".llmv-status [role=alert]").inner_text()
    )
    expect_truth(board)


def test_the_keyboard_reaches_every_control_and_each_has_a_name(lab):
    board = Board.open(lab)
    nameless = r"- (slider|spinbutton|combobox|button|checkbox|textbox|listbox)(?! \")"
    assert not re.findall(nameless, board.root.aria_snapshot())
    reached = []
    board.root.get_by_role("combobox", name="model").focus()
    while board.root.evaluate("root => root.contains(document.activeElement)"):
        reached.append(board.lab.page.evaluate("document.activeElement.outerHTML"))
        board.lab.page.keyboard.press("Tab")
    focusable = "input, select, button:not([tabindex='-1']), summary, tr[tabindex='0']"
    assert reached == [
        node.evaluate("node => node.outerHTML") for node in board.find(focusable).all() if node.is_visible()
    ]


def test_linked_boards_follow_each_other(lab):
    lab.write_notebook("linked", [LINKED, "w"])
    lab.open("linked")
    first, second = Board(lab, 0), Board(lab, 1, name="w")
    before = second.measure("dots")
    first.type_count(0, 64)
    assert second.get("v.batch_size") == 64
    assert second.number(0).input_value() == "64"
    assert second.measure("dots") != before
    expect_truth(second)


def test_text_of_a_model_or_device_stays_text(lab):
    lab.write_notebook("hostile", [HOSTILE])
    lab.open("hostile")
    board = Board(lab)
    title = board.find(".llmv-title")
    assert title.inner_text() == "<img src=x onerror=document.body.id=1> on <script>document.body.id=2</script>"
    assert board.find("img, script, .llmv-title b b").count() == 0
    board.row(board.measure("rows")[3]).click()
    board.settle()
    assert board.find("img, script").count() == 0
    assert lab.page.evaluate("document.body.id") not in {"1", "2"}


def test_a_drag_at_full_speed_ends_in_the_state_of_its_last_value(lab):
    board = Board.open(lab)
    box = board.root.get_by_role("slider").first.bounding_box()
    y, left, right = box["y"] + box["height"] / 2, box["x"] + 8, box["x"] + box["width"] - 8
    mouse = lab.page.mouse
    mouse.move(left, y)
    mouse.down()
    for end in (right, left, (left + right) / 2):
        mouse.move(end, y, steps=60)
    mouse.up()
    board.settle()
    assert str(board.get("v.batch_size")) == board.number(0).input_value()
    expect_truth(board)


def test_a_click_on_a_row_is_heard_though_it_is_drawn_anew_meanwhile(lab):
    board = Board.open(lab)
    for _ in range(2):  # the order of the forward pass, in which no row moves
        board.find(".llmv-table thead button").last.click()
    board.row("up_proj").hover()
    lab.page.mouse.down()
    board.update(batch_size=64)
    lab.page.mouse.up()
    board.expect_selected("up_proj")
