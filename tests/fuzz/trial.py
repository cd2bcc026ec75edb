"""What becomes of a configuration of a stranger: a model with finite numbers or a short sentence, and at what cost."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import dataclass, replace
from math import isfinite

from llm_roofline import ConfigError, RooflineError, Scenario, Step, Workload, evaluate_step, hardware, load_model
from tests.in_time import until

MOST_SECONDS, MOST_BYTES, LONGEST_LINE = 1.0, 200_000_000, 2_000
RIGHT = {"model", "refused"}
TOO_SHORT = "exceeds the 1 of"
"""How a model without room for two tokens refuses the workload."""


@dataclass(frozen=True)
class Trial:
    """How a configuration was answered; the least of its runs where it was tried again.

    Parameters
    ----------
    answer : str
        ``model``, ``refused``, or what was wrong with the answer.
    seconds : float
        Time of the processor [s].
    peak_bytes : int
        Memory at its peak; 0 unless tracemalloc is tracing [byte].
    """

    answer: str
    seconds: float
    peak_bytes: int

    @property
    def fault(self) -> str:
        """What is wrong; empty if nothing is."""
        return self.excess if self.answer in RIGHT else self.answer

    @property
    def excess(self) -> str:
        """What it took too much of; empty if of nothing."""
        if self.seconds > MOST_SECONDS:
            return f"took {self.seconds:.1f} s"
        return f"took {self.peak_bytes / 1e6:,.0f} MB" if self.peak_bytes > MOST_BYTES else ""


def tried(fields: object) -> Trial:
    """Load a configuration, and evaluate the model if it is one; again where a right answer took too much."""
    trials = until(lambda trial: trial.answer not in RIGHT or not trial.excess, lambda: _run(fields))
    least = {name: min(getattr(trial, name) for trial in trials) for name in ("seconds", "peak_bytes")}
    return replace(trials[-1], **least)


def _run(fields: object) -> Trial:
    """One run of a trial."""
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    began = time.process_time()
    try:
        answer = answered(fields)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        answer = f"{type(error).__name__}: {str(error)[:200]}"
    seconds = time.process_time() - began
    return Trial(answer, seconds, tracemalloc.get_traced_memory()[1] - before)


def answered(fields: object) -> str:
    """``model``, ``refused``, or what is wrong with the sentence or the numbers."""
    try:
        model = load_model(fields)
        scenario = Scenario(model, hardware["h100-sxm"], Workload(1, 1, 1))
    except RooflineError as error:
        lines = str(error).splitlines()
        if not isinstance(error, ConfigError) and TOO_SHORT not in lines[0]:
            return f"{type(error).__name__}: {lines[0]}"
        return "refused" if all(0 < len(line) < LONGEST_LINE for line in lines) else "a sentence without end"
    table = evaluate_step(scenario, Step(2, 5, 7)).operators
    columns = (table.flops, table.bytes, table.time)
    sound = all(isfinite(column.sum()) and column.min() >= 0 for column in columns) and table.time.sum() > 0
    return "model" if sound and repr(model) else "numbers that are no numbers"
