"""The controls: one row of choices, one of sliders. Each asks the session and shows what it then holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ipywidgets import Box, Checkbox, Dropdown, HBox, Layout, ToggleButtons

from llm_roofline import formats
from llm_roofline.estimates import offered

from ..kernel.asked import Asked
from ..kernel.updates import show
from .choice import Choice
from .count_slider import CountSlider
from .menus import devices_by_vendor, models_by_family

if TYPE_CHECKING:
    from ..kernel.session import Session
    from ..kernel.state import State

BATCHES, TOKENS = 1024, 1_048_576
PRECISIONS = {"weights": "weights", "activations": "activations", "kv_cache": "KV cache"}
_COUNTED = ("prompt_tokens", "output_tokens")
ROWS = (
    ("model", "hardware"),
    ("phase",),
    ("batch_size", "prompt_tokens", "output_tokens"),
    tuple(PRECISIONS),
    ("flash_attention", "linear_axes"),
)


class Controls(Box):
    """Every control of a board.

    Parameters
    ----------
    session : Session
        What they ask and show.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._offering = False
        self.by_name: dict[str, Any] = {
            "model": Choice("model", models_by_family()),
            "hardware": Choice("hardware", devices_by_vendor()),
            "phase": ToggleButtons(
                description="phase",
                layout=Layout(width="auto", flex="1 1 auto"),
            ),
            "batch_size": CountSlider("batch size", BATCHES),
            **{name: CountSlider(name.replace("_", " "), TOKENS) for name in _COUNTED},
            **{name: _format(label) for name, label in PRECISIONS.items()},
            "flash_attention": Checkbox(description="FlashAttention", indent=False, layout=Layout(width="auto")),
            "linear_axes": Checkbox(description="linear axes", indent=False, layout=Layout(width="auto")),
        }
        for name, control in self.by_name.items():
            if isinstance(control, Asked):
                control.on_ask = partial(self._ask, name)
            else:
                control.observe(lambda change, name=name: self._ask(name, change["new"]), "value")
        super().__init__(
            [self._row(names) for names in ROWS], layout=Layout(display="flex", flex_flow="column", width="100%")
        )
        self.add_class("llmv-controls")

    def _row(self, names: tuple[str, ...]) -> HBox:
        row = HBox([self.by_name[name] for name in names], layout=Layout(flex_flow="row wrap", width="100%"))
        row.add_class("llmv-row")
        return row

    def _ask(self, name: str, value: object) -> None:
        """Ask the session, unless the control only shows what the session holds already."""
        if not self._offering and value != getattr(self._session, name):
            self._session.request(**{name: value})

    def draw(self, state: State) -> None:
        """Show a state; a model or device of one's own joins the choices."""
        model, device = state.scenario.model, state.scenario.hardware
        self.by_name["model"].offer(model.name, model.family)
        self.by_name["hardware"].offer(device.name, device.title)
        self._offer_phases(state)
        for name, label in zip(_COUNTED, (model.paradigm.inputs, model.paradigm.outputs), strict=True):
            show(self.by_name[name], label=label)
        for name, control in self.by_name.items():
            value = getattr(self._session, name)
            if isinstance(control, Asked):
                control.show(value=value)
            else:
                show(control, value=value)

    def _offer_phases(self, state: State) -> None:
        """Let the phases of the model be the choices; buttons that are given others go through the first of them."""
        choices = tuple((label, name) for name, label in offered(state.estimate).items())
        control = self.by_name["phase"]
        if control.options != choices:
            self._offering = True
            try:
                with control.hold_sync():
                    control.options, control.value = choices, state.phase
            finally:
                self._offering = False


def _format(label: str) -> Dropdown:
    """A choice among the formats."""
    options = [(f.label, f.name) for f in formats.values()]
    room = Layout(width="auto", flex="1 1 90px", min_width="0")
    return Dropdown(options=options, description=label, layout=room)
