"""A finding as a row of the list beside the board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llm_roofline.findings import plain_name

if TYPE_CHECKING:
    from llm_roofline.findings import Finding, Verdict

LONGEST = 2_000  # characters of a note that the list shows


def any_row(number: int, finding: Finding, verdict: Verdict | None, *, here: bool) -> dict[str, Any]:
    """What :func:`row` says, or that it cannot.

    Parameters
    ----------
    number, finding, verdict, here : int, Finding, Verdict and bool
        As there [1].
    """
    try:
        return row(number, finding, verdict, here=here)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other rows are shown
        said = {"where": "", "state": "", "by": "", "here": here, "resolved": False, "answers": [], "claims": []}
        reason = f"cannot be shown: {type(error).__name__}"
        return {"id": finding.id, "number": number, "text": "", "whole": False, "status": "", "reason": reason, **said}


def row(number: int, finding: Finding, verdict: Verdict | None, *, here: bool) -> dict[str, Any]:
    """What the list says of a finding, by the names of the panel's JSON.

    Parameters
    ----------
    number : int
        Its number in the list [1].
    finding : Finding
        The finding.
    verdict : Verdict or None
        What a check of it has said; one of an older text is left out.
    here : bool
        Whether it is about the state that is shown.

    Returns
    -------
    dict
        Texts and flags, which JSON can hold.
    """
    known = verdict if verdict and verdict.finding == finding else None
    cut = len(finding.text) - LONGEST
    return {
        "id": finding.id,
        "number": number,
        "text": finding.text if cut <= 0 else f"{finding.text[:LONGEST]} … ({cut:,} more characters)",
        "whole": cut <= 0,
        "where": finding.pin.title,
        "state": _model_and_device(finding),
        "by": f"{finding.author or 'anonymous'}, {finding.created[:10]}",
        "here": here,
        "resolved": finding.resolved,
        "answers": [[f"{a.author or 'anonymous'}, {a.created[:10]}", a.text[:LONGEST]] for a in finding.answers],
        "status": known.status if known else "",
        "claims": [[o.text, o.holds] for o in known.outcomes] if known else [],
        "reason": known.reason if known and not known.outcomes else "",
    }


def _model_and_device(finding: Finding) -> str:
    """Model, device and batch of a finding, as its JSON names them."""
    model, device, work = (finding.scenario.get(name) for name in ("model", "hardware", "workload"))
    batch = work.get("batch_size") if isinstance(work, dict) else None
    parts = (_name(model), f"on {_name(device)}", f"batch {batch:,}" if isinstance(batch, int) else "")
    return " ".join(part for part in parts if part)[:200]


def _name(record: object) -> str:
    """Name of a model or device in a finding's JSON, which may hold the name alone or all that it is made of."""
    name = record.get("name") or record.get("based_on") if isinstance(record, dict) else record
    return plain_name(str(name or "its own"))
