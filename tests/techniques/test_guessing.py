"""Passes that check guesses: how many tokens they yield, and what they cost."""

from __future__ import annotations

import itertools
import math

import pytest

from llm_roofline import (
    Conventions,
    Scenario,
    Step,
    TechniqueError,
    Workload,
    WorkloadError,
    evaluate,
    evaluate_step,
    hardware,
    models,
    techniques,
)
from llm_roofline.estimates.break_even import break_even, payoff
from llm_roofline.techniques.rewriting.guessing import expected_tokens
from tests.techniques.arithmetic import EIGHT, exact, scenario, with_

LARGE, SMALL = "meta-llama/Llama-3.1-70B", "meta-llama/Llama-3.2-1B"
GUESSING = [name for name, technique in techniques.items() if technique.rivals == "guess tokens"]


@pytest.mark.parametrize("acceptance", [0.0, 0.3, 0.8, 0.999])
@pytest.mark.parametrize("guesses", [0, 1, 4, 9])
def test_a_chain_yields_what_leviathan_says(guesses, acceptance):
    stated = (1 - acceptance ** (guesses + 1)) / (1 - acceptance)  # arXiv 2211.17192, equation 1
    assert expected_tokens(guesses, acceptance) == exact(stated)


@pytest.mark.parametrize(("guesses", "chains"), [(1, 1), (3, 1), (1, 3), (2, 2), (3, 2), (2, 4)])
def test_chains_yield_the_mean_over_all_that_may_become_of_their_guesses(guesses, chains):
    right, mean = 0.37, 0.0
    for fates in itertools.product((True, False), repeat=guesses * chains):
        chance = math.prod(right if fate else 1 - right for fate in fates)
        rows = [fates[i * guesses : (i + 1) * guesses] for i in range(chains)]
        mean += chance * (1 + max(sum(1 for _ in itertools.takewhile(bool, row)) for row in rows))
    assert expected_tokens(guesses, right, chains) == exact(mean)


# Parallel decoding in the paper's tool: milliseconds of a step; time of a token, traffic and work relative to n = 1.
PUBLISHED = {
    1: (35.70, "1.000", 1.000, 1.00),
    2: (35.75, "0.501", 1.001, 1.99),
    4: (35.86, "0.251", 1.004, 3.98),
    8: (36.06, "0.126", 1.010, 7.96),
    16: (36.47, "0.064", 1.022, 15.9),
    32: (37.29, "0.033", 1.045, 31.8),
    63: (38.88, "0.017", 1.089, 62.6),
}


def parallel(tokens):
    """A pass of so many tokens on 2,048 keys, all of which are accepted."""
    model, work = models["meta-llama/Llama-2-13b-hf"], Workload(1, 2048 - tokens, 2)
    s = Scenario(model, hardware["rtx-a6000"], work, conventions=Conventions.paper)
    return with_(s, "parallel-decoding", tokens=tokens)


@pytest.mark.parametrize("tokens", PUBLISHED)
def test_parallel_decoding_is_the_paper_tools_figure_to_the_printed_digit(tokens):
    one, many = parallel(1), parallel(tokens)
    milliseconds, a_token, traffic, work = PUBLISHED[tokens]
    assert round(many.decode.time * 1e3, 2) == milliseconds
    assert f"{many.tpot / one.tpot:.3f}" == a_token
    assert round(many.decode.bytes / one.decode.bytes, 3) == traffic
    assert float(f"{many.decode.flops / one.decode.flops:.3g}") == work


def test_every_guess_needs_its_logits_and_shares_the_weights():
    without, checked = evaluate(scenario()).decode, with_(scenario(), "prompt-lookup", guesses=4).decode
    head = checked.operators["lm_head"]
    assert head.flops == 5 * 2 * EIGHT["h"] * EIGHT["v"]
    row = head.index
    assert checked.operators.traffic("weight_bytes")[row] == without.operators.traffic("weight_bytes")[row]
    assert checked.flops == pytest.approx(5 * without.flops, rel=0.01)


def speculative(work, model=LARGE, **parameters):
    s = Scenario(models[model], hardware["h200-sxm"], work)
    return evaluate(s.using(techniques["speculative-decoding"].with_(draft=SMALL, **parameters)))


def alone(step):
    """Time of a pass of the draft model."""
    return evaluate_step(Scenario(models[SMALL], hardware["h200-sxm"]), step).time


