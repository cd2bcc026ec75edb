"""Encoders, decoders behind them, denoising steps and vision towers, against the same independent counts."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from llm_roofline import Conventions, Scenario, Step, Workload, evaluate, evaluate_step, hardware, models

REFEREE = json.loads(Path(__file__).with_name("referee.json").read_text(encoding="utf-8"))
COUNTED = {name: REFEREE["models"][name] for name in models.names() if name in REFEREE["models"]}
AS_COUNTED = replace(Conventions.standard, causal_attention=False, biases=False)
BATCH, PROMPT, START = (REFEREE[key] for key in ("batch", "prompt_tokens", "start_tokens"))
CONVOLUTIONS = {"conv1", "conv2", "x_embedder"}
ENCODERS = [name for name in COUNTED if models[name].encoder]


def scenario(name):
    model = models[name]
    work = Workload(BATCH, model.source_limit or PROMPT, 2)
    return Scenario(model, hardware["h100-sxm"], work, conventions=AS_COUNTED)


def by_kind(phase, *, of_source=False):
    """Matrix FLOP by the referee's kinds; apart those of the source's keys and values, which are made there later."""
    table, found = phase.operators, Counter()
    rows = zip(table.name, table.block, table.kind, table.count * table.columns[0], strict=True)
    for name, block, kind, flops in rows:
        if (block == "cross attention") == of_source:
            found["convolution" if name in CONVOLUTIONS else "attention" if kind == "attention" else "linear"] += flops
    return {kind: flops for kind, flops in found.items() if flops}


def counted(name, phase):
    found = Counter(COUNTED[name][phase])
    del found["total"]
    found["linear"] += found.pop("source", 0)
    return dict(found)


@pytest.mark.parametrize("name", ENCODERS)
def test_matmul_flops_of_an_encoder_are_exact(name):
    assert by_kind(evaluate(scenario(name)).encoder) == counted(name, "encoder")


@pytest.mark.parametrize("name", ENCODERS)
def test_matmul_flops_of_a_decoder_behind_an_encoder_are_exact(name):
    s = scenario(name)
    source = s.workload.prompt_tokens
    first = Counter(by_kind(evaluate_step(s, Step(BATCH, START, START, source_tokens=source))))
    first.update(by_kind(evaluate(s).encoder, of_source=True))
    assert first == counted(name, "prefill")
    step = Step(BATCH, 1, START + 1, source_tokens=source)
    assert by_kind(evaluate_step(s, step)) == counted(name, "decode")
