"""Figures of the catalogue against each other: what a narrower format, another name or a note may say."""

import json
import re

from llm_roofline import hardware
from llm_roofline.devices.checks import PEAKS
from llm_roofline.devices.data_files import FOLDER
from tests.over import over

NAMES = hardware.names()
every_device = over("name", NAMES)
NARROWER = [
    ("fp8", "bf16"),
    ("int8", "bf16"),
    ("fp16", "bf16"),
    ("fp4", "fp8"),
    ("fp6", "fp8"),
    ("int4", "int8"),
    ("bf16", "tf32"),
    ("tf32", "fp32"),
    ("fp16_acc16", "fp16"),
    ("fp8_acc16", "fp8"),
]
SLOWER = {
    ("b300-sxm", "int8", "bf16"): "Blackwell Ultra gave its int8 units up",
    ("gb300", "int8", "bf16"): "Blackwell Ultra gave its int8 units up",
    ("rubin-vr200", "int8", "bf16"): "as Blackwell Ultra",
    ("gaudi3", "fp16", "bf16"): "the white paper gives fp16 a quarter of the rate",
    ("xeon-8480plus", "fp16", "bf16"): "bf16 is AMX, fp16 is AVX-512",
    ("xeon-8592plus", "fp16", "bf16"): "bf16 is AMX, fp16 is AVX-512",
}


def test_a_narrower_format_is_no_slower_but_where_the_device_is_known_for_it():
    slower = {
        (name, narrow, wide)
        for name in NAMES
        for peaks in [hardware[name].peak_flops_per_s]
        for narrow, wide in NARROWER
        if narrow in peaks and wide in peaks and peaks[narrow] < peaks[wide]
    }
    assert slower == set(SLOWER)


def test_no_spelling_stands_for_two_devices():
    owner = {}
    for name in NAMES:
        for spelling in (name, *hardware[name].aliases):
            plain = re.sub(r"[\s_-]+", "-", spelling.lower())
            assert owner.setdefault(plain, name) == name, spelling
            assert hardware[spelling] is hardware[name]


@every_device
def test_a_link_has_a_name_and_a_bandwidth_or_neither(name):
    device = hardware[name]
    assert bool(device.interconnect) == (device.interconnect_bandwidth is not None)
    assert all(len(text) < 400 for text in (device.note, device.source))


@every_device
def test_a_file_leaves_out_what_is_not_known(name):
    data = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert [key for key, value in data.items() if value in (None, "", {}, [])] == []


@every_device
def test_notes_speak_of_fields_that_a_device_has(name):
    device = hardware[name]
    said = re.findall(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b", f"{device.note} {device.checked_against}")
    assert [word for word in said if not hasattr(device, word) and word not in PEAKS["peak_flops_per_s"]] == []
