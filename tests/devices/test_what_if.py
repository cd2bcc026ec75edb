"""What-if devices: changes of a catalogue device that compose, undo, copy and travel as a small JSON."""

import copy
import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Hardware, HardwareError, RooflineError, UnknownNameError, hardware
from tests.drawn import JSON, TEXT
from tests.over import over

H100 = hardware["h100-sxm"]
MINE = Hardware(name="mine", title="Mine", memory_bytes=1e9, memory_bandwidth=1e9, peak_flops_per_s={"bf16": 1e12})
NUMBERS = ["memory_bytes", "memory_bandwidth", "l2_bytes", "local_memory_bytes", "interconnect_bandwidth", "tdp"]

every_device = over("name", hardware.names())
positive = st.floats(min_value=0, exclude_min=True, allow_nan=False, allow_infinity=False)
peaks = st.dictionaries(st.sampled_from(["bf16", "fp16", "fp8", "int4", "fp4"]), st.none() | positive)
figures = st.fixed_dictionaries({}, optional={"peak_flops_per_s": peaks, **dict.fromkeys(NUMBERS, positive)})


def there_and_back(device):
    return Hardware.from_json(json.loads(json.dumps(device.to_json(), allow_nan=False)))


@every_device
def test_every_device_and_its_what_if_pickle_copy_and_go_to_json_and_back(name):
    device = hardware[name]
    for one in (device, device.with_(memory_bandwidth=1e12, name="other"), device.with_(tdp=None, memory_bytes=1)):
        assert there_and_back(one) == one
        assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - it was pickled in this line
        assert copy.deepcopy(one) == one
        assert hash(copy.copy(one)) == hash(one)


def test_a_pickle_names_the_function_that_older_pickles_name():
    maker, (values,) = H100.__reduce__()
    assert (maker.__module__, maker.__qualname__) == ("llm_roofline.devices.hardware", "_made")
    assert maker(values) == H100


@every_device
def test_a_change_taken_back_is_the_catalogue_device_again(name):
    device = hardware[name]
    there = device.with_(memory_bandwidth=1.0, peak_flops_per_s={"fp4": 1.0, "bf16": None, "fp32": 1.0})
    lost = {"fp4": None, "bf16": None, "fp32": None, **device.peak_flops_per_s}
    assert there.with_(memory_bandwidth=device.memory_bandwidth, peak_flops_per_s=lost) is device
    assert device.with_() is device


@given(figures)
def test_the_changes_of_a_what_if_device_make_it_again(changes):
    device = H100.with_(**changes)
    assert H100.with_(**device.changes()) == device
    assert there_and_back(device) == device
    assert device.based_on in {"", "h100-sxm"}


@given(figures, figures)
def test_the_later_of_two_changes_holds(first, second):
    merged = first | second
    formats = {**first.get("peak_flops_per_s", {}), **second.get("peak_flops_per_s", {})}
    assert H100.with_(**first).with_(**second) == H100.with_(**{**merged, "peak_flops_per_s": formats})


def test_the_json_of_a_what_if_device_holds_its_changes_alone():
    device = H100.with_(memory_bandwidth=4.8e12, peak_flops_per_s={"bf16": 1.2e15, "fp8": None})
    changes = {"memory_bandwidth": 4.8e12, "peak_flops_per_s": {"bf16": 1.2e15, "fp8": None}}
    assert device.changes() == changes
    assert device.to_json() == {"based_on": "h100-sxm", **changes}
    assert Hardware.from_json(json.dumps(device.to_json())) == device
    assert Hardware.from_json({"based_on": "H100 SXM", "memory_bandwidth": 4.8e12}) == H100.with_(
        memory_bandwidth=4.8e12
    )
    assert H100.changes() == MINE.changes() == {}


def test_a_name_of_its_own_stays_with_a_what_if_device():
    named = H100.with_(name="next year's", memory_bandwidth=5e12)
    assert named.with_(tdp=500).name == "next year's"
    assert named.to_json() == {"based_on": "h100-sxm", "name": "next year's", "memory_bandwidth": 5e12}
    assert H100.with_(name="renamed").based_on == "h100-sxm"


def test_a_device_made_by_hand_is_kept_whole():
    assert there_and_back(MINE) == MINE
    assert there_and_back(MINE.with_(tdp=5)) == MINE.with_(tdp=5)
    assert (MINE.with_(tdp=5).name, MINE.with_(tdp=5).based_on) == ("mine*", "")


def test_a_device_that_borrows_a_catalogue_name_is_not_taken_for_the_catalogue_one():
    false = Hardware(name="h100-sxm", title="H", memory_bytes=1, memory_bandwidth=1, peak_flops_per_s={"bf16": 1})
    assert there_and_back(false) == false != H100
    assert false.with_(tdp=5).based_on == ""


