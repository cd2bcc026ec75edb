"""A law holds for every subject: one test runs it over all of them, and names each that breaks it.

A case for each model, device or figure would say less: tens of thousands of cases take their time and nobody reads
them. ``pytest tests/laws --only example/tiny`` runs the laws over what is so named alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

SUBJECTS = "subjects"
"""The argument of a test that holds what its law runs over, by name."""


def over(
    argument: str, every: Mapping[str, object] | Sequence[str], fast: Collection[str] = ()
) -> Callable[[Callable], Callable]:
    """Make a law of one subject a test of all.

    Parameters
    ----------
    argument : str
        Which argument of the law the subject is.
    every : mapping or sequence of str
        Subjects by their names, or names that are subjects themselves.
    fast : collection of str
        Those of the fast run, the others being one slow case more; all are fast where none is named.

    Returns
    -------
    callable
        A decorator. A law that does not apply to a subject returns; to skip would be to break it.
    """
    every = every if isinstance(every, Mapping) else {name: name for name in every}
    some = {name: subject for name, subject in every.items() if name in fast or not fast}
    rest = {name: subject for name, subject in every.items() if name not in some}
    cases = [pytest.param(some, id=f"covering {argument}s" if rest else f"every {argument}")]
    cases += [pytest.param(rest, id=f"every other {argument}", marks=pytest.mark.slow)] if rest else []

    def decorate(law: Callable) -> Callable:
        @wraps(law)
        def test(**arguments: object) -> None:
            check(law, argument, arguments.pop(SUBJECTS), arguments)

        others = [p for p in signature(law).parameters.values() if p.name != argument]
        test.__signature__ = signature(law).replace(parameters=[*others, Parameter(SUBJECTS, Parameter.KEYWORD_ONLY)])
        return pytest.mark.parametrize(SUBJECTS, cases)(test)

    return decorate


def narrowed(item: pytest.Item, only: str) -> bool:
    """Whether a test runs over what is so named: a law, which keeps that subject alone, or a case with that name."""
    values = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    subjects = values.pop(SUBJECTS, {})
    others = [key for key, subject in subjects.items() if not _is_named(only, key) and not _is_named(only, subject)]
    if len(others) < len(subjects):
        for key in others:
            del subjects[key]
        return True
    return any(_is_named(only, value) for value in values.values())


def _is_named(only: str, value: object) -> bool:
    """Whether a value is a name, a case of it, such as ``gpt2 {'n_layer': 3}``, or what has or holds that name."""
    if isinstance(value, str):
        return f"{value} ".startswith(f"{only} ")
    return getattr(value, "name", None) == only or (isinstance(value, list | tuple) and only in value)


def check(law: Callable, argument: str, subjects: Mapping[str, object], others: Mapping[str, object]) -> None:
    """Run a law over subjects; those that break it are raised together, each with its name."""
    broken: dict[str, Exception] = {}
    for name, subject in subjects.items():
        try:
            law(**{argument: subject}, **others)
        except Exception as error:  # noqa: BLE001 - raised below
            broken[name] = error
        except (pytest.fail.Exception, pytest.skip.Exception) as outcome:  # no exceptions to pytest, and end a test
            broken[name] = AssertionError(str(outcome)).with_traceback(outcome.__traceback__)
    for name, error in broken.items():
        error.add_note(f"{argument}: {name}")
    if broken:
        raise ExceptionGroup(f"{len(broken)} of {len(subjects)} break it: {', '.join(broken)}", [*broken.values()])
