"""A line of the report: what was measured, and what it is held against."""

from __future__ import annotations

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A figure.

    Parameters
    ----------
    name : str
        What was measured.
    samples : list of float
        The measurements [unit].
    unit : str
        Their unit.
    target : str
        What is asked of it.
    beside : str
        What it is compared with, measured in the same run.
    """

    name: str
    samples: list[float]
    unit: str
    target: str = ""
    beside: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def p95(self) -> float:
        return quantile(self.samples, 0.95)

    def row(self) -> str:
        """The line as a row of Markdown."""
        tail = self.written(self.p95) if len(self.samples) > 4 else ""
        return f"| {self.name} | {self.written(self.median)} | {tail} | {self.target} | {self.beside} |"

    def written(self, value: float) -> str:
        return f"{value:,.{1 if value >= 10 else 2}f} {self.unit}".strip()


HEAD = ["| | median | p95 | target | beside it |", "|---|---|---|---|---|"]


def quantile(values: list[float], share: float) -> float:
    """Value below which a share of the sorted values lies."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]
