"""What the core counts, in the kinds of the referee, so that the two can be compared (see tests/referee)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from llm_roofline import Conventions, Scenario, Step, Workload, evaluate, evaluate_step, hardware
from llm_roofline.operators import Attention, Convolution, ExpertLinear, Head, Indexer, LatentExpansion, Linear

REFEREE = json.loads(Path(__file__).with_name("referee.json").read_text(encoding="utf-8"))
MAKE_REFEREE = (
    "`make referee` writes the tables anew, with PyTorch and Transformers, which it installs into .referee; a model "
    "that Transformers has no class of gets an entry in tests/referee/missing.py instead"
)
"""What to do where a table lacks something."""
BATCH, PROMPT, START = (REFEREE[name] for name in ("batch", "prompt_tokens", "start_tokens"))
# The referee multiplies every query with every key, masked or not, keeps keys and values of every head where latent
# attention may keep a latent, and leaves the additions of biases out.
AS_COUNTED = replace(Conventions.standard, causal_attention=False, latent_cache=False, biases=False)
# Not compared: recurrences, which the referee counts in blocks, short convolutions, which it counts in part, and what
# runs on vector lanes here and as a product of matrices there: an indexer's sum over heads, the mixing of streams, the
# pooling of patches.
KINDS = {
    Attention: "attention",
    Indexer: "attention",
    Convolution: "convolution",
    ExpertLinear: "experts",
    LatentExpansion: "latent",
    Linear: "linear",
    Head: "linear",
}


def ours(model, counted):
    """Matrix FLOP of every pass of a model, by kind, at the sizes that the referee ran it."""
    source = counted.get("source_tokens", 0)
    if not model.paradigm.grows:
        return {"denoising": step(model, source, source)}
    first = START if model.encoder else PROMPT
    found = {"prefill": step(model, first, first, source, prompt=True), "decode": step(model, 1, first + 1, source)}
    if model.encoder:
        table = evaluate(scenario(model, Workload(BATCH, source, 1))).encoder.operators
        found["encoder"] = by_kind(model.encoder, table)
    if "vision_tokens" in counted:
        tower = replace(model.vision, tokens=counted["vision_tokens"])
        table = evaluate(scenario(replace(model, vision=tower), Workload(BATCH, 1, 1))).vision.operators
        found["vision"] = by_kind(tower, table)
    return found


def scenario(model, workload):
    return Scenario(model, hardware["h100-sxm"], workload, conventions=AS_COUNTED)


def step(model, query, context, source=0, *, prompt=False):
    """Matrix FLOP of one pass by kind; the latent of former tokens is expanded again, as the referee does."""
    passes = Step(BATCH, query, context, prompt, source_tokens=source)
    passed = evaluate_step(scenario(model, Workload(1, 1, 1)), passes)
    found = by_kind(model, passed.operators)
    return found | ({"latent": found["latent"] * context / query} if "latent" in found else {})


def by_kind(stack, table):
    kinds = {o.name: kind for _, o in stack.operators() for c, kind in KINDS.items() if isinstance(o, c)}
    found = Counter()
    for row in table:
        if kind := kinds.get(row.name.partition(" (")[0]):
            found[kind] += row.count * table.columns[0, row.index]
    return {kind: flops for kind, flops in found.items() if flops}


def theirs(counted, model):
    """FLOP of every pass of the referee, in the kinds and passes that are compared."""
    found = {}
    for name in counted.keys() & {"prefill", "decode", "encoder", "denoising", "vision"}:
        found[name] = {k: counted[name][k] for k in set(KINDS.values()) & counted[name].keys()}
        if "indexer" in counted[name]:
            found[name]["attention"] += counted[name]["indexer"]
        if name in {"prefill", "decode"}:
            found[name].pop("convolution", None)
    if "encoder" in found:
        found["encoder"]["linear"] += counted["prefill"]["source"]
    # In DeepSeek V4 a compressed key counts in part before it is complete: less than one key a query too many.
    close = 1 / PROMPT if model.family == "deepseek_v4" else 0
    return {
        name: {k: pytest.approx(n, rel=close if k == "attention" else 0, abs=0) for k, n in kinds.items()}
        for name, kinds in found.items()
    }
