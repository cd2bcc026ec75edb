"""The longest prompt that fits is exact: one token more does not fit, or is more than the model was built for."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from llm_roofline import RooflineError, Workload, evaluate, hardware, models, techniques
from llm_roofline.estimates.capacity import longest_prompt
from llm_roofline.serving import MOST_CHUNKS
from tests.laws.subjects import FAMILIES, a_few_models, every_family, scenario


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


def test_a_prompt_begins_behind_what_is_cached():
    s = scenario(models["llama-3.1-8b"], 4, 1, 16, hardware["rtx-4090"]).using(
        techniques["prefix-cache"].with_(tokens=500)
    )
    longest = longest_prompt(s)
    assert longest > longest_prompt(s.without("prefix-cache")) / 2 > 500
    assert fits(s, longest)
    assert not fits(s, longest + 1)


def test_a_model_whose_memory_does_not_grow_reads_as_many_chunks_as_there_may_be_and_says_so_at_once():
    s = scenario(FAMILIES["mamba2"], 1, 1, 16).using(techniques["chunked-prefill"])
    assert longest_prompt(s) == 512 * MOST_CHUNKS


@pytest.mark.slow
@every_family
def test_the_longest_prompt_is_exact_on_devices_of_every_size(model):
    for device in sorted(hardware.values(), key=lambda device: device.memory_bytes)[::8]:
        s = scenario(model, 2, 1, 5, device)
        longest = longest_prompt(s)
        assert fits(s, longest) or longest == 0
        assert not fits(s, longest + 1)


def agree(s, m):
    """Whether what fits, the largest batch and the longest prompt say the same, to one more of each."""
    largest, longest = m.largest_batch, longest_prompt(s)
    batches = [batch for batch in (largest, largest + 1) if 1 <= batch <= 2**40]
    filled = [evaluate(s.update(batch_size=batch)).memory.fits == (batch == largest) for batch in batches]
    ends = (fits(s, longest) or longest == 0) and not fits(s, longest + 1)
    return ends and all(filled) and m.fits == (s.workload.batch_size <= largest)


def wrong(pairs):
    """Pairs of techniques beside which capacities do not agree, with their model; the next pair has the next family."""
    names = sorted(FAMILIES)
    for place, pair in enumerate(pairs):
        s = scenario(FAMILIES[names[place % len(names)]], 24, 40, 9)
        try:
            s = replace(s, techniques=tuple(techniques[name] for name in pair))
            m = evaluate(s).memory
        except RooflineError:  # they do not go together
            continue
        if not agree(s, m):
            yield pair, s.model.name


GUESSING = [(one, other) for one in ("parallel-segments", "parallel-decoding") for other in techniques if one != other]
PAIRS = [pair for pair in combinations(techniques, 2) if not set(pair) & {"parallel-segments", "parallel-decoding"}]


def test_capacities_agree_where_a_pass_writes_several_tokens_of_an_answer():
    assert list(wrong(GUESSING[::3])) == []


@pytest.mark.slow
def test_capacities_agree_beside_every_pair_of_techniques():
    assert list(wrong([*GUESSING, *PAIRS])) == []
