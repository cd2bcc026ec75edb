"""The session: one state behind typed traits, without a picture.

``scenario`` is replaced, never edited: every change, of one trait or of many, is one evaluation in
:meth:`Session.update`. What is refused raises there and leaves everything as it was; a control calls
:meth:`Session.request`, which shows the sentence instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from traitlets import Bunch, HasTraits

from llm_roofline import Hardware, Model, RooflineError, Scenario, evaluate, hardware, load_model
from llm_roofline.basics import WorkloadError
from llm_roofline.findings import Finding, FindingIndex, Findings, View, picture_with_badges, scenario_of
from llm_roofline.models import fitting

from .one_at_a_time import one_at_a_time
from .state import State
from .traits import Field, FindingList, Result
from .transitions import changed


class Session(HasTraits):
    """A scenario, its estimate and what is looked at, as traits that ``observe``, ``link`` and ``dlink`` work with.

    Parameters
    ----------
    model : str, Path, mapping or Model
        A name of the catalogue, a ``config.json``, its folder or its fields; reads back as the name.
    hardware : str or Hardware
        A name of the catalogue or a device; reads back as the name.
    **fields
        ``batch_size``, ``prompt_tokens``, ``output_tokens`` [1]; ``weights``, ``activations``, ``kv_cache``, ``head``,
        ``attention_weights``, ``experts``, ``states``; ``flash_attention``, ``techniques``, ``conventions``;
        ``phase``, ``selected``, ``linear_axes``, ``tab``; ``findings``.

    Raises
    ------
    RooflineError
        If a value is not accepted; the sentence says what is.
    """

    model = Field()
    hardware = Field()
    batch_size = Field()
    prompt_tokens = Field()
    output_tokens = Field()
    weights = Field()
    activations = Field()
    kv_cache = Field()
    head = Field()
    attention_weights = Field()
    experts = Field()
    states = Field()
    flash_attention = Field()
    techniques = Field()
    conventions = Field()
    phase = Field()
    selected = Field()
    linear_axes = Field()
    tab = Field()
    scenario = Field()
    findings = FindingList()
    estimate = Result()
    status = Result()

    def __init__(self, model: Any = "meta-llama/Llama-3.1-8B", hardware: Any = "h100-sxm", **fields: Any) -> None:  # noqa: ANN401 - the door
        self._known: dict[str, Model | Hardware] = {}
        self._state: State | None = None
        self.values: dict[str, Any] = {}
        self.notes = Findings(view=self._view)
        self.notes.adopt(findings := fields.pop("findings", ()))
        self.notes.unread = getattr(findings, "unread", ())
        self.notes.author = getattr(findings, "author", self.notes.author)
        scenario = fields.get("scenario")
        if not isinstance(scenario, Scenario):
            scenario = _start(load_model(model), _device(hardware)).reading(model=model, hardware=hardware)
        state = self._changed(State(scenario, evaluate(scenario)), fields)
        super().__init__()  # only now: what is refused leaves no widget behind
        self._show(replace(state, noted=FindingIndex(self.notes.items)))
        self.notes.on_change = self._note

    @property
    def state(self) -> State:
        """Everything that is shown."""
        if self._state is None:
            raise RuntimeError("a session has its state from the end of its construction on")
        return self._state

    @one_at_a_time
    def update(self, **changes: Any) -> None:  # noqa: ANN401 - the door where text becomes objects
        """Change any number of fields in one evaluation.

        Raises
        ------
        RooflineError
            If a field or a value is not accepted; nothing has changed then.
        """
        findings = changes.pop("findings", None)
        if changes or findings is None:
            self._show(self._changed(self.state, changes))
        if findings is not None:
            self.notes.replace(findings)

    def restore(self, which: int | str | Finding) -> None:
        """Show the state that a finding was written in, with what it is pinned to selected.

        Parameters
        ----------
        which : int, str or Finding
            Its number from 1, its identifier, or itself.

        Raises
        ------
        RooflineError
            If there is no such finding, or its state cannot be shown any more; nothing has changed then.
        """
        self.update(**_of_finding(self.notes.find(which)))

    def picture(self) -> str:
        """The state as a still picture, an SVG, with the badges of its findings."""
        state = self.state
        about = state.noted.about(state.scenario)
        return picture_with_badges(state.estimate, state.phase, about, linear_axes=state.linear_axes)

    @one_at_a_time
    def request_finding(self, which: str) -> None:
        """Restore on behalf of a control.

        Parameters
        ----------
        which : str
            Its identifier.
        """
        try:
            self.restore(which)
        except RooflineError as error:
            self.refuse(error)

    @one_at_a_time
    def request(self, **changes: Any) -> None:  # noqa: ANN401 - as update
        """Update on behalf of a control: what is refused becomes the status, and the last good state stays."""
        try:
            self._show(self._asked(changes))
        except RooflineError as error:
            self.refuse(error)

    @one_at_a_time
    def refuse(self, error: Exception) -> None:
        """Show why something was refused; the last good state stays.

        Parameters
        ----------
        error : Exception
            What was raised.
        """
        self._show(replace(self.state, status=f"Not updated: {_reason(error)}. Showing the last valid result."))
        self.draw()  # refused twice for one reason changes nothing, yet the control has to go back

    def _asked(self, changes: dict[str, Any]) -> State:
        """State that a control asks for; a model with lower limits brings the tokens within them, and says so.

        An assignment in code changes nothing that it does not name, and so is refused.
        """
        try:
            return self._changed(self.state, changes)
        except WorkloadError as error:
            if changes.keys() != {"model"}:
                raise
            reason = _reason(error)
        work = fitting(load_model(self._look_up(changes["model"])))
        tokens = {"prompt_tokens": work.prompt_tokens, "output_tokens": work.output_tokens}
        now = f"the workload is now {work.prompt_tokens:,} prompt and {work.output_tokens:,} output tokens."
        return replace(self._changed(self.state, changes | tokens), status=f"{reason[0].upper()}{reason[1:]}: {now}")

    def _changed(self, state: State, changes: dict[str, Any]) -> State:
        """State after changes; raises where one is not accepted."""
        objects = {name: self._look_up(changes[name]) for name in ("model", "hardware") if name in changes}
        return changed(state, changes | objects)

    def _show(self, state: State) -> None:
        """Take a state, draw it once, and tell observers what has changed."""
        before, self._state = self.values, state
        scenario = state.scenario
        self._known |= {scenario.model.name: scenario.model, scenario.hardware.name: scenario.hardware}
        self.values = state.trait_values()
        names = [name for name, value in self.values.items() if not _same(before.get(name), value)]
        if names:
            self.draw()
        for name in names:
            new = self.notes if name == "findings" else self.values[name]
            self.notify_change(Bunch(name=name, old=before.get(name), new=new, owner=self, type="change"))

    @one_at_a_time
    def _note(self) -> None:
        """Take in that the findings have changed."""
        self._show(replace(self.state, noted=FindingIndex(self.notes.items), status=""))

    def _view(self) -> View:
        """What a new finding is about."""
        return View(self.state.estimate, self.state.phase, self.state.selected)

    def draw(self) -> None:
        """Draw the state; a session without a picture has nothing to do."""

    def _look_up(self, name: Any) -> Any:  # noqa: ANN401 - a name or what it stands for
        """Object that this session has used under a name, so that one of a user's own can be chosen again."""
        return self._known.get(name, name) if isinstance(name, str) else name


def _start(model: Model, device: Hardware) -> Scenario:
    return Scenario(model, device, fitting(model))


def _device(device: str | Hardware) -> Hardware:
    return device if isinstance(device, Hardware) else hardware[device]


def _of_finding(finding: Finding) -> dict[str, Any]:
    """What to change to see a finding's state."""
    return {"scenario": scenario_of(finding), "phase": finding.phase, "selected": finding.pin.operator or None}


def _reason(error: Exception) -> str:
    return str(error).strip().removesuffix(".")


def _same(old: object, new: object) -> bool:
    return old is new or (type(old) is type(new) and old == new)
