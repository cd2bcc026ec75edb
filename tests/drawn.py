"""What hypothesis draws in several places: texts and data of a stranger, cheap to draw on a busy machine too.

A few letters of each kind that is treated in a way of its own say what all of Unicode says, whose tables take seconds.
"""

from __future__ import annotations

from hypothesis import strategies as st

LETTERS = "aB1_. \n\0{é\u0664\u2028\U0001f600"
TEXT = st.text(LETTERS, max_size=5)
SAID = st.builds("{}{}".format, st.sampled_from("aé-`|"), TEXT)
"""A text that is not blank."""
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
