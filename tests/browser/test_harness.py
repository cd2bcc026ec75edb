"""The harness itself, on a chart that is not ours."""

import nbformat
import pytest

CHART = """
import ipywidgets, numpy as np
from bqplot import Axis, Figure, LinearScale, Lines

x, y = LinearScale(min=0, max=10), LinearScale(min=0, max=100)
line = Lines(x=np.arange(11.0), y=np.arange(11.0), scales={"x": x, "y": y})
slider = ipywidgets.IntSlider(value=1, min=1, max=9, description="slope")

def move(change):
    line.y = change["new"] * np.arange(11.0)

slider.observe(move, "value")
ipywidgets.VBox([slider, Figure(marks=[line], axes=[Axis(scale=x), Axis(scale=y, orientation="vertical")])])
"""
LINE = ".bqplot path.line"
MOVING = """() => {
  const move = (left) => {
    document.body.dataset.moved = String(20 - left);
    if (left) setTimeout(move, 50, left - 1);
  };
  move(20);
}"""


def test_a_key_press_on_a_slider_reaches_the_kernel_and_redraws_the_line(lab):
    lab.write_notebook("chart", [nbformat.v4.new_markdown_cell("A chart."), CHART])
    lab.open("chart")
    line = lab.output(1).locator(LINE)
    before = line.get_attribute("d")
    lab.page.get_by_role("slider").press("ArrowRight")
    lab.page.wait_for_function(
        "([mark, old]) => document.querySelector(mark).getAttribute('d') !== old", arg=[LINE, before]
    )
    lab.wait_idle()
    assert lab.kernel("print(slider.value, line.y[10])") == "2 20.0"


def test_width_theme_and_pictures_are_what_was_asked_for(lab, tmp_path):
    lab.write_notebook("chart", [CHART])
    lab.open("chart")
    for width in (1200, 700):
        lab.set_width(width)
        assert lab.output(0).locator(".jp-OutputArea-output").bounding_box()["width"] == pytest.approx(width, abs=2)
    light = lab.screenshot_cell(0, tmp_path / "light.png")
    lab.set_theme("JupyterLab Dark")
    assert lab.screenshot_cell(0, tmp_path / "dark.png") != light


def test_a_notebook_saved_with_widget_state_shows_its_chart_when_reopened(lab):
    lab.write_notebook("chart", [CHART])
    lab.open("chart")
    lab.output(0).locator(LINE).wait_for()
    saved = lab.save()
    assert "application/vnd.jupyter.widget-state+json" in saved.metadata["widgets"]
    lab.server.shut_down_kernels()
    lab.open("chart", run=False, reload=True)
    lab.output(0).locator(LINE).wait_for()


def test_waiting_ends_when_the_kernel_is_done_and_the_page_at_rest(lab):
    lab.write_notebook("chart", [CHART])
    lab.open("chart")
    lab.page.evaluate("() => { window.harness.execute('import time; time.sleep(1); done = True') }")
    lab.wait_idle()
    assert lab.page.evaluate("window.harness.waiting()") == 0
    lab.page.evaluate(MOVING)
    lab.wait_still(100)
    assert lab.page.evaluate("document.body.dataset.moved") == "20"


def test_a_cell_that_raises_is_told_with_its_traceback(lab):
    lab.write_notebook("broken", ["1 / 0"])
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        lab.open("broken")


def test_each_test_starts_in_the_light_theme_with_no_kernel_left(lab):
    assert lab.server.api("GET", "api/kernels") == []
    lab.write_notebook("empty", ["1"])
    lab.open("empty")
    assert lab.page.evaluate("document.body.dataset.jpThemeName") == "JupyterLab Light"


def test_a_console_error_is_seen(lab):
    lab.write_notebook("empty", ["1"])
    lab.open("empty")
    lab.page.evaluate("console.error('broken on purpose')")
    assert any("broken on purpose" in error for error in lab.console_errors())
    lab.forget_errors()


def test_a_setting_changed_for_one_test_takes_effect(lab):
    lab.change_setting("@jupyter-widgets/jupyterlab-manager:plugin", saveState=False)
    lab.write_notebook("chart", [CHART])
    lab.open("chart")
    assert "widgets" not in lab.save().metadata
