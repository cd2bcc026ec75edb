"""The longest prompt that fits is exact: one token more does not fit, or is more than the model was built for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_roofline import RooflineError, Workload, evaluate, hardware, techniques
from llm_roofline.estimates.capacity import longest_prompt
from tests.laws.subjects import FAMILIES, a_few_models, scenario


def fits(s, tokens):
    try:
        return evaluate(replace(s, workload=replace(s.workload, prompt_tokens=tokens))).memory.fits
    except RooflineError:
        return False


@pytest.mark.parametrize(("device", "batch"), [("rtx-4090", 1), ("h100-sxm", 48)])
@a_few_models
def test_the_longest_prompt_fits_and_one_token_more_does_not(model, device, batch):
    s = scenario(model, batch, 1, 16, hardware[device])
    longest = longest_prompt(s)
    assert fits(s, longest) or longest == 0
    assert not fits(s, longest + 1)


def test_a_model_that_is_too_large_fits_no_prompt():
    assert longest_prompt(scenario(FAMILIES["deepseek_v3"], on=hardware["rtx-4090"])) == 0


def test_a_narrower_cache_and_more_devices_hold_longer_prompts():
    s = replace(scenario(FAMILIES["llama"], on=hardware["rtx-4090"]), workload=Workload(64, 1, 16))
    plain = longest_prompt(s)
    assert longest_prompt(s.update(kv_cache="fp8")) >= plain
    assert longest_prompt(s.using(techniques["tensor-parallel"].with_(bandwidth=50))) >= plain