def test_numbers_of_numpy_are_numbers_and_figures_cannot_be_written():
    assert H100.with_(memory_bandwidth=np.int64(10**12)).memory_bandwidth == np.float64(1e12)
    with pytest.raises(TypeError):
        H100.peak_flops_per_s["bf16"] = 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tdp": 0}, "h100-sxm*: 'tdp' must be a finite number above 0 (got 0)."),
        ({"tdp": math.inf}, "h100-sxm*: 'tdp' must be a finite number above 0 (got inf)."),
        ({"tdp": True}, "h100-sxm*: 'tdp' must be a finite number above 0 (got True)."),
        ({"tdp": -(10**5000)}, "h100-sxm*: 'tdp' must be a finite number above 0 (got a very large int)."),
        ({"year": 3.5}, "h100-sxm*: 'year' must be a year such as 2024 (got 3.5)."),
        ({"memory_type": 3}, "'memory_type' of a device must be a text (got 3)."),
        ({"name": ""}, "'name' of a device must be a text (got '')."),
        ({"peak_flops_per_s": [1]}, "h100-sxm: 'peak_flops_per_s' must map formats to FLOP/s (got [1])."),
        (
            {"peak_flops_per_s": {"fp8": "fast"}},
            "h100-sxm*: 'peak_flops_per_s' of 'fp8' must be a finite number above 0 (got 'fast').",
        ),
        (
            {"vector_flops_per_s": {"fp33": 1}},
            "h100-sxm*: 'vector_flops_per_s' has no 'fp33'. Did you mean 'fp32'? Accepted are fp32, fp16.",
        ),
        (
            {"peak_flops_per_s": {"bfloat16": 1}},
            (
                "h100-sxm*: 'peak_flops_per_s' has no 'bfloat16'. Did you mean 'bf16'? "
                "Accepted are int4, fp4, fp6, int8, fp8, bf16, fp16, tf32, fp32, fp64, fp16_acc16, fp8_acc16."
            ),
        ),
        (
            {"confidence": "sure"},
            "h100-sxm*: 'confidence' must be one of 'datasheet', 'derived', 'secondary', 'what-if' (got 'sure').",
        ),
        (
            {"peak_flops_per_s": dict.fromkeys(H100.peak_flops_per_s)},
            "h100-sxm*: 'peak_flops_per_s' must give at least one compute format.",
        ),
    ],
)
def test_a_refused_change_says_what_was_got_and_what_is_accepted(changes, message):
    with pytest.raises(HardwareError) as caught:
        H100.with_(**changes)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "A device is a name or an object of figures (got NoneType)."),
        ({1: 2}, "A device is a name or an object of figures (got dict)."),
        ({"name": "a"}, "A device needs title, memory_bytes, memory_bandwidth, peak_flops_per_s."),
        ('{"name": }', "The text of a device must be JSON (Expecting value: line 1 column 10 (char 9))."),
        ({**MINE.to_json(), "peaks": "sparse"}, "mine: 'peaks' must be 'dense', not with sparsity (got 'sparse')."),
    ],
)
def test_json_that_is_no_device_says_why(data, message):
    with pytest.raises(HardwareError) as caught:
        Hardware.from_json(data)
    assert str(caught.value) == message


@pytest.mark.parametrize("figure", ["self", "cls", "based_on", "aliases", "__class__", "bandwith"])
def test_a_what_if_of_an_unknown_figure_is_refused_by_its_name(figure):
    with pytest.raises(
        HardwareError, match=rf"^Unknown figure '{figure}'\..* Accepted are name, title, memory_bytes, "
    ):
        H100.with_(**{figure: "h100-pcie"})


def test_a_base_that_does_not_exist_is_refused():
    with pytest.raises(UnknownNameError, match=r"^Unknown hardware 'h999'"):
        Hardware.from_json({"based_on": "h999"})
    with pytest.raises(HardwareError, match=r"mine: 'based_on' must be a device of the catalogue \(got 'h999'\)\."):
        Hardware(**{**MINE.to_json(), "based_on": "h999"})


KEYS = st.sampled_from([*MINE.to_json(), *NUMBERS, "based_on", "self", "year", "aliases"]) | TEXT


@given(JSON | st.dictionaries(KEYS, JSON | st.sampled_from(["h100-sxm", {"bf16": 1e12}, -1, 10**400]), max_size=6))
def test_anything_at_all_is_a_device_or_an_error_of_ours(data):
    try:
        device = Hardware.from_json(data)
    except RooflineError:
        return
    assert there_and_back(device) == device
