"""Merging: deterministic, both sides kept, and what is the same is there once."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from llm_roofline.findings import Answer, Finding, Findings, Pin
from llm_roofline.findings.merging import merged

TIMES = [f"2026-11-25T12:00:0{second}Z" for second in range(4)]


def made(name, text="a", edited=TIMES[0], **more):
    given_ = {"author": "Ada", "created": TIMES[0], "scenario": {"model": "m"}, "phase": "decode", "pin": Pin("state")}
    return Finding(id=name, text=text, edited=edited, **{**given_, **more})


answers = st.lists(
    st.builds(
        Answer, st.sampled_from(["r", "s"]), st.just("Ben"), st.sampled_from(TIMES), st.sampled_from(["yes", "no"])
    ),
    max_size=2,
    unique_by=lambda answer: answer.id,
).map(tuple)
one = st.builds(
    made,
    st.sampled_from(["x", "y", "z"]),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(TIMES),
    resolved=st.booleans(),
    answers=answers,
)
lists = st.lists(one, max_size=4)


def plain(findings):
    """The findings as a set: their order is that of the lists."""
    return sorted((finding.id, finding.digest, finding.resolved) for finding in findings)


@given(lists)
def test_a_list_merged_with_itself_is_itself(a):
    first = merged(a)
    assert merged(first, first) == merged(first) == first


@given(lists, lists)
def test_the_same_twice_is_once(a, b):
    both = merged(merged(a), merged(b))
    assert merged(both, merged(b)) == both
    assert merged(both, merged(a)) == both


@given(lists, lists)
def test_the_order_of_the_lists_does_not_matter_to_what_is_kept(a, b):
    a, b = merged(a), merged(b)
    assert plain(merged(a, b)) == plain(merged(b, a))


@given(lists, lists)
def test_nothing_that_either_side_says_is_lost(a, b):
    a, b = merged(a), merged(b)
    both = merged(a, b)
    assert {finding.text for finding in (*a, *b)} <= {finding.text for finding in both}
    assert {finding.id for finding in (*a, *b)} <= {finding.id for finding in both}
    said = {answer.id for finding in (*a, *b) for answer in finding.answers}
    assert said == {answer.id for finding in both for answer in finding.answers}


@given(lists, lists)
def test_identifiers_are_unique(a, b):
    names = [finding.id for finding in merged(a, b)]
    assert len(names) == len(set(names))


def test_three_copies_that_were_all_edited_are_three_findings_in_any_order():
    copies = [made("x", text, when) for text, when in zip("abc", TIMES, strict=False)]
    kept = [plain(merged(*([copy] for copy in order))) for order in permutations(copies)]
    assert {len(found) for found in kept} == {3}
    assert {tuple(text for _, text, _ in found) for found in kept} == {tuple(text for _, text, _ in kept[0])}


def test_a_copy_that_was_edited_takes_the_place_of_the_one_that_was_not():
    before = made("x")
    after = before.changed(TIMES[2], text="b")
    assert merged([before], [after]) == merged([after], [before]) == (after,)
    twice = after.changed(TIMES[3], text="c")
    assert merged([before], [twice], [after]) == (twice,)


def test_a_version_that_somebody_has_thrown_away_does_not_come_back():
    mine, yours = made("x", "a", TIMES[1]), made("x", "b", TIMES[2])
    both = merged([mine], [yours])
    assert [finding.text for finding in both] == ["b", "a"]
    assert merged(both[:1], [mine], [yours]) == both[:1]


def test_the_lists_order_is_kept_and_new_ones_follow():
    a, b = [made("x"), made("y")], [made("z"), made("x")]
    assert [finding.id for finding in merged(a, b)] == ["x", "y", "z"]


def test_lists_are_merged_with_what_could_not_be_read():
    ours = Findings([made("x")])
    theirs = Findings.from_json({"findings": [made("y").to_json(), {"id": "?"}]})
    ours.merge(theirs)
    ours.merge(theirs)
    assert [finding.id for finding in ours] == ["x", "y"]
    assert len(ours.unread) == 1
    ours.undo()
    assert [finding.id for finding in ours] == ["x"]


def test_answers_of_both_sides_are_there_the_oldest_first():
    first, second = Answer("r", "Ben", TIMES[1], "one"), Answer("s", "Cleo", TIMES[2], "two")
    (both,) = merged([replace(made("x"), answers=(second,))], [replace(made("x"), answers=(first,))])
    assert both.answers == (first, second)
