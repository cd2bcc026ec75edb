"""Messages: what was got, in few words and in no time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline.basics.errors import shown
from tests.drawn import LEAVES, LETTERS, TEXT
from tests.in_time import in_time

VALUES = st.recursive(
    LEAVES | st.text(LETTERS, max_size=80),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


@given(VALUES)
def test_a_value_is_shown_as_python_writes_it_as_far_as_there_is_room(value):
    whole = repr(value)
    assert shown(value) == (whole if len(whole) <= 60 else f"{whole[:57]}...")


@pytest.mark.parametrize("value", [[[list(range(300))] * 10_000] * 20, {"a": [["x" * 1000] * 10_000] * 50}], ids=type)
def test_a_large_value_takes_no_longer_than_a_small_one(value):
    def show():
        assert len(shown(value)) == 60

    in_time(0.5, show)


def test_what_has_no_text_is_named_by_its_type():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert shown(deep) in {"a very large list", f"{'[' * 57}..."}
    assert shown(10**5000) == "a very large int"
