"""Every device of the catalogue, and what-if devices."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Hardware, HardwareError, RooflineError, UnknownNameError, hardware, models
from llm_roofline.devices.data_files import FOLDER
from tests.drawn import JSON
from tests.over import over

NAMES = hardware.names()
every_device = over("name", NAMES)
LLAMA = models["meta-llama/Llama-3.1-8B"]

# Dense figures off the vendors' sheets: memory [byte], bandwidth [byte/s], 16-bit and 8-bit peak [FLOP/s].
SHEETS = {
    "h100-sxm": (80e9, 3.352e12, 989.4e12, 1978.9e12),  # NVIDIA H100 datasheet, without sparsity
    "h100-pcie": (80e9, 2.039e12, 756e12, 1513e12),
    "a100-sxm-80gb": (80e9, 2.039e12, 312e12, 624e12),  # NVIDIA A100 datasheet; int8
    "h200-sxm": (141e9, 4.8e12, 989.4e12, 1978.9e12),  # NVIDIA H200 datasheet
    "mi300x": (192e9, 5.3e12, 1307.4e12, 2614.9e12),  # AMD Instinct MI300X datasheet
    "rtx-a6000": (48e9, 768e9, 154.8e12, 309.7e12),  # NVIDIA GA102 whitepaper; int8
    "tpu-v5e": (16e9, 819e9, 197e12, 394e12),  # Google Cloud TPU v5e; int8
}


def test_the_catalogue_holds_at_least_140_devices():
    assert len(NAMES) >= 140


@every_device
def test_every_device_has_plausible_figures_and_a_source(name):
    device = hardware[name]
    assert device.name == name
    assert device.source
    assert device.url.startswith("https://")
    assert device.confidence in {"datasheet", "derived", "secondary"}
    assert device.peaks == "dense"
    assert 2**27 < device.memory_bytes < 1e13
    assert 1e10 < device.memory_bandwidth < 1e17
    assert all(1e10 < peak < 2e17 for peak in device.peak_flops_per_s.values())
    assert 2006 < device.year < 2030


@every_device
def test_every_device_has_a_16_bit_peak(name):
    assert not {"bf16", "fp16", "tf32", "fp32"}.isdisjoint(hardware[name].peak_flops_per_s)


@over("name", list(SHEETS))
def test_figures_equal_the_vendors_sheets(name):
    device = hardware[name]
    peaks = device.peak_flops_per_s
    eight = peaks.get("fp8", peaks.get("int8"))
    figures = device.memory_bytes, device.memory_bandwidth, peaks["bf16"], eight
    assert figures == pytest.approx(SHEETS[name], rel=2e-3)


def test_files_are_named_like_their_devices():
    assert {path.stem for path in FOLDER.iterdir()} == set(NAMES)


@pytest.mark.parametrize("spelling", ["H100_SXM", "h100 sxm", "nvidia-h100-sxm-80gb", "nvidia_H100"])
def test_other_spellings_find_the_device(spelling):
    assert hardware[spelling] is hardware["h100-sxm"]


def test_an_unknown_device_names_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        hardware["H100"]
    assert str(caught.value) == (
        "Unknown hardware 'H100'. Did you mean 'h100-nvl', 'h100-sxm' or 'h100-pcie'? See hardware.names()."
    )


def test_a_what_if_device_changes_only_what_is_named():
    base = hardware["h100-sxm"]
    device = base.with_(memory_bandwidth=4.8e12, peak_flops_per_s={"fp4": 4e15, "int8": None})
    assert (device.memory_bandwidth, device.memory_bytes) == (4.8e12, base.memory_bytes)
    assert device.peak_flops_per_s == {**{k: v for k, v in base.peak_flops_per_s.items() if k != "int8"}, "fp4": 4e15}
    assert (device.name, device.based_on, device.title) == ("h100-sxm*", "h100-sxm", "NVIDIA H100 SXM5 80GB (what-if)")
    assert device.ridge_point("bf16") == base.peak_flops_per_s["bf16"] / 4.8e12


@pytest.mark.parametrize("value", [0, -1.0, float("nan"), float("inf"), True, "fast", None, [1]])
def test_a_figure_must_be_a_finite_positive_number(value):
    with pytest.raises(HardwareError, match="'memory_bandwidth' must be a finite number above 0"):
        hardware["h100-sxm"].with_(memory_bandwidth=value)


def test_an_unknown_figure_names_the_nearest():
    with pytest.raises(HardwareError, match=r"Unknown figure 'bandwidth'\. Did you mean 'memory_bandwidth'"):
        hardware["h100-sxm"].with_(bandwidth=1e12)


WHOLE = json.loads((FOLDER / "h100-sxm.json").read_text(encoding="utf-8"))


@given(
    st.dictionaries(st.sampled_from(sorted(WHOLE)), JSON, max_size=3),
    st.sets(st.sampled_from(sorted(WHOLE)), max_size=3),
)
def test_a_damaged_device_is_a_device_or_a_hardware_error(changed, deleted):
    data = {k: v for k, v in {**WHOLE, **changed}.items() if k not in deleted}
    with contextlib.suppress(RooflineError):  # any other error fails
        assert isinstance(Hardware.from_json(data), Hardware)
