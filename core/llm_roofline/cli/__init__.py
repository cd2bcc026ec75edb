"""The command ``llm-viewer``: operators of prefill and decode as tables, totals, memory, and files with every digit.

It asks the core and lays out the answer; nothing is computed here. The only package that imports rich.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from ..basics import RooflineError
from ..devices import hardware
from ..estimates import Scenario, evaluate, write_csv, write_json
from ..models import fitting, load_model
from .arguments import CHOICES, CONVENTIONS, WORKLOAD, parser
from .catalogues import device_list, device_sheet, model_list, technique_list
from .inputs import inputs, outputs, refuse_inputs
from .summary import summary
from .technique import technique_of
from .terminal import show
from .text import printable

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from rich.console import RenderableType

FAILED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, 1 where findings do not hold, or 2 where it says on stderr what is wrong.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the command's name; left out, what the program was started with.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without "µ" shows "?" instead of a traceback
    try:
        words = sys.argv[1:] if arguments is None else list(arguments)
        if words[:1] in (["check"], ["report"]):
            from . import check_findings  # noqa: PLC0415 - what an evaluation does without

            return (check_findings.check if words[0] == "check" else check_findings.report)(words[1:])
        show(_answer(parser().parse_args(words)))
    except RooflineError as error:
        return _fail(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else ""
        return _fail(f"{where}{error.strerror or error}.")
    return 0


def _answer(asked: Namespace) -> list[RenderableType]:
    shown = asked.show_hardware
    lists: tuple[tuple[Callable[[], RenderableType], bool], ...] = (
        (model_list, asked.list_models),
        (device_list, asked.list_hardware),
        (lambda: device_sheet(shown), shown is not None),
        (technique_list, asked.list_techniques),
    )
    if any(is_asked for _, is_asked in lists):
        return [table() for table, is_asked in lists if is_asked]
    if asked.hardware is None:
        missing = "MODEL and HARDWARE are" if asked.model is None else "HARDWARE is"
        raise RooflineError(f"{missing} missing. See llm-viewer --help, --list-models and --list-hardware.")
    model, device = load_model(asked.model), hardware[asked.hardware]
    work, chosen = (
        {name: value for name in names if (value := getattr(asked, name)) is not None} for names in (WORKLOAD, CHOICES)
    )
    scenario = Scenario(model, device, replace(fitting(model), **work), conventions=CONVENTIONS[asked.conventions])
    scenario = scenario.reading(model=asked.model, hardware=asked.hardware)
    if chosen:
        scenario = scenario.update(**chosen)
    for text in asked.technique:
        scenario = scenario.using(technique_of(text))
    estimate = evaluate(scenario)
    refuse_inputs(outputs(asked.csv, asked.json), inputs(asked.model))
    if asked.csv is not None:
        write_csv(estimate, asked.csv, force=asked.force)
    if asked.json is not None:
        write_json(estimate, asked.json, force=asked.force)
    return summary(estimate)


def _fail(message: str) -> int:
    lines = [printable(text) for text in message.split("\n")]
    sys.stderr.write("llm-viewer: " + "\n  ".join(lines) + "\n")
    return FAILED
