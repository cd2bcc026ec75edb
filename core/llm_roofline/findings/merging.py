"""Two lists of findings as one: what both have is there once, and where both have edited, both versions are kept."""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .finding import Finding


def merged(*lists: Iterable[Finding]) -> tuple[Finding, ...]:
    """Every finding of the lists, each once, in the order in which they come first.

    Which version of a finding goes on under its identifier does not depend on the order of the lists: the one that has
    the other in its history, else the one that was edited last. In the second case the other is kept as a finding of
    its own, under an identifier that follows from what it says.

    Parameters
    ----------
    *lists : iterable of Finding
        The lists.
    """
    by_id: dict[str, Finding] = {}
    for finding in (finding for findings in lists for finding in findings):
        pending = [finding]
        while pending:
            new = pending.pop()
            one, *others = _joined(by_id[new.id], new) if new.id in by_id else (new,)
            by_id[one.id] = one
            pending += others
    return tuple(by_id.values())


def reconciled(known: Iterable[Finding], ours: Iterable[Finding], theirs: Iterable[Finding]) -> tuple[Finding, ...]:
    """What a file is to hold that others may have written since it was known.

    What one side alone has changed, added or deleted is as that side has it; what both have changed is merged, and what
    one has deleted and the other has changed stays.

    Parameters
    ----------
    known : iterable of Finding
        What it held when we read or wrote it last; nothing where we have not.
    ours, theirs : iterable of Finding
        What we have, and what it holds now.
    """
    before = {finding.id: finding for finding in known}
    there = {finding.id: finding for finding in theirs}
    ours = tuple(ours)
    kept: list[tuple[Finding, ...]] = []
    for finding in ours:
        was, their = before.get(finding.id), there.pop(finding.id, None)
        if their is None:
            kept.append(() if finding == was else (finding,))
        elif their == was:
            kept.append((finding,))
        else:
            kept.append((their,) if finding == was else merged((finding,), (their,)))
    kept += [(finding,) for finding in there.values() if finding != before.get(finding.id)]
    return merged(*kept)


def _joined(a: Finding, b: Finding) -> tuple[Finding, ...]:
    """Two versions of a finding as one, or as two where neither comes from the other."""
    late, early = sorted((a, b), key=_age, reverse=True)
    apart = a.digest != b.digest
    if apart and late.digest in early.history and early.digest not in late.history:
        late, early = early, late
    answers = {answer.id: answer for answer in sorted((*a.answers, *b.answers), key=astuple)}
    one = replace(
        late,
        author=max(a.author, b.author),
        created=min(a.created, b.created),
        edited=max(a.edited, b.edited),
        resolved=max((a.edited, a.resolved), (b.edited, b.resolved))[1],
        answers=tuple(answers.values()),
        history=tuple({*a.history, *b.history, early.digest} - {late.digest}),
        further={**early.further, **late.further},
    )
    if not apart or early.digest in late.history:
        return (one,)
    return one, replace(early, id=f"{early.id[:60]}.{early.digest}", answers=(), history=())


def _age(finding: Finding) -> tuple[str, str]:
    return finding.edited, finding.digest
