"""Every device of the catalogue computes with every format: in it, or in another one that a note names."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from llm_roofline import Conventions, Precision, Scenario, Workload, evaluate, formats, hardware, models
from llm_roofline.charts import axes, roofs
from llm_roofline.devices import peak, product_peaks, substitution
from llm_roofline.formats import holds
from tests.over import over

every_device = over("name", hardware.names())
PAIRS = list(combinations_with_replacement(formats, 2))
TINY = models["openai-community/gpt2"]


def stored_as(name, on, **changes):
    stored = Precision(**dict.fromkeys(("weights", "activations", "kv_cache", "head"), name))
    return evaluate(Scenario(TINY, hardware[on], Workload(1, 16, 2), stored, **changes))


@every_device
def test_every_pair_of_formats_has_a_peak_that_holds_it_or_a_note_that_says_which(name):
    device = hardware[name]
    for pair in PAIRS:
        answer, note = peak(device, pair), substitution(device, pair)
        assert answer.flops_per_s == product_peaks(device)[answer.format]
        if not all(holds(answer.format, formats[one]) for one in pair):
            assert note.endswith(f"computing at {answer.format}, to which operands are rounded."), pair
        elif answer.format not in device.peak_flops_per_s:
            assert note.endswith("on its vector lanes."), pair


@every_device
def test_an_estimate_in_any_format_is_finite_and_says_what_was_put_in_its_place(name):
    for stored in ("fp32", "fp8"):
        e, note = stored_as(stored, name), substitution(hardware[name], (stored, stored))
        assert 0 < e.latency < float("inf"), stored
        assert note is None or note in e.notes
    assert 0 < stored_as("int8", name, conventions=Conventions.paper).latency < float("inf")


@every_device
def test_wider_products_are_no_faster(name):
    speeds = [peak(hardware[name], (stored,) * 2).flops_per_s for stored in ("fp32", "bf16", "fp8", "nvfp4")]
    assert speeds == sorted(speeds)


@pytest.mark.parametrize(
    ("name", "stored", "used", "speed", "note"),
    [
        ("a100-sxm-80gb", "fp32", "fp32", 19.5e12, "has no fp32 peak of matrix units; computing at fp32 on its vector"),
        ("tpu-v5e", "fp32", "bf16", 197e12, "has no peak for fp32 or wider; computing at bf16, to which operands are"),
        ("lpu-v1", "fp32", "fp16", 188e12, "has no peak for fp32 or wider; computing at fp16, to which operands are"),
        ("snapdragon-x-elite", "bf16", "fp16", 9.2e12, None),
        ("rubin-vr200", "bf16", "bf16", 4e15, None),
        ("mi455x", "bf16", "bf16", 5e15, None),
    ],
)
def test_products_run_where_the_device_has_something_for_them(name, stored, used, speed, note):
    assert peak(hardware[name], (stored, stored)) == (used, speed)
    said = substitution(hardware[name], (stored, stored))
    assert (said is None) if note is None else note in said


def test_products_on_vector_lanes_have_a_roof_and_a_source():
    e = stored_as("fp32", "a100-sxm-80gb")
    row = e.prefill.operators["c_attn"]
    assert (row.compute_format, row.peak_flops_per_s) == ("fp32", 19.5e12)
    assert "fp32 19.50 TFLOP/s and memory 2.039 TB/s of a100-sxm-80gb: NVIDIA A100 datasheet" in row.explain()
    device = hardware["a100-sxm-80gb"]
    (active,) = [roof for roof in roofs([e.prefill.operators], axes(device)) if roof.active]
    assert (active.formats, active.peak) == (("fp32", "vector"), 19.5e12)
    plain = roofs([stored_as("bf16", "a100-sxm-80gb").prefill.operators], axes(device))
    assert "fp32" not in {name for roof in plain for name in roof.formats}


def test_what_is_disputed_of_a_device_is_said_beside_its_results():
    (caveat,) = [note for note in stored_as("bf16", "mi455x").notes if "disputed" in note]
    assert "23.3 TB/s" in caveat
    assert "19.6 TB/s" in caveat
