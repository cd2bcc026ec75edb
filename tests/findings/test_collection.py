"""A list of findings does what a plain model of it does, whatever is done to it, and however it is saved and read."""

from __future__ import annotations

import json

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from llm_roofline import RooflineError, Scenario, Workload, evaluate, hardware, models
from llm_roofline.findings import Findings, Pin
from llm_roofline.findings.collection import View
from tests.drawn import SAID

S = Scenario(models["meta-llama/Llama-3.1-8B"], hardware["h100-sxm"], Workload(8, 2048, 256))
which = st.integers(0, 20)


class AnyUse(RuleBasedStateMachine):
    """Beside the list runs a plain one of ``[id, text, resolved, answers]``, and what can be gone back to."""

    def __init__(self) -> None:
        super().__init__()
        self.findings = Findings()
        self.model: list[list] = []
        self.before: list[list[list]] = []

    def change(self, model):
        if model != self.model:
            self.before.append(self.model)
            self.model = model

    def copy(self):
        return [[*entry[:3], list(entry[3])] for entry in self.model]

    @initialize()
    def begin(self):
        self.findings = Findings(author="Ada")

    @rule(text=SAID)
    def add(self, text):
        made = self.findings.add(text, scenario=S)
        self.change([*self.copy(), [made.id, made.text, False, []]])

    @precondition(lambda self: self.model)
    @rule(at=which, text=SAID)
    def edit(self, at, text):
        at %= len(self.model)
        changed = self.findings.edit(at + 1, text)
        model = self.copy()
        model[at][1] = changed.text
        self.change_if_listed(model)

    @precondition(lambda self: self.model)
    @rule(at=which, resolved=st.booleans())
    def resolve(self, at, resolved):
        at %= len(self.model)
        self.findings.resolve(self.model[at][0], resolved=resolved)
        model = self.copy()
        model[at][2] = resolved
        self.change_if_listed(model)

    @precondition(lambda self: self.model)
    @rule(at=which, text=SAID)
    def answer(self, at, text):
        at %= len(self.model)
        changed = self.findings.answer(at + 1, text)
        model = self.copy()
        model[at][3].append(changed.answers[-1].text)
        self.change(model)

    @precondition(lambda self: self.model)
    @rule(at=which, to=which)
    def move(self, at, to):
        at %= len(self.model)
        self.findings.move(at + 1, to)
        model = self.copy()
        entry = model.pop(at)
        model.insert(max(to, 1) - 1, entry)
        self.change(model)

    @precondition(lambda self: self.model)
    @rule(at=which)
    def delete(self, at):
        at %= len(self.model)
        self.findings.delete(at + 1)
        model = self.copy()
        del model[at]
        self.change(model)

    @precondition(lambda self: self.before)
    @rule()
    def undo(self):
        self.findings.undo()
        self.model = self.before.pop()

    @rule(count=st.integers(0, 2))
    def merge(self, count):
        other = Findings(self.findings.items[:count])
        made = other.add("theirs", scenario=S)
        self.findings.merge(other, other)
        self.change([*self.copy(), [made.id, "theirs", False, []]])

    @rule(form=st.sampled_from(["json", "text", "markdown"]))
    def save_and_load(self, form):
        if form == "markdown":
            read = Findings.from_markdown(self.findings.to_markdown())
        elif form == "text":
            read = Findings.from_json(json.dumps(self.findings.to_json()))
        else:
            read = Findings.from_json(self.findings.to_json())
        assert read == self.findings
        assert read.unread == ()

    def change_if_listed(self, model):
        """Setting what is set already is a change of the time only, and can be undone as well."""
        self.before.append(self.model)
        self.model = model

    @invariant()
    def both_are_alike(self):
        listed = [[f.id, f.text, f.resolved, [answer.text for answer in f.answers]] for f in self.findings]
        assert listed == self.model


TestAnyUse = AnyUse.TestCase
TestAnyUse.settings = settings(max_examples=25, stateful_step_count=20)


def test_a_finding_is_about_what_is_looked_at():
    estimate = evaluate(S)
    made = Findings(view=lambda: View(estimate, "decode", "attention"))
    found = made.add("here")
    assert found.pin == Pin("operator", "decode", "attention")
    assert [claim.quantity for claim in found.claims] == ["share", "bound"]
    assert found.scenario == S.to_json()


def test_an_operator_of_a_generation_is_that_of_decode():
    made = Findings(view=lambda: View(evaluate(S), "generate", None))
    assert made.add("x", operator="q_proj").pin.phase == "decode"
    assert made.add("x").pin.kind == "state"


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda f: f.add("x"), "Say what it is about"),
        (lambda f: f.add("  ", scenario=S), "A finding needs a text"),
        (lambda f: f.add(None, scenario=S), "A finding needs a text"),
        (lambda f: f.add("x" * 10_001, scenario=S), "at most 10,000 characters .got 10,001."),
        (lambda f: f.add("x", scenario=S, operator="attn"), "Unknown operator 'attn'. Did you mean"),
        (lambda f: f.add("x", scenario=S, quantities=["speed"]), "Unknown quantity 'speed'"),
        (lambda f: f.add("x", scenario=S, pin=Pin("phase", "encoder")), "has no phase 'encoder' here"),
        (lambda f: f.add("x", scenario=S, author="y" * 201), "a name is a text of at most 200"),
        (lambda f: f.edit(1, "x"), "there is no finding 1; there are 0"),
        (lambda f: f.delete("nobody"), "there is no finding 'nobody'"),
        (lambda f: f.find(True), "there is no finding True"),
        (lambda f: f.replace([1]), "a list of findings holds findings .got 1."),
        (lambda f: f.merge(3), "a list of findings holds findings .got 3."),
        (lambda _: Pin("graph"), "a pin is on operator, phase, region, crossing, state .got 'graph'."),
        (lambda _: Pin("operator", "decode"), "a pin on an operator needs an operator"),
        (lambda _: Pin("state", "decode"), "a pin on the whole state has no phase"),
        (lambda _: Pin("region", "decode", region=(2, 1, 0, 1)), "'region' must be four numbers"),
        (lambda _: Pin("region", "decode", region=(float("nan"), 1, 0, 1)), "'region' must be four numbers"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(call, sentence):
    made = Findings()
    with pytest.raises(RooflineError, match=sentence):
        call(made)
    assert len(made) == 0
    assert not made.can_undo


def test_who_watches_hears_of_every_change_once(findings):
    heard = []
    findings.on_change = lambda: heard.append(len(findings))
    findings.add("x", scenario=S)
    findings.move(1, 1)
    findings.delete(6)
    findings.undo()
    findings.adopt(findings.items)
    findings.adopt(findings.items[:2])
    findings.undo()
    assert heard == [6, 5, 6, 2]
    assert not findings.can_undo


def test_what_a_display_shows(findings):
    assert repr(findings).splitlines()[:2] == ["5 findings", "1. attention in decode: 'Waits for **memory**.'"]
    assert findings._repr_markdown_() == findings.to_markdown()
    many = Findings([finding for finding in findings for _ in range(1)])
    assert many == findings
    assert findings != list(findings)
