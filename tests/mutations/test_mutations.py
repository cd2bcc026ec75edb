"""A fault in a formula is seen by a fast test: mutations of the core, each tried on a copy."""

from __future__ import annotations

import pytest

from tests.mutations.table import MUTATIONS
from tests.mutations.trial import CORE, caught, failing_as_it_is, places, texts


def test_every_formula_that_is_mutated_stands_once_in_the_core():
    files = texts(CORE)
    found = {mutation.text: [str(path) for path in places(mutation, files)] for mutation in MUTATIONS}
    assert {text: paths for text, paths in found.items() if len(paths) != 1} == {}


@pytest.mark.slow
def test_the_core_as_it_is_passes():
    assert failing_as_it_is() == ""


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.breaks)
def test_a_fault_is_seen_by_a_fast_test(mutation):
    assert caught(mutation) != ""
