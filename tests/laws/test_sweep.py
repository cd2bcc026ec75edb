"""A sweep is its points: counts are equal, other figures to the last digits; in chunks it is the whole, bit for bit."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from llm_roofline import Conventions, evaluate, hardware, sweep, techniques
from llm_roofline.cli.technique import technique_of
from llm_roofline.estimates.quantities import SWEPT
from tests.laws.subjects import EVERY, H100, device, every_family, every_kind, scenario

WHOLE = {"fits", "largest_batch", "prefill_bound", "decode_bound"}
GPT2 = EVERY["openai-community/gpt2"]
TWICE = techniques["tensor-parallel"]

AXES = {
    "batch_size": [1, 3, 64],
    "prompt_tokens": [1, 128],
    "output_tokens": [1, 2, 77],
    "weights": ["bf16", "int4"],
    "kv_cache": ["bf16", "fp8"],
    "flash_attention": [True, False],
    "hardware": ["a100-sxm-80gb", "h100-sxm"],
    "model": [GPT2.name, "meta-llama/Llama-3.1-8B"],
    "conventions": ["standard", "paper", {"causal_attention": False}],
    "techniques": [[], ["medusa"], ["continuous-batching", "fused-qkv"], [TWICE.with_(degree=4)]],
}


def assert_is_pointwise(s, **axes):
    data = sweep(s, **axes)
    assert dict(data.sizes) == {name: len(values) for name, values in axes.items()}
    for place in product(*(range(len(values)) for values in axes.values())):
        at = dict(zip(axes, place, strict=True))
        e = evaluate(s.update(**{name: axes[name][i] for name, i in at.items()}))
        for name, entry in SWEPT.items():
            value, expected = data[name].isel(at).item(), entry.of(e)
            assert value == (expected if name in WHOLE else pytest.approx(expected, rel=1e-12, abs=0)), name


@every_family
def test_a_sweep_is_its_points(model):
    assert_is_pointwise(scenario(model), batch_size=[1, 7], prompt_tokens=[100, 128], weights=["bf16", "int4"])


@pytest.mark.parametrize("conventions", ["standard", "paper"])
@every_kind
def test_it_is_so_wherever_windows_fill_and_operators_cross_the_ridge(model, conventions):
    s = scenario(model, on=device(1e12, 8e12, 1e12), conventions=getattr(Conventions, conventions))
    assert_is_pointwise(s, prompt_tokens=[1, 20, 47, 128], output_tokens=[1, 2, 60], batch_size=[1, 30])


@every_kind
def test_a_part_of_a_sweep_has_the_bits_of_the_whole(model):
    axes = {"batch_size": list(range(1, 40)), "prompt_tokens": list(range(3, 90, 7))}
    whole = sweep(scenario(model), **axes)
    for part in ({"batch_size": axes["batch_size"][5:6]}, {"prompt_tokens": axes["prompt_tokens"][2:9]}):
        assert whole.sel(part).identical(sweep(scenario(model), **(axes | part)))


@pytest.mark.parametrize("axis", AXES)
def test_every_field_can_be_an_axis(axis):
    assert_is_pointwise(scenario(GPT2), **{axis: AXES[axis]})


def test_a_sweep_has_the_axes_that_it_was_given_in_their_order():
    axes = {name: AXES[name] for name in ("weights", "batch_size", "hardware")}
    data = sweep(scenario(GPT2), **axes)
    assert data["ttft"].dims == tuple(axes)
    assert {name: data[name].values.tolist() for name in axes} == axes


def test_devices_and_models_label_an_axis_by_their_names():
    faster = H100.with_(memory_bandwidth=5e12, name="faster")
    data = sweep(scenario(GPT2), hardware=[hardware["h100-sxm"], faster], model=[GPT2])
    assert data["hardware"].values.tolist() == ["h100-sxm", "faster"]
    assert data["model"].values.tolist() == [GPT2.name]


def test_techniques_label_an_axis_by_their_names_and_what_is_not_the_default():
    several = [[], "medusa", TWICE, [TWICE.with_(degree=4), "flash-attention"], [{"name": "early-exit", "checks": 2}]]
    said = ["none", "medusa", "tensor-parallel", "flash-attention + tensor-parallel:degree=4", "early-exit:checks=2"]
    for data in (sweep(scenario(GPT2), techniques=several), sweep(scenario(GPT2), techniques=several, chunks="auto")):
        assert data["techniques"].values.tolist() == said
    assert data.sel(techniques="medusa").decode_flops > data.sel(techniques="none").decode_flops
    for label in said[1:]:
        chosen = tuple(technique_of(text) for text in label.split(" + "))
        point = evaluate(scenario(GPT2).update(techniques=chosen))
        assert float(data["tpot"].sel(techniques=label)) == pytest.approx(point.tpot, rel=1e-12)


def test_conventions_label_an_axis_by_what_is_not_the_standard():
    data = sweep(
        scenario(GPT2),
        conventions=["paper", {"causal_attention": False}, Conventions(), Conventions(causal_attention=False)],
    )
    assert data["conventions"].values.tolist() == [
        "paper",
        "causal_attention=False",
        "standard",
        "causal_attention=False",
    ]


def test_every_variable_of_a_sweep_has_a_unit_and_a_name_for_people():
    data = sweep(scenario(GPT2), batch_size=[1])
    assert {name: (v.attrs["units"], v.attrs["long_name"]) for name, v in data.items()} == {
        name: (entry.unit, entry.label) for name, entry in SWEPT.items()
    }
    assert all(v.dtype in (np.float64, np.int64, bool) or v.dtype.kind == "U" for v in data.values())
