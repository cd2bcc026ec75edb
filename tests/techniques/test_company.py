"""Techniques in company: on every kind of model, in any order, they have finite numbers or a sentence says why not."""

from __future__ import annotations

from itertools import combinations
from math import isfinite
from random import Random

import pytest

from llm_roofline import RooflineError, Scenario, Workload, evaluate, hardware, models, techniques
from llm_roofline.estimates.quantities import QUANTITIES

KINDS = {
    "dense": "meta-llama/Llama-3.2-1B",
    "experts": "mistralai/Mixtral-8x7B-v0.1",
    "latent attention": "deepseek-ai/DeepSeek-V2-Lite",
    "states and attention": "Qwen/Qwen3.5-35B-A3B",
    "encoder and decoder": "openai/whisper-tiny",
    "diffusion": "facebook/DiT-XL-2",
}
NAMES = techniques.names()
PAIRS = list(combinations(NAMES, 2))
WORK = Workload(24, 300, 9)


def some(many, least, most, seed):
    """Sets of techniques, drawn at random and always the same."""
    draw = Random(seed)  # noqa: S311 - no secret
    return [tuple(draw.sample(NAMES, draw.randint(least, most))) for _ in range(many)]


def answer(model, chosen):
    """Numbers of a scenario with some techniques, or the sentence by which it is refused."""
    try:
        return evaluate(Scenario(model, hardware["h100-sxm"], WORK, techniques=tuple(techniques[n] for n in chosen)))
    except RooflineError as error:
        return str(error)


def wrong(kind, sets):
    """What is wrong with sets of techniques on a kind of model."""
    faults, model = [], models[KINDS[kind]]
    for chosen in sets:
        try:
            found, turned = answer(model, chosen), answer(model, chosen[::-1])
            if isinstance(found, str) or isinstance(turned, str):
                said = isinstance(found, str) and isinstance(turned, str) and found.endswith(".") and len(found) > 20
                faults += [] if said else [(chosen, found, turned)]
                continue
            numbers = [{name: entry.of(e) for name, entry in QUANTITIES.items()} for e in (found, turned)]
            columns = [table.time.sum() for table in (found.prefill.operators, found.decode.operators)]
            finite = all(isfinite(n) and n >= 0 for n in (*numbers[0].values(), *columns))
            faults += [] if finite and numbers[0] == numbers[1] else [(chosen, numbers)]
        except Exception as error:  # noqa: BLE001 - every one is a fault, and the set is to be named
            faults.append((chosen, repr(error)))
    return faults


@pytest.mark.parametrize("kind", KINDS)
def test_some_techniques_go_together_or_say_why_not(kind):
    """Every technique alone, a few pairs, and larger sets."""
    alone, few = [(name,) for name in NAMES], Random(kind).sample(PAIRS, 12)  # noqa: S311 - no secret
    assert wrong(kind, [*alone, *few, *some(12, 3, 8, kind)]) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_all_pairs_and_many_larger_sets_go_together_or_say_why_not(kind):
    """Over the kinds together, a thousand sets of three."""
    assert wrong(kind, [*PAIRS, *some(170, 3, 3, kind), *some(60, 4, 9, kind)]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_fused_projections_find_their_parts_whatever_stands_beside_them(kind):
    """What is fused has left the layer: attention that is not fused itself falls into parts that read it."""
    beside = [
        "tensor-parallel",
        "kv-compression",
        "kv-offloading",
        "structured-pruning",
        "sequence-parallel",
        "adapters",
    ]
    sets = [
        ("fused-qkv", *(beside[i] for i in range(len(beside)) if code >> i & 1)) for code in range(2 ** len(beside))
    ]
    assert wrong(kind, sets[:: 1 if kind == "dense" else 7]) == []
