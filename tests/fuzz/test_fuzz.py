"""Broken configurations are models or sentences, in no time and no room; ``make fuzz`` tries 100,000 of them so."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from tests.fuzz import trial as trials
from tests.fuzz.broken import CONFIGS, broken
from tests.fuzz.trial import MOST_BYTES, Trial, tried

FAST, TRACED, SHARD, SHARDS = 100, 500, 1_250, 4


@pytest.fixture
def traced():
    """Memory is watched, which takes several times as long."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


def faults(numbers):
    return {number: fault for number in numbers if (fault := tried(broken(number)).fault)}


def test_a_broken_configuration_is_a_model_or_a_sentence():
    assert faults(range(FAST)) == {}


@pytest.mark.slow
@pytest.mark.usefixtures("traced")
def test_hundreds_of_them_take_no_room():
    assert faults(range(FAST, FAST + TRACED)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_thousands_of_broken_configurations_are_models_or_sentences(shard):
    first = FAST + shard * SHARD
    assert faults(range(first, first + SHARD)) == {}


def test_a_broken_configuration_is_made_again_by_its_number():
    assert [repr(broken(number)) for number in range(20)] == [repr(broken(number)) for number in range(20)]


def test_the_catalogue_is_not_changed_by_breaking_copies_of_it():
    before = json.dumps(CONFIGS)
    for number in range(300, 400):
        broken(number)
    assert json.dumps(CONFIGS) == before


def test_both_answers_come_up():
    answers = [tried(broken(number)).answer for number in range(60)]
    assert {"model", "refused"} == set(answers)


@pytest.fixture
def answers(monkeypatch):
    """Answers in place of those of the trials to come: each a function."""

    def come(*functions):
        left = iter(functions)
        monkeypatch.setattr(trials, "answered", lambda _: next(left)())

    return come


def test_what_something_else_held_up_is_tried_again_and_the_least_is_told(answers, monkeypatch):
    readings = iter([0.0, 1.6, 0.0, 1.2, 0.0, 0.003, 0.0, 1.5, 0.0, 1.3, 0.0, 1.4])
    monkeypatch.setattr(trials.time, "process_time", lambda: next(readings))
    answers(*[lambda: "model"] * 6)
    assert tried({}) == Trial("model", 0.003, 0)
    assert tried({}).fault == "took 1.3 s"


@pytest.mark.usefixtures("traced")
def test_so_is_memory_that_something_else_took(answers):
    answers(lambda: (bytearray(MOST_BYTES + 1_000_000), "refused")[1], lambda: "refused")
    assert tried({}).peak_bytes < MOST_BYTES


def test_a_wrong_answer_is_told_at_once_however_long_it_took(answers, monkeypatch):
    readings = iter([0.0, 20.0])
    monkeypatch.setattr(trials.time, "process_time", lambda: next(readings))
    answers(lambda: "RuntimeError: does not end within 20 s")
    assert tried({}).fault == "RuntimeError: does not end within 20 s"


@pytest.mark.parametrize(
    ("trial", "fault"),
    [
        (Trial("model", 0.1, 0), ""),
        (Trial("refused", 0.1, MOST_BYTES), ""),
        (Trial("model", 1.5, 0), "took 1.5 s"),
        (Trial("refused", 0.1, 300_000_000), "took 300 MB"),
        (Trial("KeyError: 'a'", 0.1, 0), "KeyError: 'a'"),
    ],
)
def test_what_is_wrong_with_an_answer_is_told(trial, fault):
    assert trial.fault == fault
