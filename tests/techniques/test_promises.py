"""What techniques promise holds in company: on every kind of model, on every schedule, beside each other technique.

A technique says which figures it never makes larger, and by which parameters it changes nothing; both are said of
whatever else runs. Where two do not go together nothing is promised: a sentence says why.
"""

from __future__ import annotations

from itertools import permutations
from random import Random
from typing import TYPE_CHECKING

import pytest

from llm_roofline import RooflineError, Scenario, Workload, evaluate, hardware, models, techniques
from llm_roofline.estimates.quantities import QUANTITIES
from llm_roofline.techniques import parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from llm_roofline import Model, Technique

KINDS = {
    "dense": "meta-llama/Llama-3.2-1B",
    "experts": "mistralai/Mixtral-8x7B-v0.1",
    "latent attention": "deepseek-ai/DeepSeek-V2-Lite",
    "states": "state-spaces/mamba2-130m",
    "states and attention": "Qwen/Qwen3.5-35B-A3B",
    "sparse attention": "deepseek-ai/DeepSeek-V3.2",
    "encoder and decoder": "openai/whisper-tiny",
    "diffusion": "facebook/DiT-XL-2",
}
WORKLOADS = (Workload(24, 300, 9), Workload(3, 40, 100), Workload(900, 4, 2))
CLOSE = 1 + 1e-9
NAMES = techniques.names()
Broken = tuple[str, tuple[str, ...], str, float, float]


def figures(model: Model, work: Workload, chosen: Iterable[Technique]) -> tuple[dict[str, float], bool] | None:
    """Every figure of a scenario, and whether passes read prompts beside decode steps; None where it is refused."""
    try:
        e = evaluate(Scenario(model, hardware["h100-sxm"], work, techniques=tuple(chosen)))
    except RooflineError:
        return None
    return {name: float(entry.of(e)) for name, entry in QUANTITIES.items()}, e.plan.schedule.mixed


def broken(model: Model, work: Workload, technique: Technique, company: tuple[Technique, ...]) -> Iterator[Broken]:
    """Promises of a technique that do not hold in some company: with the figure without it and with it."""
    without = figures(model, work, company)
    if without is None:
        return
    named, (before, _) = tuple(t.written for t in company), without
    if within := figures(model, work, (*company, technique)):
        after, mixed = within
        for name in (*technique.never_raises, *(() if mixed else technique.never_raises_apart)):
            if after[name] > before[name] * CLOSE:
                yield technique.written, named, name, before[name], after[name]
    if technique.neutral is not None:
        neutral = figures(model, work, (*company, technique.with_(**technique.neutral)))
        for name in before if neutral else ():
            if neutral[0][name] != before[name]:
                yield technique.written, named, f"neutral {name}", before[name], neutral[0][name]


def drawn(draw: Random, name: str) -> Technique:
    """A technique with some of its parameters at an end, or between."""
    technique, changes = techniques[name], {}
    for key, parameter in parameters(technique).items():
        low, high = parameter.low, min(parameter.high, max(64.0 if parameter.whole else 10.0, parameter.low))
        between = draw.uniform(low, high)
        value = draw.choice([*parameter.choices] or [low, high, between])
        if draw.choice([True, False]):
            changes[key] = int(value) if parameter.whole else value
    return technique.with_(**changes)


def some(kind: str, many: int) -> list[Broken]:
    """Broken promises of techniques with drawn parameters, each beside up to two others; always the same ones."""
    draw, model = Random(kind), models[KINDS[kind]]  # noqa: S311 - no secret
    found: list[Broken] = []
    for _ in range(many):
        technique, *company = (drawn(draw, name) for name in draw.sample(NAMES, draw.randint(1, 3)))
        found += broken(model, draw.choice(WORKLOADS), technique, tuple(company))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_some_promises_hold_in_company(kind):
    assert some(kind, 12) == []


@pytest.mark.parametrize("kind", ["dense", "experts"])
def test_a_draft_reads_the_prompt_where_the_model_does(kind):
    """What runs decode steps in memory or on the host leaves the prefill of both models alone."""
    model, drafting = models[KINDS[kind]], techniques["speculative-decoding"]
    drafting = drafting.with_(draft=KINDS["dense"]) if kind == "dense" else drafting
    for name in ("processing-in-memory", "host-compute"):
        assert list(broken(model, WORKLOADS[0], techniques[name], (drafting,))) == []
    plain, inside = (
        evaluate(Scenario(model, hardware["h100-sxm"], WORKLOADS[0], techniques=chosen))
        for chosen in ((drafting,), (drafting, techniques["processing-in-memory"]))
    )
    assert inside.draft_prefill.time == pytest.approx(plain.draft_prefill.time)
    assert inside.draft.time != plain.draft.time


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_promises_hold_beside_each_other_technique(kind):
    """Over the kinds together, every pair of techniques as they are by default; and more drawn sets."""
    pairs, place = list(permutations(techniques.values(), 2)), list(KINDS).index(kind)
    model, work = models[KINDS[kind]], WORKLOADS[0]
    assert [fault for one, other in pairs[place :: len(KINDS)] for fault in broken(model, work, one, (other,))] == []
    assert some(kind, 60) == []
