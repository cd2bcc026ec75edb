"""Every data file of the catalogue speaks the vocabulary, and a file that does not is refused by field."""

import json
from dataclasses import fields

import pytest

from llm_roofline import Hardware, HardwareError, hardware
from llm_roofline.devices import data_files
from llm_roofline.devices.data_files import FOLDER, problems, read
from llm_roofline.devices.vocabulary import ARCHITECTURES, REQUIRED, RULES
from llm_roofline.formats.sparsity import _SPEEDS
from tests.over import over

WHOLE = json.loads((FOLDER / "h100-sxm.json").read_text(encoding="utf-8"))
LEFT = "one line of 1 to 400 characters, no blanks around it"

# Wrong values of each field, each with words of the sentence that refuses it.
WRONG = [
    ("name", "H100 SXM", "'name' must be lower-case letters and digits with hyphens between them (got 'H100 SXM')."),
    ("name", "h100-pcie", "'name' must be that of the file (got 'h100-pcie')."),
    ("title", "", "'title' must be one line of 1 to 80 characters, no blanks around it (got '')."),
    ("title", " NVIDIA H100", "'title' must be one line"),
    ("title", "H100", "'title' must begin with the vendor, NVIDIA (got 'H100')."),
    ("vendor", "Nvidia", "(got 'Nvidia'). Did you mean 'NVIDIA'?"),
    ("vendor", "AMD", "'title' must begin with the vendor, AMD"),
    ("architecture", "Hoper", "(got 'Hoper'). Did you mean 'Hopper'?"),
    ("architecture", "hopper", "(got 'hopper'). Did you mean 'Hopper'?"),
    ("architecture", "Hopper ultra", "behind it may stand a chip such as GA100 (got 'Hopper ultra')."),
    ("architecture", "CDNA3", "'architecture' must be one of NVIDIA's: Volta, Turing, Ampere, Ada, Hopper, "),
    ("kind", "NPU", "'kind' must be one of gpu, cpu, npu, soc, tpu (got 'NPU'). Did you mean 'npu'?"),
    ("kind", 3, "'kind' must be one of gpu, cpu, npu, soc, tpu (got 3)."),
    ("year", 22, "'year' must be a whole number from 2006 to 2035 (got 22)."),
    ("year", 2022.5, "'year' must be a whole number"),
    ("memory_bytes", 80, "'memory_bytes' must be a number from 100 MB to 10.0 TB, in B (got 80)."),
    ("memory_bytes", "80e9", "'memory_bytes' must be a number"),
    ("memory_bytes", float("nan"), "'memory_bytes' must be a number"),
    ("memory_bandwidth", 3352, "'memory_bandwidth' must be a number from 10.0 GB/s to 100 PB/s, in B/s (got 3352)."),
    ("memory_type", "HBM 3", "(got 'HBM 3'). Did you mean 'HBM3'?"),
    ("memory_type", "DDR5-48 x12", "behind it may stand -MT/s and xCHANNELS, as in DDR5-4800 x12"),
    ("peaks", "sparse", "'peaks' must be one of dense (got 'sparse')."),
    ("peak_flops_per_s", {}, "'peak_flops_per_s' must be an object of int4, fp4, "),
    ("peak_flops_per_s", {"bf16": 989.4}, "and each a number from 10.0 GFLOP/s to 1.00 EFLOP/s, in FLOP/s"),
    ("peak_flops_per_s", {"bfloat16": 1e15}, "(got {'bfloat16': 1000000000000000.0}). Did you mean 'bf16'?"),
    ("vector_flops_per_s", {"fp8": 1e14}, "'vector_flops_per_s' must be an object of fp32, fp16, and each a number"),
    ("l2_bytes", 50, "'l2_bytes' must be a number from 100 kB to 1.00 TB, in B (got 50)."),
    ("l3_bytes", None, "'l3_bytes' must be a number"),
    ("local_memory_bytes", 256, "'local_memory_bytes' must be a number from 1.00 kB to 1.00 GB, in B (got 256)."),
    ("register_bytes", 256, "'register_bytes' must be a number"),
    ("multiprocessors", 132.5, "'multiprocessors' must be a whole number from 1 to 10000000 (got 132.5)."),
    ("multiprocessors", True, "'multiprocessors' must be a whole number"),
    ("interconnect", "NVLINK4", "(got 'NVLINK4'). Did you mean 'NVLink 4'?"),
    ("interconnect", "NVLink 44", "behind it may stand details, as in NVLink 3 bridge (got 'NVLink 44')."),
    ("interconnect_bandwidth", 450, "'interconnect_bandwidth' must be a number from 1.00 GB/s"),
    ("host_link", "PCIe5", "'host_link' must be a link such as PCIe 5.0 x16 (got 'PCIe5')."),
    ("tdp", 10**400, "'tdp' must be a number from 1.00 W to 100 kW, in W (got 1000"),
    ("tdp", 0, "'tdp' must be a number from 1.00 W to 100 kW, in W (got 0)."),
    ("source", "", f"'source' must be {LEFT}"),
    ("url", "http://example.com/a.pdf", "'url' must be an address that begins with https://"),
    ("url", "https://see the datasheet", "'url' must be an address"),
    ("confidence", "what-if", "'confidence' must be one of datasheet, derived, secondary (got 'what-if')."),
    ("note", "one\ntwo", f"'note' must be {LEFT}"),
    ("checked_against", "x" * 401, f"'checked_against' must be {LEFT}"),
    ("aliases", ["H100 SXM"], "'aliases' must be a list, and each item a name without blanks"),
    ("aliases", "h100", "'aliases' must be a list"),
]  # fmt: skip


