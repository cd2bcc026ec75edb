"""The session: one state behind typed traits, without a picture.

``scenario`` is replaced, never edited: every change, of one trait or of many, is one evaluation in
:meth:`Session.update`. What is refused raises there and leaves everything as it was; a control calls
:meth:`Session.request`, which shows the sentence instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from traitlets import Bunch, HasTraits, TraitError, TraitType

from llm_roofline import Estimate, Hardware, Model, Precision, RooflineError, Scenario, evaluate, hardware, load_model
from llm_roofline.basics import WorkloadError, did_you_mean
from llm_roofline.estimates import FIELDS, offered, shown
from llm_roofline.findings import Finding, FindingIndex, Findings, View, picture_with_badges, scenario_of
from llm_roofline.models import fitting

VIEW_FIELDS = ("phase", "selected", "linear_axes")
_PRECISION = tuple(field.name for field in fields(Precision))
ACCEPTED = (*FIELDS, "scenario", *VIEW_FIELDS, "findings")
_NOTHING = FindingIndex()


@dataclass(frozen=True, eq=False)
class State:
    """What a board shows.

    Parameters
    ----------
    scenario : Scenario
        What is evaluated.
    estimate : Estimate
        Its result.
    phase : str
        ``"prefill"``, ``"decode"`` or ``"generate"``; ``"encoder"`` or ``"vision"`` where the model has one.
    selected : str or None
        Selected operator.
    linear_axes : bool
        Linear axes of the roofline instead of logarithmic ones.
    before : Estimate or None
        What was shown before techniques were switched, as long as nothing else has changed since.
    status : str
        Why the last request was not carried out, or what it changed beside what was asked; else empty.
    noted : FindingIndex
        The findings.
    """

    scenario: Scenario
    estimate: Estimate
    phase: str = "decode"
    selected: str | None = None
    linear_axes: bool = False
    before: Estimate | None = None
    status: str = ""
    noted: FindingIndex = _NOTHING


class Field(TraitType[Any, Any]):
    """A trait that reads the session's state, and whose assignment is an update of all of it."""

    def get(self, obj: Any, cls: Any = None) -> Any:  # noqa: ANN401, ARG002 - as in TraitType
        """Return the value in the state; None before there is one."""
        return obj.values.get(self.name)

    def set(self, obj: Any, value: Any) -> None:  # noqa: ANN401 - as in TraitType
        """Update the session."""
        obj.update(**{str(self.name): value})


class Result(Field):
    """A trait that follows from the others."""

    def set(self, obj: Any, value: Any) -> None:  # noqa: ANN401 - as in TraitType
        """Refuse, unless it is what stands there already."""
        if value is not self.get(obj):
            raise TraitError(f"{self.name!r} follows from the scenario and cannot be set.")


