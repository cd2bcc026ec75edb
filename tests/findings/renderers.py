"""What makes a page of a finding's Markdown: a function of the text, by its name."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

by_hand = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render


def by_nbconvert(text: str) -> str:
    """Page of nbconvert, which takes most of a second to be imported."""
    from nbconvert.filters import markdown2html  # noqa: PLC0415 - see above

    return str(markdown2html(text))


renderer = pytest.mark.parametrize(
    "render",
    [pytest.param(by_hand, id="markdown-it"), pytest.param(by_nbconvert, id="nbconvert", marks=pytest.mark.slow)],
)
