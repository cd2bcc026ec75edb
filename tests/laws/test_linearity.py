"""Linear in the batch, and monotonic in everything that is more work or a better device."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from llm_roofline import Step, evaluate, evaluate_step
from llm_roofline.operators.cost import NAMES as COLUMNS
from tests.laws.subjects import H100, every_family, every_model, scenario, structure

GROWING = ("ttft", "tpot", "latency")
WORKLOADS = {
    "batch_size": [1, 2, 3, 8, 100, 4096],
    "prompt_tokens": [1, 2, 47, 48, 49, 200, 900],
    "output_tokens": [1, 2, 3, 50, 120],
}
NARROW_TO_WIDE = [["int1", "int2", "int4", "int8", "bf16", "fp32"], ["mxfp4", "nvfp4", "fp8", "fp16", "fp32"]]
SMALL = {"batch_size": 1, "prompt_tokens": 100, "output_tokens": 20}


@every_model
def test_counts_are_a_straight_line_in_the_batch(model):
    compiled = structure(scenario(model))
    for query, context in ((64, 64), (1, 500), (16, 80)):
        counts = compiled.columns(Step(np.arange(1, 6), query, context))
        growth = np.diff(counts, axis=-1)
        assert (growth >= 0).all()
        counts[COLUMNS.index("weight_read"), [kind == "experts" for kind in compiled.kinds]] = 0
        counts[COLUMNS.index("wide_weight_read"), [kind == "experts" for kind in compiled.kinds]] = 0
        growth = np.diff(counts, axis=-1)
        assert (growth == growth[..., :1]).all()  # but for the experts hit, which become all of them


@pytest.mark.parametrize("field", WORKLOADS)
@every_model
def test_more_work_never_takes_less_time_or_memory(model, field):
    found = [evaluate(scenario(model).update(**SMALL | {field: value})) for value in WORKLOADS[field]]
    for less, more in pairwise(found):
        slack = 1 - 1e-12  # of a mean of equal steps
        assert all(getattr(more, name) >= slack * getattr(less, name) for name in GROWING)
        assert more.memory.total_bytes >= less.memory.total_bytes
        assert more.prefill.flops >= less.prefill.flops
        assert more.decode.bytes >= less.decode.bytes


@pytest.mark.parametrize("order", NARROW_TO_WIDE, ids=["integers", "floats"])
@pytest.mark.parametrize("field", ["weights", "activations", "kv_cache", "head"])
@every_family
def test_fewer_bits_never_cost_bytes_or_time(model, field, order):
    device = H100.with_(peak_flops_per_s={"fp32": 67e12})  # it multiplies fp32 off its matrix units
    found = [evaluate(scenario(model, 4, on=device).update(**{field: name})) for name in order]
    for narrow, wide in pairwise(found):
        for phase in ("prefill", "decode"):
            less, more = getattr(narrow, phase), getattr(wide, phase)
            assert (less.operators.bytes <= more.operators.bytes).all()
            assert (less.operators.time <= more.operators.time).all()
            assert (less.operators.flops == more.operators.flops).all()
        assert narrow.memory.total_bytes <= wide.memory.total_bytes


def faster(**factors):
    return H100.with_(
        memory_bandwidth=H100.memory_bandwidth * factors.get("bandwidth", 1),
        peak_flops_per_s={k: v * factors.get("matrix", 1) for k, v in H100.peak_flops_per_s.items()},
        vector_flops_per_s={k: v * factors.get("vector", 1) for k, v in H100.vector_flops_per_s.items()},
    )


@pytest.mark.parametrize("figure", ["bandwidth", "matrix", "vector"])
@every_model
def test_a_better_device_is_never_slower(model, figure):
    for step in (Step(4, 256, 256, prompt=True), Step(64, 1, 500)):
        times = [
            evaluate_step(scenario(model, on=faster(**{figure: factor})), step).operators.time
            for factor in (0.1, 1, 2, 10)
        ]
        assert all((quick <= slow).all() for slow, quick in pairwise(times))


@every_family
def test_a_device_that_is_twice_as_good_in_everything_takes_half_the_time(model):
    step = Step(4, 64, 64)
    once = evaluate_step(scenario(model), step).operators.time
    twice = evaluate_step(scenario(model, on=faster(bandwidth=2, matrix=2, vector=2)), step).operators.time
    assert np.array_equal(once, 2 * twice)
