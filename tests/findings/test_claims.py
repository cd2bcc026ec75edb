"""Claims and conditions: what can be measured where, how a condition reads, and what comes out of a check."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from llm_roofline import RooflineError, evaluate, hardware
from llm_roofline.basics.units import number, quantity
from llm_roofline.findings import Findings, Pin, check
from llm_roofline.findings.claim import Claim, claimed, parsed
from llm_roofline.findings.measures import MEASURES, USUAL, measure, measured

PINS = [
    Pin("operator", "decode", "attention"),
    Pin("phase", "prefill"),
    Pin("region", "decode", region=(1.0, 10.0, 1e12, 1e15)),
    Pin("crossing", "decode"),
    Pin("state"),
]
pin_kind = pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.kind)
STATE, OPERATOR = Pin("state"), PINS[0]


@pytest.fixture(scope="module")
def estimate(scenario):
    return evaluate(scenario)


@pin_kind
def test_everything_that_is_offered_can_be_measured_written_and_claimed(estimate, pin):
    assert set(USUAL[pin.kind]) <= set(MEASURES[pin.kind])
    for name, one in MEASURES[pin.kind].items():
        value = measured(estimate, pin, name)
        assert isinstance(value, float | bool | str)
        assert one.written(value)
        (claim,) = claimed(estimate, pin, (name,))
        assert Claim.from_json(claim.to_json(), pin) == claim


def test_values_are_those_of_the_estimate(estimate):
    row = estimate.decode.operators["attention"]
    for name in ("share", "bound", "time", "flops", "bytes", "arithmetic_intensity", "memory_time", "compute_format"):
        assert measured(estimate, OPERATOR, name) == getattr(row, name)
    assert measured(estimate, PINS[1], "time") == estimate.prefill.time
    assert measured(estimate, PINS[1], "arithmetic_intensity") == estimate.prefill.flops / estimate.prefill.bytes
    assert measured(estimate, PINS[3], "ridge_point") == 989.4e12 / estimate.scenario.hardware.memory_bandwidth
    assert measured(estimate, STATE, "fits") is True
    table = estimate.decode.operators
    inside = [
        row.share
        for row in table
        if row.flops and 1 <= row.arithmetic_intensity <= 10 and row.achieved_flops_per_s >= 1e12
    ]
    assert 0 < len(inside) < len(table)
    assert measured(estimate, PINS[2], "operators") == len(inside)
    assert measured(estimate, PINS[2], "share") == pytest.approx(sum(inside))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tpot < 30 ms", ("tpot", "<", 0.03)),
        ("tpot<=0.03", ("tpot", "<=", 0.03)),
        ("  tpot ≤ 30ms ", ("tpot", "<=", 0.03)),
        ("memory_bytes >= 1,500 MB", ("memory_bytes", ">=", 1.5e9)),
        ("tokens_per_s > 1,200 tokens/s", ("tokens_per_s", ">", 1200.0)),
        ("memory_bytes ≥ 16 GB", ("memory_bytes", ">=", 16e9)),
        ("fits == yes", ("fits", "==", True)),
        ("fits = false", ("fits", "==", False)),
        ("largest_batch > 1e3", ("largest_batch", ">", 1000.0)),
        ("tokens_per_s > 1.2 k", ("tokens_per_s", ">", 1200.0)),
    ],
)
def test_a_condition_reads_as_it_is_written(text, expected):
    assert parsed(text, STATE) == expected


@pytest.mark.parametrize("text", ["bound == memory", "bound = 'memory'", 'bound=="Memory"'])
def test_a_condition_on_a_word(text):
    assert parsed(text, OPERATOR) == ("bound", "==", "memory")


def test_a_share_is_a_part_or_per_cent():
    assert parsed("share > 50 %", OPERATOR) == parsed("share > 0.5", OPERATOR) == ("share", ">", 0.5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is no condition; write a quantity, one of <, <=, ==, !=, >=, > and a value"),
        ("tpot", "is no condition"),
        ("tpot < 30 ms < 40 ms", "is no condition"),
        ("__import__('os').system('true') < 3", "is no condition"),
        ("tpto < 30 ms", "Unknown quantity 'tpto'. Did you mean 'tpot'?"),
        ("tpot < 30 GB", "'30 GB' is no number of this kind; write for example 30.0 ms"),
        ("memory_bytes >= 1,5 GB", "'1,5 GB' is no number of this kind"),
        ("tpot < fast", "is no number of this kind"),
        ("tpot < inf", "is no number of this kind"),
        ("tpot < 1e999", "the limit of tpot must be a finite number (got '1e999')"),
        ("fits < yes", "fits is no number: it can be == or != something"),
        ("fits == maybe", "fits is yes or no (got 'maybe')"),
    ],
)
def test_what_is_no_condition_says_what_is(text, sentence):
    with pytest.raises(RooflineError, match=re.escape(sentence)):
        parsed(text, STATE)


def test_a_word_that_it_cannot_be_says_the_nearest():
    with pytest.raises(
        RooflineError, match=re.escape("bound is one of memory, compute, link (got 'memry'). Did you mean")
    ):
        parsed("bound == memry", OPERATOR)


def test_a_condition_that_is_not_so_is_refused(scenario):
    made = Findings()
    with pytest.raises(RooflineError, match=re.escape("bound == compute is not so here: bound is memory.")):
        made.add("Wrong.", scenario=scenario, operator="attention", condition="bound == compute")
    assert len(made) == 0


def test_a_finding_that_still_holds(findings):
    verdicts = findings.check()
    assert {verdict.status for verdict in verdicts} == {"holds"}
    assert [verdict.reason for verdict in verdicts] == [""] * 5
    assert verdicts[0].outcomes[1].text == "bound memory (bound == memory)"


def test_a_value_that_has_changed_is_told_with_the_old_and_the_new_one(findings):
    first, *_, last = findings
    assert check(_claiming(first, share=0.62)).reason == "share 62 % → 13 %"
    changed = check(_claiming(last, ttft=0.1))
    assert [changed.status, changed.reason] == ["changed", "ttft 100 ms → 270 ms"]
    hidden = check(_claiming(last, ttft=last.claims[0].value * (1 + 1e-5)))
    assert re.fullmatch(r"ttft 0\.\d{8,12} → 0\.\d{8,12}", hidden.reason)
    assert check(_claiming(last, ttft=last.claims[0].value * (1 + 1e-9))).status == "holds"


def test_a_condition_holds_though_the_value_has_moved_which_is_told(findings):
    verdict = check(_claiming(findings[4], tpot=0.02))
    assert [verdict.status, verdict.reason] == ["holds", "tpot 20.0 ms → 5.19 ms (tpot < 30 ms)"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"model": "meta-llama/Llama-9"}, "Unknown model 'meta-llama/Llama-9'"),
        ({"hardware": "h100-sxn"}, "Unknown hardware 'h100-sxn'. Did you mean 'h100-sxm'"),
        ({"version": 99}, "this scenario has version 99; this release reads up to"),
        ({"model": "openai-community/gpt2"}, "exceeds"),
        ({"workload": {"batch_size": -1, "prompt_tokens": 1, "output_tokens": 1}}, "batch_size"),
        ({"techniques": [{"name": "magic"}]}, "magic"),
    ],
)
def test_a_scenario_that_cannot_be_made_any_more_no_longer_applies(findings, change, sentence):
    gone = replace(findings[0], scenario={**findings[0].scenario, **change})
    verdict = check(gone)
    assert verdict.status == "no longer applies"
    assert sentence in verdict.reason
    assert verdict.outcomes == ()


def test_an_operator_that_is_gone_no_longer_applies(findings):
    gone = replace(findings[0], pin=Pin("operator", "decode", "attentoin"))
    assert check(gone).reason.startswith("Unknown operator 'attentoin'. Did you mean 'attention'")
    other = replace(findings[1], pin=Pin("phase", "encoder"))
    assert "has no phase 'encoder' here" in check(other).reason


def test_figures_of_today_count(findings, scenario):
    slow = hardware["h100-sxm"].with_(memory_bandwidth=1e12)
    changed = check(replace(findings[4], scenario=replace(scenario, hardware=slow).to_json()))
    assert changed.status == "changed"


@pytest.mark.parametrize("value", [1, 0.03, 4.57e-3, 989.4e12, 16_060_000_000, 62, 1e-9])
@pytest.mark.parametrize(("unit", "plain"), [("s", "s"), ("byte", "B"), ("FLOP/s", "FLOP/s"), ("FLOP/byte", "FLOP/B")])
def test_a_number_is_read_as_it_is_written(value, unit, plain):
    assert number(quantity(value, plain), unit) == pytest.approx(value, rel=5e-3)


def _claiming(finding, **values):
    claims = tuple(replace(claim, value=values.get(claim.quantity, claim.value)) for claim in finding.claims)
    return replace(finding, claims=claims)


def test_a_measure_is_known_by_its_name_only():
    with pytest.raises(RooflineError, match=r"Unknown quantity 'shrae'\. Did you mean 'share'"):
        measure(OPERATOR, "shrae")
