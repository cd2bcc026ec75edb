"""Broken configurations are models or sentences, in no time and no room; ``make fuzz`` tries 100,000 of them."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from tests.fuzz.broken import CONFIGS, broken
from tests.fuzz.trial import MOST_BYTES, Trial, tried

FAST, SHARD, SHARDS = 100, 1_250, 4


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
