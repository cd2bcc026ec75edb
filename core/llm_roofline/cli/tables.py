"""Tables that fit the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .text import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

LEFT = {"operator", "kind", "bound", "", "model", "family", "hardware", "device"}  # columns of text


class Fitting:
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
        table = _empty(show_footer=self.total)
        for name in shown:
            table.add_column(
                name,
                cell(name, self.columns[name][-1]),
                justify="left" if name in LEFT else "right",
                no_wrap=name != shown[0],
                overflow="fold",
            )
        for i in range(len(self.columns[shown[0]]) - self.total):
            if self.groups and self.groups[i] not in self.groups[:i]:
                table.add_row(Text(self.groups[i], "italic"))
            table.add_row(*(cell(name, self.columns[name][i]) for name in shown))
        return table


def pairs(rows: Iterable[tuple[str, str]]) -> RenderableType:
    """Words and their values, one pair a line."""
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(overflow="fold")  # an address has no blanks to break at, and is not to be cut
    for row in rows:
        table.add_row(*row)
    return Padding(table, (0, 0, 0, 1))


def _empty(*, show_footer: bool) -> Table:
    return Table(
        box=SIMPLE,
        show_edge=False,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_footer=show_footer,
        header_style="bold",
        footer_style="bold",
    )
