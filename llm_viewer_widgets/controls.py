"""The controls: one row of choices, one of sliders. Each asks the session and shows what it then holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipywidgets import HTML, Box, Checkbox, Dropdown, HBox, Layout, ToggleButtons

from llm_roofline import formats, hardware, models
from llm_roofline.series.points import PHASES

from .count_slider import CountSlider

if TYPE_CHECKING:
    from collections.abc import Callable

    from .session import Session, State

BATCHES, TOKENS = 1024, 1_048_576
PRECISIONS = {"weights": "weights", "activations": "activations", "kv_cache": "KV cache"}


class Controls(Box):
    """Every control of a board.

    Parameters
    ----------
    session : Session
        What they ask and show.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._showing = False
        wide, narrow = {"flex": "1 1 220px", "min_width": "200px"}, {"flex": "0 1 132px", "min_width": "118px"}
        self._choices: dict[str, Dropdown | ToggleButtons | Checkbox] = {
            "model": self._dropdown("model", list(models), wide),
            "hardware": self._dropdown("hardware", list(hardware), wide),
            "phase": ToggleButtons(
                options=list(PHASES),
                tooltip="phase",
                style={"button_width": "84px"},
                layout=Layout(width="auto", flex="0 0 auto", min_width="264px"),
            ),
            **{
                name: self._dropdown(label, [(f.label, f.name) for f in formats.values()], narrow)
                for name, label in PRECISIONS.items()
            },
            "flash_attention": Checkbox(description="FlashAttention", indent=False, layout=Layout(width="auto")),
            "linear_axes": Checkbox(description="linear axes", indent=False, layout=Layout(width="auto")),
        }
        self._sliders = {
            "batch_size": CountSlider("batch", BATCHES, self._asker("batch_size")),
            "prompt_tokens": CountSlider("prompt tokens", TOKENS, self._asker("prompt_tokens")),
            "output_tokens": CountSlider("output tokens", TOKENS, self._asker("output_tokens")),
        }
        for name, control in self._choices.items():
            control.observe(self._observer(name), "value")
        rows = (("model", "hardware", "phase"), tuple(self._sliders), (*PRECISIONS, "flash_attention", "linear_axes"))
        everything: dict[str, Any] = {**self._choices, **self._sliders}
        super().__init__(
            [self._row(names, everything) for names in rows],
            layout=Layout(display="flex", flex_flow="column", width="100%"),
        )
        self.add_class("llmv-controls")

    def _row(self, names: tuple[str, ...], among: dict[str, Any]) -> HBox:
        row = HBox(
            [self._labelled(name, among[name]) for name in names], layout=Layout(flex_flow="row wrap", width="100%")
        )
        row.add_class("llmv-row")
        return row

    def _labelled(self, name: str, control: Any) -> Any:  # noqa: ANN401 - any control
        """A control under its name; a checkbox has its own."""
        if isinstance(control, Checkbox):
            return control
        label = HTML(f"<span class='llmv-label'>{PRECISIONS.get(name, name.replace('_', ' '))}</span>")
        outer = Layout(display="flex", flex_flow="column", flex=control.layout.flex, min_width=control.layout.min_width)
        control.layout.flex, control.layout.min_width = "0 0 auto", "0"
        return Box([label, control], layout=outer)

    def _dropdown(self, tooltip: str, options: list[Any], room: dict[str, str]) -> Dropdown:
        return Dropdown(options=options, tooltip=tooltip, layout=Layout(width="auto", **room))

    def _asker(self, name: str) -> Callable[[int], None]:
        return lambda value: self._ask(name, value)

    def _observer(self, name: str) -> Callable[[dict[str, Any]], None]:
        return lambda change: self._ask(name, change["new"])

    def _ask(self, name: str, value: object) -> None:
        """Ask the session, unless the control only shows what the session holds already."""
        if not self._showing and value != getattr(self._session, name):
            self._session.request(**{name: value})

    def draw(self, state: State) -> None:
        """Show a state; a model or device of one's own joins the choices."""
        self._showing = True  # a control that is given other options goes through the first of them
        try:
            self._offer(self._choices["model"], state.scenario.model.name)
            self._offer(self._choices["hardware"], state.scenario.hardware.name)
            for name, control in self._choices.items():
                control.value = getattr(self._session, name)
            for name, slider in self._sliders.items():
                slider.show(getattr(self._session, name))
        finally:
            self._showing = False

    def _offer(self, choice: Any, value: str) -> None:  # noqa: ANN401 - ipywidgets has no types
        """Let a value join the options, and be the one that is chosen."""
        if value not in choice.options:
            with choice.hold_sync():
                choice.options = (*choice.options, value)
                choice.value = value
