"""Estimates of every kind for the laws of the charts, as strategies of Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from llm_roofline import Scenario, Workload, evaluate, hardware, models

DEVICES = ("h100-sxm", "a100-sxm-80gb", "rtx-4090", "xeon-8380", "h200-sxm", "wse3")
COMPUTING = [name for name in hardware if {"bf16", "fp16"} & set(hardware[name].peak_flops_per_s)]  # others are refused
FORMATS = st.sampled_from(["bf16", "fp8", "int8", "int4", "int1"])


@st.composite
def estimates(draw):
    """Estimates of any model of the catalogue on one of several devices."""
    model = models[draw(st.sampled_from(models.names()))]
    device = hardware[draw(st.sampled_from(DEVICES))]
    longest = min(model.context_limit or 100_000, 100_000)
    prompt = draw(st.integers(1, longest - 1))
    output = draw(st.integers(1, min(longest - prompt, 2000)))
    scenario = Scenario(model, device, Workload(draw(st.integers(1, 4096)), prompt, output))
    stored = {name: draw(FORMATS) for name in ("weights", "activations", "kv_cache")}
    return evaluate(scenario.update(**stored, flash_attention=draw(st.booleans())))


phases, linear = st.sampled_from(["prefill", "decode", "generate"]), st.booleans()  # every model has these


def table_of(estimate, phase):
    return (estimate.prefill if phase == "prefill" else estimate.decode).operators
