"""Parameters and matmul FLOP of small random changes of real configs are those of an independent implementation too."""

from __future__ import annotations

import json
from pathlib import Path

from llm_roofline import load_model, models
from tests.golden.counted import MAKE_REFEREE, ours, theirs
from tests.over import over
from tests.referee.changes import changed
from tests.referee.missing import MISSING

VARIATIONS = json.loads(Path(__file__).with_name("variations.json").read_text(encoding="utf-8"))["variations"]
CASES = {f"{case['of']} {case['changes']}": case for case in VARIATIONS}
FAST = {models[case["of"]].family: name for name, case in CASES.items()}  # one of each family
every_case = over("case", CASES, fast=FAST.values())


def varied(case):
    return load_model(changed(dict(models[case["of"]].config), case["changes"]))


def test_every_type_of_the_catalogue_that_the_referee_counts_is_varied():
    counted = {models[name].family for name in models.names() if name not in MISSING}
    varied = {models[case["of"]].family for case in VARIATIONS}
    assert counted <= varied, f"tests/golden/variations.json lacks {', '.join(counted - varied)}: {MAKE_REFEREE}."
    assert varied <= counted


@every_case
def test_parameters_are_exact(case):
    assert varied(case).parameters == case["parameters"]


@every_case
def test_matmul_flops_of_every_pass_are_exact(case):
    model = varied(case)
    assert ours(model, case) == theirs(case, model)
