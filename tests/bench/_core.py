"""What the core takes: one evaluation, sweeps, generations, all techniques, imports."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

from llm_roofline import Decoder, Scenario, Workload, evaluate, hardware, models, sweep
from llm_roofline.estimates.deltas import deltas
from llm_roofline.estimates.sweep.dataset import arrays
from tests.bench import _race
from tests.bench._line import Line

H100 = hardware["h100-sxm"]
LLAMA = models["meta-llama/Llama-2-7b-hf"]
LARGEST = models[max(models, key=lambda name: models[name].parameters)]
ENDLESS = Decoder("by hand", hidden_size=4096, layers=32, heads=32, ffn_size=11008, vocabulary=32000)
PANEL = {"prompt_tokens": [256, 512, 1024, 2048], "batch_size": list(range(1, 128))}
MILLION = {
    "batch_size": list(range(1, 129)),
    "prompt_tokens": list(range(8, 1025, 8)),
    "weights": ["bf16", "fp8", "int8", "int4", "nvfp4", "mxfp4", "int2", "int1"],
    "hardware": ["a100-sxm-80gb", "h100-sxm", "h200-sxm", "rtx-4090", "l40s", "mi300x", "rtx-a6000", "v100-sxm2-32gb"],
}
ROUNDS = 400


def samples(work: Callable[[], object], rounds: int = ROUNDS, scale: float = 1e6) -> list[float]:
    """Times of some work, once it has been done before."""
    work()
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append(scale * (time.perf_counter() - began))
    return found


def lines() -> list[Line]:
    llama, largest = (Scenario(model, H100, Workload(1, 2048, 256)) for model in (LLAMA, LARGEST))
    panel = Scenario(LLAMA, H100, Workload(1, 256, 2))
    million, held = _million()
    board = evaluate(Scenario(models["meta-llama/Llama-3.1-8B"], H100, Workload(8, 2048, 256)))
    return [
        Line("one evaluation, Llama-2-7B", samples(lambda: evaluate(llama)), "µs", "≤ 100 µs"),
        Line(f"one evaluation, {LARGEST.name}", samples(lambda: evaluate(largest)), "µs", "≤ 500 µs"),
        *_race.lines(),
        Line("sweep of 4 × 127 points", samples(lambda: arrays(panel, PANEL), 40, 1e3), "ms", "≤ 2 ms"),
        Line("the same, labelled", samples(lambda: sweep(panel, **PANEL), 40, 1e3), "ms"),
        Line(
            "sweep of 1,048,576 points", [million], "s", "≤ 2 s", f"{held / 1e6:,.0f} MB at most, its answer included"
        ),
        *_generations(),
        Line("effects of all techniques", samples(lambda: deltas(board), 40, 1e3), "ms", "≤ 15 ms"),
        *_imports(),
    ]


def _million() -> tuple[float, int]:
    """Time of a million points [s], and the memory at their peak in another run [byte]."""
    scenario = Scenario(LLAMA, H100, Workload(1, 256, 2))
    fp16 = scenario.update(activations="fp16", kv_cache="fp16", head="fp16")
    (time_taken,) = samples(lambda: arrays(fp16, MILLION), 1, 1.0)
    tracemalloc.start()
    arrays(fp16, MILLION)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return time_taken, most


def _generations() -> list[Line]:
    scenario = Scenario(ENDLESS, H100, Workload(1, 128, 1))
    found = []
    for output in (1, 1_000, 1_000_000):
        longer = replace(scenario, workload=replace(scenario.workload, output_tokens=output))
        found.append(Line(f"a generation of {output:,} tokens", samples(lambda s=longer: evaluate(s)), "µs", "flat"))
    return found


def _imports() -> list[Line]:
    """Times of imports in processes of their own, beyond that of NumPy where that is asked."""

    def taken(module: str) -> list[float]:
        code = f"import time; b = time.perf_counter(); import {module}; print(time.perf_counter() - b)"
        run, keeps = (
            [sys.executable, "-c", code],
            {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
        )
        _, *times = [subprocess.run(run, capture_output=True, text=True, check=True, env=keeps) for _ in range(10)]
        return [float(one.stdout) for one in times]  # without the first, which compiled what an installer compiles

    numpy, core, widgets = (taken(module) for module in ("numpy", "llm_roofline", "llm_viewer_widgets"))
    beyond = [value - statistics.median(numpy) for value in core]
    return [
        Line("import llm_roofline, beyond NumPy", [1e3 * v for v in beyond], "ms", "≤ 100 ms"),
        Line(
            "import llm_viewer_widgets",
            [1e3 * v for v in widgets],
            "ms",
            "",
            f"NumPy {1e3 * statistics.median(numpy):.0f} ms",
        ),
    ]


def curves() -> dict[str, tuple[str, str, list[tuple[float, float]]]]:
    """Scaling curves: for each its axes and points."""
    each = {m: evaluate(Scenario(m, H100)) for m in models.values() if m.paradigm.grows}
    by_rows = [
        (float(len(e.decode.operators)), statistics.median(samples(lambda s=e.scenario: evaluate(s), 20)))
        for e in each.values()
    ]
    base, grid = Scenario(LLAMA, H100, Workload(1, 256, 2)), []
    for count in (1, 10, 100, 1_000, 10_000, 100_000):
        axes = {"batch_size": list(range(1, count + 1))}
        grid.append((float(count), statistics.median(samples(lambda a=axes: arrays(base, a), 5)) / count))
    tokens = []
    for power in range(7):
        work = Workload(1, 128, 10**power)
        tokens.append(
            (10.0**power, statistics.median(samples(lambda w=work: evaluate(Scenario(ENDLESS, H100, w)), 60)))
        )
    return {
        "operators": ("operators of a model", "one evaluation [µs]", by_rows),
        "sweep": ("points of a sweep", "time of a point [µs]", grid),
        "context": ("output tokens", "one evaluation [µs]", tokens),
    }
