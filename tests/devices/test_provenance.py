"""Every figure leads to its source, and a weak one says so wherever it is shown."""

import html
from dataclasses import fields

import pytest

from llm_roofline import Hardware, Scenario, evaluate, hardware, models
from llm_roofline.cli import main
from llm_roofline.devices import caveats, data_sheet, doubts, origin
from llm_roofline.devices.sheet import SHEET
from llm_roofline.devices.vocabulary import DOUBTS
from llm_viewer_widgets import LLMViewer
from tests.over import over

LLAMA = models["llama-3.1-8b"]
H100, M1 = hardware["h100-sxm"], hardware["m1-max"]
FASTER = H100.with_(memory_bandwidth=4.8e12)
MINE = Hardware(name="mine", title="Mine", memory_bytes=1e11, memory_bandwidth=1e12, peak_flops_per_s={"bf16": 1e12})
DATASHEET = (
    "NVIDIA H100 datasheet 2023 and Hopper whitepaper (datasheet), "
    "https://resources.nvidia.com/en-us-tensor-core/nvidia-tensor-core-gpu-datasheet"
)
WEAK = (
    "Figures of m1-max are derived: Apple tech specs (bandwidth, cores); GPU 1.296 GHz x 32 cores x 128 FMA. "
    "Apple publishes bandwidth and core count; clock, hence TFLOPS, is from third-party readings (about +/-8%)."
)
MANY = (
    "h100-sxm* is h100-sxm with memory 1.000 B instead of 80.00 GB, no year of launch, no type of memory "
    "and 2 more changes."
)
CHANGED = "h100-sxm* is h100-sxm with memory bandwidth 4.800 TB/s instead of 3.352 TB/s."


def explained(device, operator="q_proj", **changes):
    lines = evaluate(Scenario(LLAMA, device).update(**changes)).decode.operators[operator].explain().splitlines()
    return [line.strip() for line in lines if line.startswith(("  device", "  note"))]


def test_every_figure_of_a_device_has_a_row_on_its_data_sheet():
    assert set(SHEET) == {entry.name for entry in fields(Hardware)}


@over("name", hardware.names())
def test_a_data_sheet_has_every_figure_that_is_known(name):
    device, rows = hardware[name], data_sheet(hardware[name])
    known = sum(bool(getattr(device, figure)) for figure in SHEET) - bool(device.vector_flops_per_s) - 1
    assert len(rows) == known + len(device.peak_flops_per_s) + len(device.vector_flops_per_s)
    assert all(label and text for label, text in rows)


def test_a_data_sheet_writes_figures_with_their_units():
    rows = dict(data_sheet(H100))
    assert rows["memory bandwidth"] == "3.352 TB/s"
    assert (rows["bf16 peak"], rows["fp32 vector peak"]) == ("989.4 TFLOP/s", "66.90 TFLOP/s")
    assert (rows["multiprocessors"], rows["year of launch"]) == ("132", "2022")
    assert rows["thermal design power"] == "700.0 W"
    assert dict(data_sheet(FASTER))["based on"] == "h100-sxm"


def test_a_figure_leads_to_document_confidence_and_address():
    assert origin(H100, "memory_bandwidth") == origin(H100, "peak_flops_per_s", "bf16") == DATASHEET
    assert origin(FASTER, "memory_bandwidth") == "changed from 3.352 TB/s of h100-sxm (what-if)"
    assert origin(FASTER, "peak_flops_per_s", "bf16") == DATASHEET
    assert (
        origin(H100.with_(peak_flops_per_s={"fp4": 4e15}), "peak_flops_per_s", "fp4") == "added to h100-sxm (what-if)"
    )
    assert origin(MINE, "memory_bandwidth") == "no source (what-if)"


@over("name", hardware.names())
def test_a_weak_device_says_so_and_one_by_its_datasheet_says_nothing(name):
    device, found = hardware[name], caveats(hardware[name])
    assert len(found) == (device.confidence != "datasheet" or bool(doubts(device)))
    assert all(device.name in sentence and device.source in sentence for sentence in found)


