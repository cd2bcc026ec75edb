"""Counts in prose are those of the catalogues."""

from __future__ import annotations

import re

import pytest

from llm_roofline import hardware
from tests.checkout import REPOSITORY
from tests.docs.counts import COUNTS, PAGES, counted


def read(page):
    return (REPOSITORY / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_counts_of_a_page_are_those_of_the_catalogues(page):
    assert read(page) == counted(read(page)), f"{page} states an old count: make counts writes it anew"


@pytest.mark.parametrize("pattern", COUNTS)
def test_every_count_is_stated_somewhere(pattern):
    assert any(re.search(pattern, read(page)) for page in PAGES)


def test_counts_are_written_into_what_is_new_alone():
    was = "9 devices\n## [0.2.0] - unreleased\n9 devices\n## [0.1.0] - 2030-01-31\n9 devices\n"
    assert counted(was) == was.replace("9 devices", f"{len(hardware)} devices", 2)
