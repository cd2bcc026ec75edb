"""The command ``llm-viewer``: operators of prefill and decode as tables, totals, memory, and files with every digit.

It asks the core and lays out the answer; nothing is computed here. The only module that imports rich.
"""

from __future__ import annotations

import math
import os
import sys
from argparse import ArgumentParser, BooleanOptionalAction, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING, NoReturn

from rich.box import SIMPLE
from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ._version import __version__
from .conventions import Conventions
from .errors import RooflineError
from .evaluate import evaluate
from .export import write_csv, write_json
from .formats import formats
from .hardware import hardware
from .models import load_model, models
from .precision import Precision
from .scenario import Scenario
from .takeaway import binding, verdict
from .units import percent, quantity, significant
from .workload import Workload

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from rich.console import ConsoleOptions, RenderableType, RenderResult

    from .estimate import Estimate, Phase

FAILED = 2
CONVENTIONS = {"standard": Conventions.standard, "paper": Conventions.paper}
COLOURS = {"memory": "cyan", "compute": "magenta"}
BAR = 8  # characters of the longest bar
BLOCKS = " ▏▎▍▌▋▊▉█"
LEFT = {"operator", "kind", "bound", "", "model", "family", "hardware", "device"}  # columns of text
STYLES = {"kind": "dim", "": "blue", "family": "dim", "device": "dim"}
WITHOUT = ("", "kind", "layers", "FLOP/B", "FLOP", "share")

