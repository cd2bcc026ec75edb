"""Convolutions that read a spectrogram or an image, against the referee, which counts their padded edges as we do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from llm_roofline import Conventions, Scenario, Workload, evaluate, hardware, models
from llm_roofline.operators import Convolution
from tests.over import over

REFEREE = json.loads(Path(__file__).with_name("referee.json").read_text(encoding="utf-8"))
AS_COUNTED = replace(Conventions.standard, biases=False)
COUNTED = {
    f"{name} {phase}": (models[name], phase, REFEREE["models"][name])
    for name in models.names()
    for phase in ("encoder", "denoising")
    if "convolution" in REFEREE["models"].get(name, {}).get(phase, {})
}


@over("of", COUNTED)
def test_flops_of_convolutions_are_exact(of):
    model, phase, counted = of
    work = Workload(REFEREE["batch"], counted["source_tokens"], 1)
    e = evaluate(Scenario(model, hardware["h100-sxm"], work, conventions=AS_COUNTED))
    (table,) = (found.operators for found in e.phases if found.name == phase)
    names = {operator.name for _, operator in (model.encoder or model).operators() if isinstance(operator, Convolution)}
    flops = sum(row.count * table.columns[0, row.index] for row in table if row.name in names)
    assert flops == counted[phase]["convolution"]
