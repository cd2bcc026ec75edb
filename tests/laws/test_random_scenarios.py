"""What holds for any scenario: any model, device and workload, and up to three techniques with any parameters.

Numbers are finite, work is neither lost nor invented, more never takes less, the order of techniques
makes no difference, and memory and steps count the same bytes.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from llm_roofline import RooflineError, Scenario, Workload, WorkloadError, evaluate, hardware
from llm_roofline.estimates import longest_prompt
from llm_roofline.estimates.quantities import QUANTITIES
from llm_roofline.operators import LatentAttention
from tests.laws.subjects import FAMILIES
from tests.techniques.drawn import several

CLOSE = 1 + 1e-9
EXPENSES = ("memory_bytes", "prefill_flops", "prefill_bytes", "decode_flops", "decode_bytes")
READS_AGAIN = {"early-exit", "kv-offloading", "parallel-segments", "prefix-cache", "weight-offloading"}
"""What reads weights again, or bytes that lie elsewhere, or that several sequences share."""

scenarios = st.builds(
    lambda model, device, work, techniques: (FAMILIES[model], hardware[device], Workload(*work), techniques),
    st.sampled_from(sorted(FAMILIES)),
    st.sampled_from(hardware.names()),
    st.tuples(
        st.integers(1, 300), st.integers(1, 300) | st.integers(1, 9000), st.integers(1, 5) | st.integers(1, 1100)
    ),
    several(3),
)


def figures(s):
    """Every number of the estimate of a scenario."""
    e = evaluate(s)
    return {name: entry.of(e) for name, entry in QUANTITIES.items()}


def more(s, **work):
    """Figures of a scenario of which more is asked; None where that is more than the model was built for."""
    try:
        return figures(s.update(**work))
    except WorkloadError:
        return None


def assert_lawful(model, device, work, techniques):
    """Every law, over a scenario that is not refused."""
    try:
        s = Scenario(model, device, work, techniques=techniques)
        e = evaluate(s)
    except RooflineError as error:
        assert len(str(error)) > 20  # noqa: PT017 - a reason
        reject()
    found = figures(s)
    assert all(isfinite(value) and value >= 0 for value in found.values())
    assert figures(Scenario(model, device, work, techniques=techniques[::-1])) == found
    assert_work_is_conserved(e)
    assert_bytes_are_the_same(e)
    assert_more_never_takes_less(s, e, found)
    assert_capacities_agree(s, e)


def assert_work_is_conserved(e):
    """No token is there before the first one, and nobody gets more tokens than were asked for."""
    output = e.asked.output_tokens
    assert e.ttft <= e.latency * CLOSE
    assert (output - 1) * e.tpot <= e.latency * CLOSE
    if output == 1:
        assert e.latency == e.ttft
    assert e.tokens_per_s_per_device * e.plan.devices == pytest.approx(e.tokens_per_s)


def assert_bytes_are_the_same(e):
    """A step reads no weight and no key that memory does not hold."""
    if not READS_AGAIN.isdisjoint(t.name for t in e.scenario.techniques):
        return
    table, stages = e.decode.operators, e.plan.schedule.stages
    looked_up = sum(
        row.bytes for row in table if row.kind == "embedding"
    )  # rows of a table that a tied head reads whole
    assert table.traffic("weight_bytes").sum() <= (e.memory.weight_bytes * stages + looked_up) * CLOSE
    if e.scenario.flash_attention:  # else keys that are values as well are read by both products
        assert table.traffic("kv_read_bytes").sum() <= e.memory.kv_cache_bytes * stages * CLOSE


def assert_more_never_takes_less(s, e, found):
    """A larger batch, a longer prompt or output, and a slower memory never help a request.

    A longer prompt may do so where latent attention takes another way, which has fewer FLOP and not always less of the
    rest, and where its last chunk is a short pass for those that decode beside it.
    """
    batch, prompt, output = e.asked
    slower = {}
    slower["batch"] = more(s, batch_size=batch + 1), (*EXPENSES, "ttft", "latency")
    latent = any(isinstance(operator, LatentAttention) for _, operator in e.plan.model.operators())
    always = ("prefill_flops", "decode_flops") if latent else (*EXPENSES, "ttft")
    at_times = () if latent or e.plan.schedule.mixed else ("latency",)
    slower["prompt"] = more(s, prompt_tokens=prompt + 1), (*always, *at_times)
    slower["output"] = more(s, output_tokens=output + 1), ("memory_bytes", "ttft", "latency")
    slow = replace(s, hardware=s.hardware.with_(memory_bandwidth=s.hardware.memory_bandwidth / 2))
    slower["memory"] = figures(slow), ("ttft", "tpot", "latency")
    for asked, (others, names) in slower.items():
        for name in names if others else ():
            assert found[name] <= others[name] * CLOSE, (asked, name)


def assert_capacities_agree(s, e):
    """What fits, the largest batch and the longest prompt say the same, to one more of each."""
    largest = e.memory.largest_batch
    assert e.memory.fits == (e.asked.batch_size <= largest)
    for batch in (largest, largest + 1):
        if 1 <= batch <= 2**40:
            assert evaluate(s.update(batch_size=batch)).memory.fits == (batch == largest)
    longest = longest_prompt(s)
    for prompt in (longest, longest + 1):
        try:
            fits = evaluate(s.update(prompt_tokens=prompt)).memory.fits
        except RooflineError:  # too long for the model, or no longer than what is cached
            assert prompt != longest or longest == 0
        else:
            assert fits == (prompt == longest)


@given(scenarios)
def test_the_laws_hold_for_any_scenario(drawn):
    assert_lawful(*drawn)


@pytest.mark.slow
@settings(max_examples=1000)
@given(scenarios)
def test_the_laws_hold_for_a_thousand_scenarios(drawn):
    assert_lawful(*drawn)