_EXAMPLES = """\
examples:
  llm-viewer llama-3.1-8b h100-sxm --batch-size 8 --prompt-tokens 4096
  llm-viewer path/to/config.json a100-sxm-80gb --weights int4 --kv-cache fp8 --csv out --json out.json
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, or 2 where it says on stderr what is wrong.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the command's name; left out, what the program was started with.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without "µ" shows "?" instead of a traceback
    try:
        _show(_answer(_parser().parse_args(arguments)))
    except RooflineError as error:
        return _fail(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else ""
        return _fail(f"{where}{error.strerror or error}.")
    return 0


class _Parser(ArgumentParser):
    """Says what is wrong through the same door as everything else."""

    def error(self, message: str) -> NoReturn:
        raise RooflineError(f"{message}. See llm-viewer --help.")


def _parser() -> ArgumentParser:
    parser = _Parser(
        prog="llm-viewer",
        description="How fast a language model runs on a device at best, operator by operator, and whether it fits.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    stored, work = Precision(), Workload()
    known = f"one of {', '.join(formats)}"
    parser.add_argument(
        "model", metavar="MODEL", nargs="?", help="name of the catalogue, a config.json or a folder that holds one"
    )
    parser.add_argument("hardware", metavar="HARDWARE", nargs="?", help="name of the catalogue, such as h100-sxm")
    counts = parser.add_argument_group("workload")
    for name, what in (
        ("batch_size", "requests that run together"),
        ("prompt_tokens", "tokens of each prompt"),
        ("output_tokens", "tokens generated for each request"),
    ):
        counts.add_argument(
            _option(name), metavar="N", type=_number, default=getattr(work, name), help=f"{what} (%(default)s)"
        )
    how = parser.add_argument_group("precision, techniques, conventions")
    for name, what in (
        ("weights", f"format of the weights, {known}"),
        ("activations", "format of the activations"),
        ("kv_cache", "format of the cached keys and values"),
        ("head", "format of the embedding and the head"),
    ):
        how.add_argument(_option(name), metavar="FORMAT", default=getattr(stored, name), help=f"{what} (%(default)s)")
    how.add_argument(
        "--flash-attention", action=BooleanOptionalAction, help="fuse attention (as the conventions have it)"
    )
    how.add_argument(
        "--conventions",
        choices=CONVENTIONS,
        default="standard",
        help="paper counts as arXiv 2402.16363 does (%(default)s)",
    )
    files = parser.add_argument_group("files with every digit")
    files.add_argument(
        "--csv", metavar="DIR", help="write prefill.csv, decode.csv, totals.csv and memory.csv into this folder"
    )
    files.add_argument("--json", metavar="FILE", help="write scenario, columns, totals and memory into this file")
    parser.add_argument("--list-models", action="store_true", help="show the models of the catalogue")
    parser.add_argument("--list-hardware", action="store_true", help="show the devices of the catalogue")
    parser.add_argument("--version", action="version", version=f"llm-viewer {__version__}")
    return parser


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _number(text: str) -> int | str:
    """Return a whole number, or the text as it is: the workload knows what to say of it."""
    try:
        return int(text.replace(",", ""))
    except ValueError:
        return text


def _answer(asked: Namespace) -> list[RenderableType]:
    if asked.list_models or asked.list_hardware:
        return [*([_models()] if asked.list_models else []), *([_devices()] if asked.list_hardware else [])]
    if asked.hardware is None:
        missing = "MODEL and HARDWARE are" if asked.model is None else "HARDWARE is"
        raise RooflineError(f"{missing} missing. See llm-viewer --help, --list-models and --list-hardware.")
    scenario = Scenario(
        load_model(asked.model),
        hardware[asked.hardware],
        Workload(asked.batch_size, asked.prompt_tokens, asked.output_tokens),
        Precision(asked.weights, asked.activations, asked.kv_cache, asked.head),
        conventions=CONVENTIONS[asked.conventions],
    )
    if asked.flash_attention is not None:
        scenario = scenario.update(flash_attention=asked.flash_attention)
    estimate = evaluate(scenario)
    if asked.csv is not None:
        write_csv(estimate, asked.csv)
    if asked.json is not None:
        write_json(estimate, asked.json)
    return _report(estimate)


def _report(estimate: Estimate) -> list[RenderableType]:
    scenario, work, stored = estimate.scenario, estimate.scenario.workload, estimate.scenario.precision
    asked = [
        f"batch {work.batch_size:,}",
        f"prompt {work.prompt_tokens:,}",
        f"output {work.output_tokens:,}",
        *(technique.label for technique in scenario.techniques or ()),
        *(["conventions of the paper"] if scenario.conventions == Conventions.paper else []),
    ]
    kept = [
        f"weights {stored.weights}",
        f"activations {stored.activations}",
        f"KV cache {stored.kv_cache}",
        f"head {stored.head}",
    ]
    few = {0: "the step that would follow", 1: "one step"}
    steps = few.get(work.decode_steps, f"mean of {work.decode_steps:,} steps")
    return [
        _line(f"{scenario.model.name} on {scenario.hardware.title}", "bold"),
        _line(" · ".join(asked), "dim"),
        _line(" · ".join(kept), "dim"),
        *_operators(f"Prefill, {work.prompt_tokens:,} tokens a request", estimate.prefill),
        *_operators(f"Decode, {steps}", estimate.decode),
        _line("\nTotals", "bold"),
        _totals(estimate),
        _line("\nMemory at the longest context", "bold"),
        _memory(estimate),
        _line(verdict(estimate.memory), "green" if estimate.memory.fits else "red"),
        *(_line(f"\nNote: {note}", "yellow") for note in estimate.notes),
        _line(f"\n{estimate.takeaway}", "bold"),
    ]


def _operators(title: str, phase: Phase) -> list[RenderableType]:
    table = phase.operators
    longest = max(table.share, default=0.0) or 1.0
    names = [name.removesuffix(f" ({block})") for name, block in zip(table.name, table.block, strict=True)]
    columns = {
        "operator": [*names, "total"],
        "kind": [*table.kind, ""],
        "layers": [*(f"{count:,.0f}" for count in table.count), ""],
        "FLOP": [quantity(v, "FLOP") for v in (*table.flops, phase.flops)],
        "bytes": [quantity(v, "B") for v in (*table.bytes, phase.bytes)],
        "FLOP/B": [significant(v) for v in (*table.arithmetic_intensity, phase.flops / phase.bytes)],
        "bound": [*table.bound, phase.bound],
        "time": [quantity(v, "s") for v in (*table.time, phase.time)],
        "share": [*(percent(v) for v in table.share), "100 %"],
        "": [*(_bar(v / longest) for v in table.share), ""],
    }
    # where layers differ, a name says its block; here the blocks are headings instead, which leaves room for numbers
    groups = table.block if names != list(table.name) else ()
    return [_line(f"\n{title}", "bold"), _Fitting(columns, WITHOUT, groups, total=True), _line(binding(phase), "dim")]


class _Fitting:
    """A table with as many of its columns as the window is wide enough for; no cell is ever cut.

    Parameters
    ----------
    columns : dict
        Cells by the column's title.
    without : sequence of str
        Columns that a narrower window does without, the first to go first.
    groups : sequence of str
        Name of the group of each row; empty where all are one.
    total : bool
        The last cell of each column is its total.
    """

    def __init__(
        self, columns: dict[str, list[str]], without: Sequence[str], groups: Sequence[str] = (), *, total: bool = False
    ) -> None:
        self.columns, self.without, self.groups, self.total = columns, without, groups, total

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        unbounded = options.update(width=10_000)
        for dropped in range(len(self.without) + 1):
            table = self.table([name for name in self.columns if name not in self.without[:dropped]])
            if Measurement.get(console, unbounded, table).maximum <= options.max_width:
                break
        yield table

    def table(self, shown: Sequence[str]) -> Table:
        """Table of some of the columns; what is still too wide folds in the first."""
        table = _table(show_footer=self.total)
        for name in shown:
            table.add_column(
                name,
                _cell(name, self.columns[name][-1]),
                justify="left" if name in LEFT else "right",
                no_wrap=name != shown[0],
                overflow="fold",
            )
        for i in range(len(self.columns[shown[0]]) - self.total):
            if self.groups and self.groups[i] not in self.groups[:i]:
                table.add_row(Text(self.groups[i], "italic"))
            table.add_row(*(_cell(name, self.columns[name][i]) for name in shown))
        return table


def _cell(column: str, text: str) -> Text:
    return Text(_printable(text), COLOURS.get(text, "") if column == "bound" else STYLES.get(column, ""))


def _bar(share: float) -> str:
    """Bar of a share of the longest, to an eighth of a character."""
    eighths = round(share * BAR * 8)
    return ("█" * (eighths // 8) + BLOCKS[eighths % 8]).strip()


def _totals(estimate: Estimate) -> RenderableType:
    rows = (
        ("time to first token (TTFT)", quantity(estimate.ttft, "s")),
        ("time per output token (TPOT)", quantity(estimate.tpot, "s")),
        ("latency of a request", quantity(estimate.latency, "s")),
        ("throughput of the batch", f"{significant(estimate.tokens_per_s)} tokens/s"),
        (
            "work of prefill, decode step",
            f"{quantity(estimate.prefill.flops, 'FLOP')}, {quantity(estimate.decode.flops, 'FLOP')}",
        ),
        (
            "traffic of prefill, decode step",
            f"{quantity(estimate.prefill.bytes, 'B')}, {quantity(estimate.decode.bytes, 'B')}",
        ),
    )
    return _pairs(rows)


def _memory(estimate: Estimate) -> RenderableType:
    m = estimate.memory
    total, capacity, usable = (quantity(v, "B") for v in (m.total_bytes, m.capacity_bytes, m.usable_bytes))
    rows = (
        ("weights", quantity(m.weight_bytes, "B")),
        ("KV cache", quantity(m.kv_cache_bytes, "B")),
        ("activations", quantity(m.activation_bytes, "B")),
        ("total", f"{total} of {capacity}, {usable} usable"),
    )
    return _pairs(rows)


def _pairs(rows: Iterable[tuple[str, str]]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row(*row)
    return Padding(table, (0, 0, 0, 1))


def _models() -> RenderableType:
    found = list(models.values())
    columns = {
        "model": [m.name for m in found],
        "family": [m.family for m in found],
        "parameters": [quantity(m.parameters, "") for m in found],
        "context": [f"{m.context_limit:,}" if m.context_limit else "–" for m in found],
    }
    return _Fitting(columns, ("family", "context", "parameters"))


def _devices() -> RenderableType:
    found = list(hardware.values())
    columns = {
        "hardware": [d.name for d in found],
        "device": [d.title for d in found],
        "memory": [quantity(d.memory_bytes, "B") for d in found],
        "bandwidth": [quantity(d.memory_bandwidth, "B/s") for d in found],
        **{
            f: [quantity(d.peak_flops_per_s.get(f, math.nan), "FLOP/s") for d in found]
            for f in ("bf16", "fp16", "fp8", "int8")
        },
    }
    return _Fitting(columns, ("device", "fp8", "int8", "fp16", "bf16", "bandwidth"))


def _table(*, show_footer: bool = False) -> Table:
    return Table(
        box=SIMPLE,
        show_edge=False,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_footer=show_footer,
        header_style="bold",
        footer_style="bold",
    )


def _line(text: str, style: str) -> Text:
    return Text("\n".join(map(_printable, text.split("\n"))), style)


def _printable(text: str) -> str:
    """Text without control characters: a name may come from a stranger's file and must not steer the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _show(parts: Iterable[RenderableType]) -> None:
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    with console.capture() as captured:
        console.print(*parts, sep="\n")
    # lines end where their text does, so that a pasted table is as narrow as it looks
    text = "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is buffered would fail again at exit
        if not isinstance(error, BrokenPipeError):  # a reader such as head has seen enough
            raise


def _fail(message: str) -> int:
    lines = [_printable(line) for line in message.split("\n")]
    sys.stderr.write("llm-viewer: " + "\n  ".join(lines) + "\n")
    return FAILED
