"""A law that is broken names every subject that breaks it and what it saw of each."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llm_roofline import models, techniques
from tests.over import SUBJECTS, check, narrowed, over

AGES = {"old": 70, "young": 7, "unknown": None}


def grown_up(age):
    assert age >= 18


def test_every_subject_that_breaks_a_law_is_named_with_what_was_seen():
    with pytest.raises(ExceptionGroup, match="2 of 3 break it: young, unknown") as broken:
        check(grown_up, "age", AGES, {})
    young, unknown = broken.value.exceptions
    assert "assert 7 >= 18" in str(young)
    assert isinstance(unknown, TypeError)
    assert (young.__notes__, unknown.__notes__) == (["age: young"], ["age: unknown"])


@pytest.mark.parametrize("end", [pytest.skip, pytest.fail])
def test_a_law_that_skips_is_broken_like_one_that_fails(end):
    with pytest.raises(ExceptionGroup, match="1 of 1 break it: old"):
        check(lambda age: end(f"at {age}"), "age", {"old": 70}, {})


@over("age", AGES, fast=["old"])
def test_a_law_takes_fixtures_beside_its_subject(age, tmp_path):
    assert tmp_path.is_dir()
    assert age in {70, 7, None}


def test_subjects_that_are_not_fast_are_one_slow_case_more():
    (mark,) = test_a_law_takes_fixtures_beside_its_subject.pytestmark
    fast, slow = mark.args[1]
    assert [fast.values, slow.values] == [({"old": 70},), ({"young": 7, "unknown": None},)]
    assert [[m.name for m in case.marks] for case in (fast, slow)] == [[], ["slow"]]


def test_only_keeps_of_a_law_the_one_subject_whatever_the_law_calls_it():
    by_family = {"gpt2": models["gpt2"], "llama": models["meta-llama/Llama-3.1-8B"]}
    assert narrowed(case(**{SUBJECTS: by_family}), "meta-llama/Llama-3.1-8B")
    assert list(by_family) == ["llama"]
    assert not narrowed(case(**{SUBJECTS: by_family}), "gpt2")


@pytest.mark.parametrize("value", ["medusa", techniques["medusa"], ["fused-qkv", "medusa"], "medusa {'heads': 3}"])
def test_only_keeps_a_case_that_has_the_name(value):
    assert narrowed(case(guessing=value, batch=8), "medusa")
    assert not narrowed(case(guessing=value, batch=8), "medu")


def test_only_keeps_every_subject_of_a_law_where_another_argument_has_the_name():
    few = {"gpt2": models["gpt2"]}
    assert narrowed(case(technique=techniques["medusa"], **{SUBJECTS: few}), "medusa")
    assert list(few) == ["gpt2"]


def test_only_drops_a_test_without_cases():
    assert not narrowed(SimpleNamespace(), "medusa")


def case(**params):
    return SimpleNamespace(callspec=SimpleNamespace(params=params))