@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("guesses", [1, 4])
def test_an_iteration_is_a_check_and_the_drafts_before_it_one_by_one(guesses, width):
    work = Workload(2, 700, 30)
    e = speculative(work, guesses=guesses, width=width, acceptance=0.8)
    drafts = 0.0
    for start in range(work.prompt_tokens, work.prompt_tokens + work.decode_steps):
        context = start
        for k in range(guesses):
            query = width if k else 1
            context += query
            drafts += alone(Step(2, query, context))
    assert e.draft.time * guesses == exact(drafts / work.decode_steps)
    assert e.iteration_time == exact(e.decode.time + drafts / work.decode_steps)
    assert e.tpot == exact(e.iteration_time / expected_tokens(guesses, 0.8, width))
    assert e.plan.schedule.query_tokens == 1 + guesses * width


def test_the_first_token_waits_until_the_draft_model_has_read_the_prompt():
    work = Workload(2, 700, 30)
    without = evaluate(Scenario(models[LARGE], hardware["h200-sxm"], work))
    assert speculative(work).ttft == exact(without.ttft + alone(Step(2, 700, 700, prompt=True)))


def test_the_draft_models_weights_and_cache_take_memory_beside_the_models():
    work = Workload(2, 700, 30)
    small, large = (evaluate(Scenario(models[name], hardware["h200-sxm"], work)).memory for name in (SMALL, LARGE))
    both = speculative(work, guesses=4).memory
    assert both.weight_bytes == large.weight_bytes + small.weight_bytes
    more = (large.kv_cache_bytes + small.kv_cache_bytes) / 730  # a token's
    assert both.kv_cache_bytes == pytest.approx(more * 734, rel=1e-3)  # guesses take room until they are checked


def test_the_draft_model_runs_as_the_engine_runs_the_model_and_in_formats_of_its_own():
    s = Scenario(models[LARGE], hardware["h200-sxm"], Workload(2, 700, 30)).update(weights="int4")
    e = evaluate(s.using(techniques["speculative-decoding"]).using(techniques["tensor-parallel"].with_(degree=2)))
    assert e.draft.operators.kind.count("communication") > 0
    assert e.plan.draft.precision == models[SMALL].precision


@pytest.mark.parametrize(
    ("model", "draft", "message"),
    [
        ("mistralai/Mistral-7B-v0.1", SMALL, "Llama-3.2-1B has 128,256 tokens, mistralai/Mistral-7B-v0.1 has 32,000"),
        (LARGE, "openai/whisper-tiny", "must be a decoder that reads the prompt, and openai/whisper-tiny is none"),
        ("facebook/DiT-S-2", SMALL, "needs a model that writes tokens; facebook/DiT-S-2 denoises"),
        ("openai/whisper-tiny", SMALL, "needs a decoder that reads the prompt"),
    ],
)
def test_a_draft_model_that_does_not_suit_says_why(model, draft, message):
    s = Scenario(models[model], hardware["h100-sxm"])
    with pytest.raises(TechniqueError, match=message):
        evaluate(s.using(techniques["speculative-decoding"].with_(draft=draft)))


def test_the_largest_batch_with_a_draft_model_is_exact():
    most = speculative(Workload(1, 2000, 100), model="meta-llama/Llama-3.1-8B").memory.largest_batch
    fits = [
        speculative(Workload(most + more, 2000, 100), model="meta-llama/Llama-3.1-8B").memory.fits for more in (0, 1)
    ]
    assert fits == [True, False]


def test_a_check_of_a_mixture_of_experts_loads_the_experts_of_all_its_tokens():
    s = Scenario(models["mistralai/Mixtral-8x7B-v0.1"], hardware["h200-sxm"], Workload(1, 500, 50))
    one, four = (with_(s, "parallel-decoding", tokens=n).decode.operators["experts.up_proj"] for n in (1, 4))
    assert four.time / one.time == pytest.approx((1 - 0.75**4) / (1 - 0.75), rel=0.01)  # 2 of 8 experts a token
    dense = [with_(scenario(), "parallel-decoding", tokens=n).decode.operators["up_proj"].time for n in (1, 4)]
    assert dense[1] / dense[0] == pytest.approx(1, rel=0.01)


def test_a_decoder_behind_an_encoder_checks_guesses_too():
    s = Scenario(models["openai/whisper-large-v3"], hardware["h100-sxm"])
    assert with_(s, "prompt-lookup").tpot < evaluate(s).tpot


