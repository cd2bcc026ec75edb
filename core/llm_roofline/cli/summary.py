"""The answer to a model on a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics import percent, quantity, significant
from ..estimates import COLUMNS, MEMORY, QUANTITIES, binding, longest_prompt, payoff, shortage, verdict, weight_words
from ..formats import Conventions
from .tables import Fitting, pairs
from .text import bar, line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from ..estimates import Estimate, Phase

WITHOUT = ("", "kind", "layers", "FLOP/B", "FLOP", "share")  # columns that a narrow window does without
KEPT = {"kv_cache": "KV cache", "state": "states", "wide_state": "states"}  # what a sequence keeps


def summary(estimate: Estimate) -> list[RenderableType]:
    """Parts of the page: what was asked, every phase, totals, memory and the sentence to take away."""
    scenario, work = estimate.scenario, estimate.scenario.workload
    paradigm = scenario.model.paradigm
    asked = [
        f"batch {work.batch_size:,}",
        f"{work.prompt_tokens:,} {paradigm.inputs}",
        f"{work.output_tokens:,} {paradigm.outputs}",
        *(technique.label for technique in scenario.techniques or ()),
        *(["conventions of the paper"] if scenario.conventions == Conventions.paper else []),
    ]
    return [
        line(f"{scenario.model.name} on {scenario.hardware.title}", "bold"),
        line(" · ".join(asked), "dim"),
        line(" · ".join(_formats(estimate)), "dim"),
        *(part for phase in estimate.phases for part in _operators(_title(phase, estimate), phase)),
        line("\nTotals" if estimate.memory.fits else "\nTotals, if it fitted", "bold"),
        _totals(estimate),
        line("\nMemory at the longest context", "bold"),
        _memory(estimate),
        line(verdict(estimate.memory), "green" if estimate.memory.fits else "red"),
        *(line(f"\n{sentence}", "dim") for sentence in payoff(estimate)),
        *(line(f"\nNote: {note}", "yellow") for note in estimate.notes),
        line(f"\n{estimate.takeaway}", "bold"),
    ]


def _formats(estimate: Estimate) -> Iterator[str]:
    """In which format each kind of tensor is stored that the model has."""
    stored, model = estimate.scenario.precision, estimate.scenario.model
    several = weight_words(estimate.plan.decode)
    yield f"weights {several.get('weights', stored.weights)}"
    if attention := several.get("attention", stored.attention_weights):
        yield f"attention {attention}"
    if (experts := several.get("experts", stored.experts)) and "experts" in model.parameters_by_kind:
        yield f"experts {experts}"
    yield f"activations {stored.activations}"
    if "kv_cache" in model.kept:
        yield f"KV cache {stored.kv_cache}"
    if "state" in model.kept:
        yield f"states {stored.states}"
    yield f"head {several.get('head', stored.head)}"


def _title(phase: Phase, estimate: Estimate) -> str:
    model, work = estimate.scenario.model, estimate.scenario.workload
    few = {0: "the step that would follow", 1: "one step"}
    read = f"{work.prompt_tokens:,} tokens a request"
    words = {
        "vision": f"one image of {model.vision.tokens:,} patches a request, not in the totals" if model.vision else "",
        "encoder": read,
        "prefill": "the first token" if model.encoder else read,
        "draft prefill": read,
        "draft": f"mean of the {len(estimate.plan.schedule.draft_tokens):,} before each check",
        "decode": few.get(work.decode_steps, _steps(estimate)),
        "denoising": f"{work.prompt_tokens:,} patches a request, each of {work.output_tokens:,} steps",
    }
    return f"{phase.name.capitalize()}, {words[phase.name]}"


def _steps(estimate: Estimate) -> str:
    schedule, steps = estimate.plan.schedule, estimate.scenario.workload.decode_steps
    if schedule.query_tokens == 1:
        return f"mean of {steps:,} steps"
    return (
        f"{significant(estimate.iterations)} passes of {schedule.query_tokens:,} tokens, each of which yields "
        f"{significant(schedule.tokens_per_step)}"
    )


def _operators(title: str, phase: Phase) -> list[RenderableType]:
    table = phase.operators
    longest = max(table.share, default=0.0) or 1.0
    names = [name.removesuffix(f" ({block})") for name, block in zip(table.name, table.block, strict=True)]
    cells = {
        "name": [*names, "total"],
        "kind": [*table.kind, ""],
        "count": [*(f"{count:,.0f}" for count in table.count), ""],
        "flops": [quantity(v, "FLOP") for v in (*table.flops, phase.flops)],
        "bytes": [quantity(v, "B") for v in (*table.bytes, phase.bytes)],
        "arithmetic_intensity": [significant(v) for v in (*table.arithmetic_intensity, phase.flops / phase.bytes)],
        "bound": [*table.bound, phase.bound],
        "time": [quantity(v, "s") for v in (*table.time, phase.time)],
        "share": [*(percent(v) for v in table.share), "100 %"],
    }
    columns = {COLUMNS[name].symbol: texts for name, texts in cells.items()}
    columns[""] = [*(bar(v / longest) for v in table.share), ""]
    # where layers differ, a name says its block; here the blocks are headings instead, which leaves room for numbers
    groups = table.block if names != list(table.name) else ()
    return [line(f"\n{title}", "bold"), Fitting(columns, WITHOUT, groups, total=True), line(binding(phase), "dim")]


def _totals(estimate: Estimate) -> RenderableType:
    if not estimate.scenario.model.paradigm.grows:
        return pairs(
            (
                ("time of a denoising step", quantity(estimate.tpot, "s")),
                (QUANTITIES["latency"].label, quantity(estimate.latency, "s")),
                ("work of a step", quantity(estimate.decode.flops, "FLOP")),
                ("traffic of a step", quantity(estimate.decode.bytes, "B")),
            )
        )
    devices = estimate.plan.devices
    total = {name: entry.written(entry.of(estimate)) for name, entry in QUANTITIES.items()}
    if lacks := shortage(estimate.memory):
        total["tokens_per_s"] = total["tokens_per_s_per_device"] = f"does not fit, {lacks}"
    rows = (
        *((QUANTITIES[name].title, total[name]) for name in ("ttft", "tpot", "latency")),
        (QUANTITIES["tokens_per_s"].label, total["tokens_per_s"]),
        *([(f"on each of {devices:,} devices", total["tokens_per_s_per_device"])] if devices > 1 else []),
        ("work of prefill, decode step", f"{total['prefill_flops']}, {total['decode_flops']}"),
        ("traffic of prefill, decode step", f"{total['prefill_bytes']}, {total['decode_bytes']}"),
    )
    return pairs(rows)


def _memory(estimate: Estimate) -> RenderableType:
    what = " and ".join(dict.fromkeys(KEPT[kind] for kind in KEPT if kind in estimate.scenario.model.kept))
    sizes = {name: entry.written(entry.of(estimate.memory)) for name, entry in MEMORY.items()}
    rows = (
        (MEMORY["weight_bytes"].label, sizes["weight_bytes"]),
        *([(what, sizes["kv_cache_bytes"])] if what else []),
        (MEMORY["activation_bytes"].label, sizes["activation_bytes"]),
        (
            MEMORY["total_bytes"].label,
            f"{sizes['total_bytes']} of {sizes['capacity_bytes']}, {sizes['usable_bytes']} usable",
        ),
        *([("devices", f"{estimate.plan.devices:,}, each with this memory")] if estimate.plan.devices > 1 else []),
        *([("longest prompt that fits", f"{longest_prompt(estimate.scenario):,} tokens")] if what else []),
    )
    return pairs(rows)
