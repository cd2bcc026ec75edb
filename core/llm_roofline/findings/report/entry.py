"""An entry of a report: a finding, its check, a picture of its state, and where the numbers are from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..._version import __version__
from ...basics import RooflineError, shown
from ...devices import caveats, hardware, origin
from ...estimates import evaluate, offered
from ..badges import picture_with_badges
from ..check import GONE, Verdict, check, in_words
from ..finding import scenario_of
from ..index import Numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...devices import Hardware
    from ...estimates import Estimate
    from ..finding import Finding

SIGNS = {"holds": "✓", "changed": "✗", GONE: "∅"}
"""Sign of each verdict, in front of its words."""


@dataclass(frozen=True)
class Entry:
    """A finding with what belongs to it.

    Parameters
    ----------
    number : int
        Its number [1].
    finding : Finding
        The finding.
    verdict : Verdict
        What came out of checking it.
    picture : str
        SVG of its state; empty where that cannot be made any more.
    summary : str
        The sentence of its state, or why there is no picture of it; empty where the verdict says why.
    sources : tuple of tuple
        Where its numbers are from: what, and source.
    explanation : str
        Formula and inserted numbers of the operator that it is pinned to; empty where it is none.
    """

    number: int
    finding: Finding
    verdict: Verdict
    picture: str = ""
    summary: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    explanation: str = ""


def entries(findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """An entry for each finding, in their order.

    Parameters
    ----------
    findings : iterable of Finding
        The findings.
    """
    return tuple(_entry(number, finding) for number, finding in enumerate(findings, 1))


def each(write: Callable[[Entry], str], entries: Iterable[Entry]) -> Iterator[str]:
    """Text of every entry; of one that cannot be written, that it cannot.

    Parameters
    ----------
    write : callable
        Makes the text of an entry.
    entries : iterable of Entry
        The entries.
    """
    for entry in entries:
        try:
            yield write(entry)
        except Exception as error:  # noqa: BLE001 - whatever it is, every other entry is written
            yield unwritten(entry, error)


def unwritten(entry: Entry, error: Exception) -> str:
    """What stands in place of an entry that cannot be written.

    Parameters
    ----------
    entry : Entry
        The entry.
    error : Exception
        What was raised.
    """
    return f"Finding {entry.number:,} cannot be written: {type(error).__name__}."


def outcome(entries: tuple[Entry, ...]) -> str:
    """The count of findings that hold, in one sentence.

    Parameters
    ----------
    entries : tuple of Entry
        The entries.
    """
    return in_words([entry.verdict for entry in entries])


def _entry(number: int, finding: Finding) -> Entry:
    try:
        return _drawn(number, finding, evaluate(scenario_of(finding)))
    except RooflineError:
        return Entry(number, finding, check(finding))
    except Exception as error:  # noqa: BLE001 - whatever it is, every other entry is written
        why = f"No picture: {type(error).__name__}: {shown(str(error))}."
        return Entry(number, finding, check(finding), summary=why)


def _drawn(number: int, finding: Finding, estimate: Estimate) -> Entry:
    verdict, pin = check(finding, estimate), finding.pin
    phase = next((name for name in (finding.phase, pin.phase) if name in offered(estimate)), "decode")
    drawn = picture_with_badges(estimate, phase, [Numbered(number, finding, here=True)])
    explained = ""
    if pin.kind == "operator" and verdict.status != GONE:
        explained = getattr(estimate, pin.phase).operators[pin.operator].explain()
    return Entry(number, finding, verdict, drawn, estimate.takeaway, tuple(_sources(estimate)), explained)


def _sources(estimate: Estimate) -> Iterable[tuple[str, str]]:
    """What, and where from: of a changed device the one that it was, and what is assumed instead."""
    model = estimate.scenario.model
    devices = {device.name: device for run in estimate.plan.runs for device in run.rates.devices}
    stated = {base.title: base for base in map(_catalogued, devices.values())}
    for title, device in stated.items():
        if device.source or device.url:
            yield f"figures of {title}", origin(device, "memory_bandwidth")
    for device in devices.values():
        for sentence in caveats(device):
            yield f"what to know of {device.name}", sentence
    if isinstance(provenance := model.config.get("_provenance"), Mapping):
        yield f"configuration of {model.name}", ", ".join(map(str, provenance.values()))
    yield "formulas", f"llm_roofline {__version__}, arXiv 2402.16363"


def _catalogued(device: Hardware) -> Hardware:
    return hardware[device.based_on] if device.based_on else device