@pytest.mark.parametrize(
    ("device", "sentences"),
    [
        (FASTER, (CHANGED,)),
        (M1, (WEAK,)),
        (M1.with_(tdp=50), ("m1-max* is m1-max with thermal design power 50.00 W instead of 60.00 W.", WEAK)),
        (MINE, ("Figures of mine are assumed, without a source.",)),
        (H100.with_(name="same"), ()),
        (
            H100.with_(peak_flops_per_s={"fp8": None, "fp4": 4e15}),
            ("h100-sxm* is h100-sxm with fp4 peak 4.000 PFLOP/s and no fp8 peak.",),
        ),
        (
            H100.with_(year=None, tdp=1, l2_bytes=1, memory_type="", memory_bytes=1),
            (MANY,),
        ),
    ],
)
def test_caveats_name_what_was_changed_and_what_is_weak(device, sentences):
    assert caveats(device) == sentences


@pytest.mark.parametrize("word", DOUBTS)
def test_a_sentence_of_the_note_that_doubts_is_told_and_no_other(word):
    device = MINE.with_(note=f"All is well. The clock is {word}. Nothing else", confidence="datasheet")
    assert doubts(device) == f"The clock is {word}."
    assert caveats(device) == (f"Of mine*: The clock is {word}.",)
    assert doubts(MINE.with_(note="Tweaked through and through")) == ""


def test_an_explanation_says_where_peak_and_bandwidth_come_from():
    assert explained(H100) == [f"device  bf16 989.4 TFLOP/s and memory 3.352 TB/s of h100-sxm: {DATASHEET}"]
    assert explained(H100, "input_layernorm") == [
        f"device  fp32 66.90 TFLOP/s and memory 3.352 TB/s of h100-sxm: {DATASHEET}"
    ]
    assert explained(FASTER) == [
        f"device  bf16 989.4 TFLOP/s of h100-sxm*: {DATASHEET}",
        "device  memory 4.800 TB/s of h100-sxm*: changed from 3.352 TB/s of h100-sxm (what-if)",
    ]
    sparse = explained(H100, techniques=["structured-sparsity"])
    assert sparse[0].startswith("device  bf16 989.4 TFLOP/s (2 times that with 2:4 sparsity) and memory 3.352 TB/s")


def test_an_explanation_says_what_is_weak():
    device, note = explained(M1)
    assert "(derived), https://" in device
    assert note == f"note    {doubts(M1)}"


@pytest.mark.parametrize(
    ("technique", "start"),
    [
        ("host-compute", "device  bf16 114.7 TFLOP/s and memory 307.2 GB/s of xeon-8480plus: Intel ARK; "),
        ("processing-in-memory", "device  bf16 6.000 TFLOP/s and memory 10.00 TB/s of h100-sxm (in memory): HBM-PIM, "),
    ],
)
def test_an_operator_elsewhere_is_explained_by_the_device_that_it_runs_on(technique, start):
    assert explained(H100, "attention", techniques=[technique])[0].startswith(start)
    assert explained(H100, "q_proj", techniques=[technique])[0].startswith("device  bf16 989.4 TFLOP/s")
    notes = evaluate(Scenario(LLAMA, H100).update(techniques=[technique])).notes
    assert any(note.startswith(("Figures of xeon-8480plus", "Figures of h100-sxm (in memory)")) for note in notes)


@pytest.mark.parametrize(("device", "sentence"), [(M1, WEAK), (FASTER, CHANGED)])
def test_estimate_and_board_say_what_is_weak_or_changed(device, sentence):
    assert evaluate(Scenario(LLAMA, device)).notes == (sentence,)
    board = LLMViewer(LLAMA, device)
    headline = next(child for child in board.children if type(child).__name__ == "Headline")
    assert html.escape(sentence) in headline.value
    board.hardware = H100
    assert html.escape(sentence) not in headline.value
    board.close()


def test_the_command_says_what_is_weak_and_shows_a_device_whole(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["llama-3.1-8b", "m1-max"]) == 0
    assert f"Note: {WEAK}" in " ".join(capsys.readouterr().out.split())
    assert main(["--show-hardware", "H100 SXM"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    bare = "".join(out.split())
    assert all("".join(text.split()) in bare for row in data_sheet(H100) for text in row)
    assert main(["--show-hardware", "H100"]) == 2
    assert "Unknown hardware 'H100'. Did you mean 'h100-nvl'" in capsys.readouterr().err