class Notes(Field):
    """The findings: one list, which an assignment fills anew."""

    def get(self, obj: Any, cls: Any = None) -> Any:  # noqa: ANN401, ARG002 - as in TraitType
        """Return the list."""
        return obj.notes


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
        ``phase``, ``selected``, ``linear_axes``; ``findings``.

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
    scenario = Field()
    findings = Notes()
    estimate = Result()
    status = Result()

    def __init__(self, model: Any = "meta-llama/Llama-3.1-8B", hardware: Any = "h100-sxm", **fields: Any) -> None:  # noqa: ANN401 - the door
        self._known: dict[str, Model | Hardware] = {}
        self._state: State | None = None
        self.values: dict[str, Any] = {}
        self.notes = Findings(view=self._view)
        self.notes.adopt(noted := fields.pop("findings", ()))
        self.notes.unread, self.notes.author = getattr(noted, "unread", ()), getattr(noted, "author", self.notes.author)
        given = fields.get("scenario")
        start = given if isinstance(given, Scenario) else _start(load_model(model), self._device(hardware))
        state = self._changed(State(start, evaluate(start)), fields)
        super().__init__()  # only now: what is refused leaves no widget behind
        self._show(replace(state, noted=FindingIndex(self.notes.items)))
        self.notes.on_change = self._note

    @property
    def state(self) -> State:
        """Everything that is shown."""
        if self._state is None:
            raise RuntimeError("a session has its state from the end of its construction on")
        return self._state

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

    def request(self, **changes: Any) -> None:  # noqa: ANN401 - as update
        """Update on behalf of a control: what is refused becomes the status, and the last good state stays."""
        try:
            self._show(self._asked(changes))
        except RooflineError as error:
            self.refuse(error)

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
        unknown = [name for name in changes if name not in ACCEPTED]
        if unknown:
            near = did_you_mean(unknown[0], ACCEPTED)
            raise RooflineError(f"Unknown field {unknown[0]!r}.{near} Accepted are {', '.join(ACCEPTED)}.")
        fields = {name: changes[name] for name in FIELDS if name in changes}
        for name in ("model", "hardware"):
            if name in fields:
                fields[name] = self._look_up(fields[name])
        base = changes.get("scenario", state.scenario)
        if not isinstance(base, Scenario):
            raise RooflineError(f"'scenario' must be a Scenario (got {type(base).__name__}).")
        scenario = base.update(**fields) if fields else base
        same = scenario is state.scenario or scenario == state.scenario
        estimate = state.estimate if same else evaluate(scenario)
        phase = _phase(changes.get("phase"), state.phase, offered(estimate))
        linear = changes.get("linear_axes", state.linear_axes)
        if not isinstance(linear, bool):
            raise RooflineError(f"'linear_axes' must be True or False (got {linear!r}).")
        tables = [part.phase.operators for part in shown(estimate, phase)]
        running = [table for table in tables if state.selected in table.name]
        selected = state.selected if running else None
        if "selected" in changes:
            selected = changes["selected"] or None
            if selected is not None:
                _ = next((table for table in tables if selected in table.name), tables[-1])[selected]
        return State(scenario, estimate, phase, selected, linear, _before(state, scenario), noted=state.noted)

    def _show(self, state: State) -> None:
        """Take a state, draw it once, and tell observers what has changed."""
        before, self._state = self.values, state
        scenario = state.scenario
        self._known |= {scenario.model.name: scenario.model, scenario.hardware.name: scenario.hardware}
        self.values = _values(state)
        changed = [name for name, value in self.values.items() if not _same(before.get(name), value)]
        if changed:
            self.draw()
        for name in changed:
            new = self.notes if name == "findings" else self.values[name]
            self.notify_change(Bunch(name=name, old=before.get(name), new=new, owner=self, type="change"))

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

    def _device(self, given: Any) -> Hardware:  # noqa: ANN401 - a name or a device
        return given if isinstance(given, Hardware) else hardware[given]


def _start(model: Model, device: Hardware) -> Scenario:
    return Scenario(model, device, fitting(model))


def _of_finding(finding: Finding) -> dict[str, Any]:
    """What to change to see a finding's state."""
    return {"scenario": scenario_of(finding), "phase": finding.phase, "selected": finding.pin.operator or None}


def _before(state: State, scenario: Scenario) -> Estimate | None:
    """What was shown before a switch of techniques; nothing where something else changes."""
    if scenario is state.scenario or scenario == state.scenario:
        return state.before
    if scenario.techniques == state.scenario.techniques:
        return None
    return state.estimate if replace(scenario, techniques=state.scenario.techniques) == state.scenario else None


def _reason(error: Exception) -> str:
    return str(error).strip().removesuffix(".")


def _values(state: State) -> dict[str, Any]:
    """Value of every trait in a state."""
    scenario = state.scenario
    return {
        "estimate": state.estimate,
        "scenario": scenario,
        "status": state.status,
        "findings": state.noted.items,
        "model": scenario.model.name,
        "hardware": scenario.hardware.name,
        **{name: getattr(scenario.workload, name) for name in ("batch_size", "prompt_tokens", "output_tokens")},
        **{name: getattr(scenario.precision, name) for name in _PRECISION},
        **{name: getattr(scenario, name) for name in ("flash_attention", "techniques", "conventions")},
        **{name: getattr(state, name) for name in VIEW_FIELDS},
    }


def _same(old: object, new: object) -> bool:
    return old is new or (type(old) is type(new) and old == new)


def _phase(given: object, before: str, choices: Mapping[str, str]) -> str:
    """Phase that is asked for; else the one before, where the model has it."""
    if given is None:
        return before if before in choices else "decode"
    if given not in choices:
        raise RooflineError(
            f"Unknown phase {given!r}.{did_you_mean(str(given), choices)} Accepted are {', '.join(choices)}."
        )
    return str(given)
