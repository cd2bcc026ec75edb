"""Passes of a draft model in reports, files and pictures."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from llm_roofline import evaluate, techniques
from llm_roofline.charts import bars
from llm_roofline.cli.summary import summary
from llm_roofline.estimates.export import to_dict, write_csv
from llm_roofline.estimates.shown import offered, shown
from tests.techniques.arithmetic import exact, scenario, with_


@pytest.fixture(scope="module")
def estimate():
    return with_(scenario("eight", 2, 500, 101), "speculative-decoding", guesses=3, acceptance=0.5)


def test_a_report_has_a_title_for_each_pass_and_says_when_guesses_pay_off(estimate):
    console = Console(width=100, file=io.StringIO())
    console.print(*summary(estimate), sep="\n")
    lines = [line.strip() for line in console.file.getvalue().splitlines()]
    assert "Draft prefill, 500 tokens a request" in lines
    assert "Draft, mean of the 3 before each check" in lines
    assert "Decode, 53.3 passes of 4 tokens, each of which yields 1.88" in lines  # 1 + 1/2 + 1/4 + 1/8
    assert any("of the guesses are right." in line for line in lines)


def test_data_and_files_have_every_pass(estimate, tmp_path):
    data = json.loads(json.dumps(to_dict(estimate)))
    assert data["draft"]["time"] == estimate.draft.time
    assert data["draft_prefill"]["flops"] == estimate.draft_prefill.flops
    assert "draft" not in to_dict(evaluate(scenario()))
    write_csv(estimate, tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} >= {"prefill", "draft_prefill", "draft", "decode"}


def test_the_passes_of_a_generation_add_up_to_its_latency(estimate):
    parts = shown(estimate, "generate")
    assert [part.key for part in parts] == ["prefill", "draft_prefill", "draft", "decode"]
    assert [part.times for part in parts] == [1, 1, exact(3 * 100 / 1.875), exact(100 / 1.875)]
    assert sum(part.times * part.phase.time for part in parts) == exact(estimate.latency)
    assert sum(bar.time for bar in bars(estimate, "generate")) == exact(estimate.latency)


def test_what_can_be_shown_is_what_runs(estimate):
    assert [*offered(estimate)] == ["prefill", "draft_prefill", "draft", "decode", "generate"]
    assert [*offered(evaluate(scenario()))] == ["prefill", "decode", "generate"]
    for key in offered(estimate):
        assert shown(estimate, key)[-1].phase.time > 0


def test_bars_of_passes_with_different_operators_have_the_same_segments():
    s = scenario().update(techniques=["early-exit"]).using(techniques["speculative-decoding"])
    drawn = bars(evaluate(s), "generate")
    first, *others = [[(segment.name, segment.kind) for segment in bar.segments] for bar in drawn]
    assert all(other == first for other in others)
    assert ("exit_check.1", "head") in first
    for bar in drawn:
        for before, after in zip(bar.segments, bar.segments[1:], strict=False):
            assert after.start == before.start + before.time
