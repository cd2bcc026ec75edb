"""The figures of arXiv 2402.16363 that its tool computed, to the digits that are known of them.

Llama-2 13B on an A6000 under ``Conventions.paper``. The tool's memory is that of one phase: weights, keys and values,
and what the operators of one layer write. In the figures of times the head is loaded at a byte a weight whatever the
bits of the weights are, while the tool's own totals (``llm_viewer_llama.json``) load it at those.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from llm_roofline import Conventions, Hardware, Precision, Scenario, Step, Workload, evaluate, evaluate_step, load_model
from tests.golden.test_llm_viewer import GOLDEN

FIGURES = json.loads(Path(__file__).with_name("paper_figures.json").read_text(encoding="utf-8"))
LLAMA = load_model({**GOLDEN["configs"]["meta-llama/Llama-2-13b-hf"], "model_type": "llama"}, "Llama-2 13B")
_A6000 = GOLDEN["devices"]["nvidia_A6000"]
A6000 = Hardware(
    name="a6000",
    title="A6000",
    memory_bytes=48e9,
    memory_bandwidth=_A6000["memory_bandwidth"],
    peak_flops_per_s=_A6000["peaks"],
)
FORMATS = {16: "fp16", 8: "int8", 4: "int4", 2: "int2", 1: "int1"}
ANY_LENGTH = replace(LLAMA, context_limit=None)


def scenario(batch=1, tokens=1, bits=(16, 16, 16), on=A6000, *, byte_head=False):
    weights, activations, kv_cache = (FORMATS[b] for b in bits)
    stored = Precision(weights, activations, kv_cache, head="int8" if byte_head else weights)
    counted = replace(Conventions.paper, head_precision=byte_head)
    return Scenario(ANY_LENGTH, on, Workload(batch, tokens, 1), stored, conventions=counted)


def step(s, phase, tokens):
    batch = s.workload.batch_size
    return evaluate_step(s, Step(batch, tokens, tokens, prompt=True) if phase == "prefill" else Step(batch, 1, tokens))


def memory(phase, batch, tokens, bits):
    """Weights, keys and values, and temporary activations of a phase [byte]."""
    s = scenario(batch, tokens, bits)
    m, table = evaluate(s).memory, step(s, phase, tokens).operators
    written = table.traffic("activation_write_bytes") / table.count
    return m.weight_bytes, m.kv_cache_bytes, float(written[table.count > 1].sum())


def printed(value, like, digits):
    """Assert that a value is what is printed, to a unit of the last digit: some are sums of rounded parts."""
    assert value == pytest.approx(like, abs=1.01 * 10**-digits)


SETTINGS = [name for name in FIGURES["figure_7"] if name != "columns"]


@pytest.mark.parametrize("setting", SETTINGS)
def test_figure_7_memory_under_quantisation(setting):
    phase, batch, tokens = setting.split()
    parts = [
        memory(phase, int(batch), int(tokens), bits) for bits in ((16, 16, 16), (4, 16, 16), (4, 16, 4), (4, 4, 4))
    ]
    whole = sum(parts[0])
    for part, share in zip(parts[0], FIGURES["figure_7_shares"][setting], strict=True):
        printed(part / whole, share, 3)
    for found, relative in zip(parts, FIGURES["figure_7"][setting], strict=True):
        printed(sum(found) / whole, relative, 3)


def test_figure_7_absolute_sizes():
    weights, cache, written = memory("prefill", 1, 1024, (16, 16, 16))
    printed(weights / 1e9, 25.376, 3)
    printed(cache / 1e9, 0.839, 3)
    printed(written / 1e9, 0.319, 3)
    printed(memory("prefill", 16, 1024, (16, 16, 16))[2] / 1e9, 5.100, 3)


@pytest.mark.parametrize("bits", FORMATS)
def test_figure_8_decode_time_by_batch(bits):
    for batch, time in zip(FIGURES["figure_8"]["batch"], FIGURES["figure_8"][str(bits)], strict=True):
        printed(step(scenario(batch, bits=(bits, 16, 16), byte_head=True), "decode", 1024).time, time, 5)


@pytest.mark.parametrize(("bits", "batch"), [(1, 14), (2, 28), (4, 55), (8, 110), (16, 219)])
def test_figure_8_linear_layers_turn_compute_bound(bits, batch):
    def bounds(b):
        table = step(scenario(b, bits=(bits, 16, 16)), "decode", 1024).operators
        return {table[name].bound for name in ("q_proj", "o_proj", "gate_proj", "down_proj")}

    assert bounds(batch) == {"compute"}
    assert "memory" in bounds(int(batch * 0.95))


@pytest.mark.parametrize("bits", FORMATS)
def test_figure_9_prefill_time_by_tokens(bits):
    for tokens, time in zip(FIGURES["figure_9"]["tokens"], FIGURES["figure_9"][str(bits)], strict=True):
        printed(step(scenario(1, bits=(bits, 16, 16), byte_head=True), "prefill", tokens).time, time, 5)


@pytest.mark.parametrize("tokens", FIGURES["figure_11"])
def test_figure_11_memory_under_a_quantised_cache(tokens):
    shown = FIGURES["figure_11"][tokens]
    *whole, _ = memory("decode", 1, int(tokens), (16, 16, 16))  # the figure leaves activations out
    printed(whole[0] / sum(whole), shown["weights"], 3)
    for name, bits in (("KV4", (16, 16, 4)), ("W4KV4", (4, 16, 4)), ("KV2", (16, 16, 2))):
        *parts, _ = memory("decode", 1, int(tokens), bits)
        printed(sum(parts) / sum(whole), shown[name], 3)


@pytest.mark.parametrize("name", FIGURES["figure_18"])
def test_figure_18_roofs_of_offloading(name):
    shown = FIGURES["figure_18"][name]
    cores, clock, lanes = 8, 5.4e9, 32  # what the tool makes of a Core i9-13900K
    peak = cores * clock * lanes if name.endswith("CPU") else A6000.peak_flops_per_s["fp16"]
    device = A6000.with_(memory_bandwidth=shown["bandwidth"], peak_flops_per_s={"fp16": peak})
    assert peak == pytest.approx(shown["peak"], rel=0.002)
    assert device.ridge_point("fp16") == pytest.approx(shown["ridge"], rel=0.002)


def test_figure_18_the_link_to_the_device_makes_the_ridge_thrice_as_far_as_the_figure_has_it():
    """The figure lets the GPU read host memory at 89.6 GB/s, where figure 17 has a link of 10 to 30 GB/s."""
    device = A6000.with_(memory_bandwidth=25e9)
    assert device.ridge_point("fp16") == pytest.approx(6190, rel=0.002)


@pytest.mark.parametrize("tokens", ["256", "512", "1024", "2048"])
def test_figure_19_serving_by_batch(tokens):
    shown = FIGURES["figure_19"][tokens]
    for i, batch in enumerate(FIGURES["figure_19"]["batch"]):
        time = step(scenario(batch, int(tokens), (8, 8, 8)), "decode", int(tokens)).time
        digits = 1 if shown["tokens_per_s"][i] < 100 else 0
        printed(batch / time, shown["tokens_per_s"][i], digits)
        printed(time * 1e3, shown["ms"][i], 2)
        printed(sum(memory("decode", batch, int(tokens), (8, 8, 8))) / 1e9, shown["GB"][i], 2)


@pytest.mark.parametrize("tokens", FIGURES["figure_19"]["first_batch_over_48_GB"])
def test_figure_19_the_first_batch_that_does_not_fit(tokens):
    first = FIGURES["figure_19"]["first_batch_over_48_GB"][tokens]
    sizes = {b: sum(memory("decode", b, int(tokens), (8, 8, 8))) for b in ((first or 127) - 1, first or 127)}
    assert [size > 48e9 for size in sizes.values()] == [False, first is not None]


def test_figure_20_time_and_performance_by_bandwidth():
    shown = FIGURES["figure_20"]
    for bandwidth, time in zip(shown["bandwidth"], shown["ms"], strict=True):
        chip = A6000.with_(memory_bandwidth=bandwidth, peak_flops_per_s={"fp16": 200e12})
        printed(step(scenario(1, on=chip, byte_head=True), "decode", 1024).time * 1e3, time, 1)
    for times, performance in ((1, shown["low"]), (3, shown["three_times"])):
        assert times * shown["intensity"] * A6000.memory_bandwidth == pytest.approx(performance, rel=0.011)


def test_the_tool_s_own_figure_of_parallel_decoding():
    """Not in the paper: all n tokens of a pass are accepted, on 2,048 tokens."""
    shown, s = FIGURES["parallel_decoding"], scenario(1)
    passes = [evaluate_step(s, Step(1, n, 2048)) for n in shown["tokens"]]
    for n, found, *like in zip(
        *(shown[k] for k in ("tokens",)), passes, shown["ms"], shown["relative_time"], strict=True
    ):
        printed(found.time * 1e3, like[0], 2)
        printed(found.time / n / passes[0].time, like[1], 3)
    for found, moved, flops in zip(passes, shown["relative_bytes"], shown["relative_flops"], strict=True):
        assert found.bytes / passes[0].bytes == pytest.approx(moved, abs=0.00051)
        assert found.flops / passes[0].flops == pytest.approx(flops, rel=0.005)
