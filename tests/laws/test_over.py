"""A law that is broken names every subject that breaks it and what it saw of each."""

from __future__ import annotations

import pytest

from tests.over import check, over

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