@over("name", hardware.names())
def test_every_device_speaks_the_vocabulary(name):
    assert list(problems(name, json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))) == []
    assert hardware[name].name == name


def test_every_figure_has_a_rule_and_wrong_values_that_it_refuses():
    figures = {entry.name for entry in fields(Hardware)} - {"based_on"}  # a file is no what-if device
    assert set(RULES) == figures
    assert {field for field, *_ in WRONG} == figures


@pytest.mark.parametrize(("field", "value", "words"), WRONG)
def test_a_wrong_value_is_refused_in_one_sentence_that_says_what_is_accepted(field, value, words):
    assert words in next(problems("h100-sxm", {**WHOLE, field: value}))


@pytest.mark.parametrize("field", REQUIRED)
def test_a_field_that_no_file_leaves_out_is_missed_by_its_name(field):
    data = {key: value for key, value in WHOLE.items() if key != field}
    assert list(problems("h100-sxm", data)) == [f"'{field}' is missing; it must be {RULES[field].accepted}."]


def test_a_link_and_its_bandwidth_come_together():
    data = {key: value for key, value in WHOLE.items() if key != "interconnect_bandwidth"}
    assert list(problems("h100-sxm", data)) == [
        "'interconnect' and 'interconnect_bandwidth' must both be there, or neither."
    ]


@pytest.mark.parametrize("data", [None, [], "h100-sxm", 3])
def test_a_file_that_is_no_object_is_refused(data):
    (problem,) = problems("h100-sxm", data)
    assert problem.startswith("a device is an object of figures (got ")


def test_a_file_is_read_with_all_its_problems_and_its_name(monkeypatch, tmp_path):
    monkeypatch.setattr(data_files, "FOLDER", tmp_path)
    text = json.dumps({**WHOLE, "kind": "NPU", "bandwith": 1, "based_on": "h100-pcie"})
    (tmp_path / "h100-sxm.json").write_text(text, encoding="utf-8")
    with pytest.raises(HardwareError) as caught:
        read("h100-sxm")
    first, second, third = str(caught.value).split("\n")
    assert first == ("h100-sxm.json: 'kind' must be one of gpu, cpu, npu, soc, tpu (got 'NPU'). Did you mean 'npu'?")
    assert second.startswith("h100-sxm.json: unknown figure 'bandwith'. Did you mean 'memory_bandwidth'")
    assert third.startswith("h100-sxm.json: unknown figure 'based_on'.")


def test_devices_that_users_make_are_as_free_as_before():
    mine = Hardware(
        name="My Card", title="Mine", memory_bytes=1, memory_bandwidth=1, peak_flops_per_s={"bf16": 1}, kind="NPU"
    )
    assert mine.with_(vendor="me", memory_type="new").memory_type == "new"
    assert hardware["h100-sxm"].with_(memory_bytes=1, architecture="Next").architecture == "Next"


def test_architectures_with_sparse_units_are_words_of_the_vocabulary():
    known = [architecture for vendor in ARCHITECTURES.values() for architecture in vendor]
    assert [name for name in _SPEEDS if name not in known] == []
