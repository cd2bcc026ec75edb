"""An estimate as plain data, as a JSON file and as CSV files, with every digit.

Numbers are written as Python's shortest text that reads back to the same float64. Imports the standard library.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._version import __version__
from ..basics import RooflineError, refuse_loss, write_whole
from .quantities import COLUMNS, MEMORY, PHASE, QUANTITIES, TRAFFIC, UNITS
from .spreadsheet import inert_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .estimate import Estimate
    from .phase import Phase
    from .table import OperatorTable

VERSION = 1
"""Version of the data's shape."""

FURTHER = ("encoder", "vision", "draft_prefill", "draft")
"""Phases that not every estimate has."""
_BEGINS = f'{{\n "version": {VERSION},\n "llm_roofline": '  # what the JSON begins with


def to_dict(estimate: Estimate) -> dict[str, Any]:
    """Plain data of an estimate: scenario, phases with all columns, totals and memory.

    A model with an encoder, a vision tower or a draft model has further phases of these names.

    Parameters
    ----------
    estimate : Estimate
        What to write down.

    Examples
    --------
    >>> from llm_roofline import Scenario, evaluate, hardware, models
    >>> e = evaluate(Scenario(models["meta-llama/Llama-3.1-8B"], hardware["h100-sxm"]))
    >>> to_dict(e)["totals"]["tpot"] == e.tpot
    True
    """
    further = {key: _phase(phase) for key in FURTHER if (phase := getattr(estimate, key))}
    return {
        "version": VERSION,
        "llm_roofline": __version__,
        "scenario": estimate.scenario.to_json(),
        "units": dict(UNITS),
        "prefill": _phase(estimate.prefill),
        "decode": _phase(estimate.decode),
        **further,
        "totals": totals(estimate),
        "memory": memory(estimate),
        "notes": list(estimate.notes),
        "takeaway": estimate.takeaway,
    }


def totals(estimate: Estimate) -> dict[str, float]:
    """Totals by the names of a sweep's variables, in the units of :data:`UNITS`."""
    return {name: entry.of(estimate) for name, entry in QUANTITIES.items()}


def memory(estimate: Estimate) -> dict[str, float]:
    """Memory at the longest context, in the units of :data:`UNITS`."""
    return {name: entry.of(estimate.memory) for name, entry in MEMORY.items()}


def columns(table: OperatorTable) -> dict[str, list[Any]]:
    """Every column of an operator table as a list, the traffic of each kind among them."""
    return {name: [_plain(name, value) for value in entry.of(table)] for name, entry in {**COLUMNS, **TRAFFIC}.items()}


def write_json(estimate: Estimate, path: str | Path, *, force: bool = False) -> None:
    """Write :func:`to_dict` to a file, which is whole or absent.

    Parameters
    ----------
    estimate : Estimate
        What to write down.
    path : str or Path
        The file.
    force : bool
        Whether to write over a file that this did not make.

    Raises
    ------
    OSError
        If it cannot be written.
    RooflineError
        If the target is no regular file, or one that this did not make, or the model's configuration holds what JSON
        cannot.
    """
    try:
        text = json.dumps(to_dict(estimate), indent=1, allow_nan=False)
    except ValueError as error:  # Python reads NaN and Infinity from a config.json, other readers of ours would not
        raise RooflineError(f"{estimate.scenario.model.name} cannot be written as JSON: {error}.") from error
    write_whole(path, text + "\n", begins=_BEGINS, force=force)


def write_csv(estimate: Estimate, folder: str | Path, *, force: bool = False) -> None:
    """Write a file for each phase, such as ``prefill.csv``, and ``totals.csv`` and ``memory.csv``.

    A missing folder is made.

    Parameters
    ----------
    estimate : Estimate
        What to write down.
    folder : str or Path
        Where the files go.
    force : bool
        Whether to write over files that this did not make.

    Raises
    ------
    OSError
        If one cannot be written.
    RooflineError
        If one is there already that this did not make; none has been written then.
    """
    scenario = estimate.scenario
    asked = {
        "model": scenario.model.name,
        "hardware": scenario.hardware.name,
        **asdict(scenario.workload),
        **asdict(scenario.precision),
        "techniques": " ".join(t.name for t in scenario.techniques or ()),
    }
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    files = {}
    for phase in estimate.phases:
        table = columns(phase.operators)
        files[f"{phase.name.replace(' ', '_')}.csv"] = _csv(table, zip(*table.values(), strict=True))
    for name, values in {"totals": totals(estimate), "memory": memory(estimate)}.items():
        row = asked | values
        files[f"{name}.csv"] = _csv(row, [tuple(row.values())])
    for name, text in files.items():
        refuse_loss(target / name, _head(text), force=force)
    for name, text in files.items():
        write_whole(target / name, text, begins=_head(text), force=force)


def _phase(phase: Phase) -> dict[str, Any]:
    return {name: entry.of(phase) for name, entry in PHASE.items()} | {"operators": columns(phase.operators)}


def _plain(name: str, value: Any) -> Any:  # noqa: ANN401 - a column holds text or numbers
    if name == "count":
        return int(value)
    return float(value) if name in UNITS else str(value)


def _csv(names: Iterable[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(f"{name} [{UNITS[name]}]" if name in UNITS else name for name in names)
    writer.writerows([inert_cell(value) if isinstance(value, str) else value for value in row] for row in rows)
    return text.getvalue()


def _head(text: str) -> str:
    """The names of the columns, by which a table of ours is known."""
    return text.partition("\n")[0]