def test_heads_of_one_vocabulary_may_be_padded_differently():
    s = Scenario(models["Qwen/Qwen2.5-7B"], hardware["h100-sxm"])
    e = evaluate(s.using(techniques["speculative-decoding"].with_(draft="Qwen/Qwen2.5-0.5B")))
    assert e.tpot < evaluate(s).tpot


def test_a_context_beyond_the_draft_models_is_refused():
    s = Scenario(models["meta-llama/Llama-2-13b-hf"], hardware["h100-sxm"], Workload(1, 3000, 100))
    with pytest.raises(WorkloadError, match="exceeds the 2,048 of TinyLlama"):
        evaluate(s.using(techniques["speculative-decoding"].with_(draft="TinyLlama/TinyLlama-1.1B-Chat-v1.0")))


def test_only_one_technique_guesses():
    assert len(GUESSING) == 5
    for name in GUESSING[1:]:
        with pytest.raises(TechniqueError, match="guess tokens"):
            scenario().using(techniques[GUESSING[0]]).using(techniques[name])


def test_better_guesses_never_cost_time():
    tpot = [speculative(Workload(1, 500, 50), acceptance=a / 10).tpot for a in range(11)]
    assert tpot == sorted(tpot, reverse=True)


def test_medusa_heads_are_a_square_matrix_and_a_head_each():
    without, e = evaluate(scenario()), with_(scenario(), "medusa", heads=3, candidates=20)
    added = 3 * EIGHT["h"] * (EIGHT["h"] + EIGHT["v"])  # arXiv 2401.10774, section 2.1.1
    assert e.memory.weight_bytes - without.memory.weight_bytes == exact(2 * added)
    heads = [row for row in e.decode.operators if row.name.startswith("medusa") and row.kind == "head"]
    assert sum(row.flops for row in heads) == exact(21 * 2 * added)  # every candidate may be the last that is right
    read = [row for row in e.prefill.operators if row.name.startswith("medusa") and row.kind == "head"]
    assert sum(row.flops for row in read) == exact(2 * added)


@pytest.mark.parametrize(("window", "ngram", "checks"), [(15, 5, 15), (10, 5, 10), (7, 3, 2)])
def test_lookahead_runs_window_and_ngrams(window, ngram, checks):
    e = with_(scenario(), "lookahead-decoding", window=window, ngram=ngram, checks=checks)
    assert e.plan.schedule.query_tokens == (window + checks) * (ngram - 1)  # arXiv 2402.02057, section 3


def test_states_say_that_wrong_guesses_take_them_back():
    s = Scenario(models["state-spaces/mamba2-130m"], hardware["h100-sxm"]).using(techniques["prompt-lookup"])
    assert any("take back what they did to the states" in note for note in evaluate(s).notes)


@pytest.mark.parametrize("width", [1, 2])
def test_at_the_break_even_acceptance_a_token_takes_as_long_as_without_guesses(width):
    work = Workload(64, 700, 30)
    least = break_even(speculative(work, width=width, acceptance=0.9))
    without = evaluate(Scenario(models[LARGE], hardware["h200-sxm"], work))
    assert 0 < least < 1
    assert speculative(work, width=width, acceptance=least).tpot == pytest.approx(without.tpot, rel=1e-9)


def test_of_one_guess_the_break_even_acceptance_is_what_draft_and_check_take_besides():
    s = scenario(batch=16)
    e = with_(s, "prompt-lookup", guesses=1)
    assert break_even(e) == pytest.approx(e.decode.time / evaluate(s).decode.time - 1, rel=1e-9)


def test_a_draft_model_as_large_as_the_model_never_pays_off():
    s = Scenario(models[SMALL], hardware["h100-sxm"], Workload(1, 100, 20))
    e = evaluate(s.using(techniques["speculative-decoding"].with_(draft=SMALL)))
    assert break_even(e) == math.inf
    assert payoff(e)[0].endswith("even if every guess were right, that would take longer than without guesses.")


def test_a_sentence_says_what_a_pass_checks_and_when_that_pays_off():
    (said,) = payoff(speculative(Workload(1, 700, 30), guesses=4, acceptance=0.7))
    assert said.startswith("A decode pass behind 4 of the draft model, ")
    assert " checks 5 tokens and yields 2.77; that pays off if more than " in said
    assert payoff(evaluate(scenario())) == ()
    assert break_even(with_(scenario(), "lookahead-decoding")) is None
    assert payoff(with_(scenario(), "lookahead-decoding")) == ("A decode pass checks 120 tokens and yields 1.80.",)
