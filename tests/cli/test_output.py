"""What the command prints: everything that was asked for, legible at any width."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from llm_roofline import Conventions, Scenario, Workload, evaluate, hardware, load_model, models, techniques
from llm_roofline.basics.units import quantity, significant
from llm_roofline.estimates import shortage
from tests.laws.subjects import COVER, FAMILIES
from tests.over import over

pytestmark = pytest.mark.slow  # seconds together; the fast run has what the command checks and refuses

# A line is as wide as the name that stands in it, or as a note on what few kinds of models have.
LONGEST_NAMES = sorted(FAMILIES, key=lambda family: max(len(op.name) for _, op in FAMILIES[family].operators()))[-10:]
PRINTED = sorted({FAMILIES[family].name for family in (*COVER, *LONGEST_NAMES)} & {*models})
LLAMA = ("meta-llama/Llama-3.1-8B", "h100-sxm")
WINDOWED = {
    "model_type": "qwen2",
    "hidden_size": 64,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "num_hidden_layers": 6,
    "intermediate_size": 128,
    "vocab_size": 1000,
    "use_sliding_window": True,
    "sliding_window": 128,
    "max_window_layers": 2,
}


def estimate_of(model, device, **workload):
    return evaluate(Scenario(load_model(model), hardware[device], Workload(**workload)))


def rows_of(text):
    """Cells of every printed line, by two or more blanks."""
    return [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()]


@pytest.fixture
def windowed(tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(WINDOWED))
    return path


@pytest.mark.parametrize("width", [80, 120])
def test_every_operator_of_both_phases_is_printed_with_its_numbers(llm_viewer, width):
    printed = rows_of(llm_viewer(*LLAMA, "--batch-size", "8", width=width).out)
    estimate = estimate_of(*LLAMA, batch_size=8)
    for phase in (estimate.prefill, estimate.decode):
        for row in phase.operators:
            cells = [
                row.name,
                quantity(row.flops, "FLOP"),
                quantity(row.bytes, "B"),
                row.bound,
                quantity(row.time, "s"),
            ]
            assert any(found[0] == row.name and set(cells) <= set(found) for found in printed), cells


@over("model", PRINTED)
def test_no_line_of_any_family_is_wider_than_eighty_columns(llm_viewer, model):
    ran = llm_viewer(model, "h100-sxm", "--prompt-tokens", "512", width=80)
    assert [line for line in ran.out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_cell_is_cut_at_any_width(llm_viewer, width):
    ran = llm_viewer(*LLAMA, width=width)
    assert "…" not in ran.out
    assert "post_attention_layernorm" in ran.out or width < 60  # a narrower one folds it onto a second line
    assert max(map(len, ran.out.splitlines())) <= width


@pytest.mark.parametrize(("width", "shown"), [(80, False), (120, True)])
def test_a_wide_window_adds_kind_and_layers(llm_viewer, width, shown):
    header = next(
        line.split() for line in llm_viewer(*LLAMA, width=width).out.splitlines() if line.startswith("operator")
    )
    assert {"FLOP", "bytes", "FLOP/B", "bound", "time", "share"} <= set(header)
    assert ({"kind", "layers"} <= set(header)) is shown


def test_totals_and_memory_stand_below_the_tables(llm_viewer):
    text = llm_viewer(*LLAMA).out
    estimate = estimate_of(*LLAMA)
    after = text[text.index("Totals") :]
    for value in (
        quantity(estimate.ttft, "s"),
        quantity(estimate.tpot, "s"),
        quantity(estimate.latency, "s"),
        f"{significant(estimate.tokens_per_s)} tokens/s",
        quantity(estimate.memory.weight_bytes, "B"),
        quantity(estimate.memory.kv_cache_bytes, "B"),
        quantity(estimate.memory.activation_bytes, "B"),
        quantity(estimate.memory.capacity_bytes, "B"),
        f"largest batch that fits is {estimate.memory.largest_batch:,}",
    ):
        assert value in after


def test_throughput_of_several_devices_is_told_for_each(llm_viewer):
    e = evaluate(estimate_of(*LLAMA).scenario.using(techniques["tensor-parallel"].with_(degree=4)))
    printed = " ".join(llm_viewer(*LLAMA, "--technique", "tensor-parallel:degree=4").out.split())
    assert f"on each of 4 devices {significant(e.tokens_per_s / 4)} tokens/s" in printed
    assert "devices" not in llm_viewer(*LLAMA).out


def test_the_takeaway_is_the_last_word(llm_viewer):
    printed = " ".join(llm_viewer(*LLAMA).out.split())
    assert printed.endswith(" ".join(estimate_of(*LLAMA).takeaway.split()))


def test_what_does_not_fit_says_so_in_words(llm_viewer):
    printed = " ".join(llm_viewer("meta-llama/Llama-3.1-8B", "lpu-v1").out.split())
    lacks = shortage(estimate_of("meta-llama/Llama-3.1-8B", "lpu-v1").memory)
    assert "Does not fit" in printed
    assert f"output tokens of the batch a second does not fit, {lacks}" in printed
    assert "tokens/s" not in printed


def test_a_name_that_is_not_exact_is_read_and_said(llm_viewer):
    printed = " ".join(llm_viewer("NousResearch/Hermes-3-Llama-3.1-8B", "NVIDIA H100 80GB HBM3").out.split())
    assert "Note: 'NousResearch/Hermes-3-Llama-3.1-8B' is read as meta-llama/Llama-3.1-8B." in printed
    assert "Note: 'NVIDIA H100 80GB HBM3' is read as h100-sxm." in printed


def test_a_format_that_the_device_lacks_is_noted(llm_viewer):
    notes = estimate_of(*LLAMA).notes
    ran = llm_viewer("llama-3.1-8b", "a100-sxm-80gb", "--weights", "fp8", "--activations", "fp8")
    assert not notes
    assert "Note: a100-sxm-80gb has no fp8 peak; computing at" in " ".join(ran.out.split())


def test_without_flash_attention_its_three_operators_run(llm_viewer):
    assert "softmax" not in llm_viewer(*LLAMA).out
    assert "softmax" in llm_viewer(*LLAMA, "--no-flash-attention").out


def test_the_conventions_of_the_paper_run_without_flash_attention_unless_asked(llm_viewer):
    paper = evaluate(Scenario(models[LLAMA[0]], hardware[LLAMA[1]], conventions=Conventions.paper))
    ran = llm_viewer(*LLAMA, "--conventions", "paper")
    assert "conventions of the paper" in ran.out
    assert "softmax" in ran.out
    assert quantity(paper.prefill.flops, "FLOP") in ran.out
    assert "softmax" not in llm_viewer(*LLAMA, "--conventions", "paper", "--flash-attention").out


def test_groups_of_layers_are_told_apart(llm_viewer, windowed):
    lines = llm_viewer(windowed, "h100-sxm").out.splitlines()
    assert lines.index("full layers") < lines.index("sliding layers") < lines.index("head")


@pytest.mark.parametrize(
    ("output_tokens", "title"),
    [(1, "Decode, the step that would follow"), (2, "Decode, one step"), (3, "Decode, mean of 2 steps")],
)
def test_the_title_of_decode_says_what_it_is_the_mean_of(llm_viewer, output_tokens, title):
    assert title in llm_viewer(*LLAMA, "--output-tokens", output_tokens).out.splitlines()


@pytest.mark.parametrize(
    ("model", "lines"),
    [
        (
            "whisper-tiny",
            [
                "batch 1 · 1,500 prompt tokens · 256 output tokens · FlashAttention",
                "Encoder, 1,500 tokens a request",
                "Prefill, the first token",
                "Decode, mean of 255 steps",
            ],
        ),
        (
            "DiT-XL-2",
            [
                "batch 1 · 256 patches of an image · 250 denoising steps · FlashAttention",
                "Denoising, 256 patches a request, each of 250 steps",
            ],
        ),
        ("Qwen3-VL-8B-Instruct", ["Vision, one image of 2,304 patches a request, not in the totals"]),
        ("gpt2", ["batch 1 · 512 prompt tokens · 128 output tokens · FlashAttention", "Prefill, 512 tokens a request"]),
    ],
)
def test_a_workload_that_is_left_out_suits_the_model_and_every_pass_has_its_title(llm_viewer, model, lines):
    ran = llm_viewer(model, "h100-sxm")
    assert (ran.code, ran.err) == (0, "")
    assert set(lines) <= set(ran.out.splitlines())


@pytest.mark.parametrize(
    ("model", "formats", "kept"),
    [
        ("gpt-oss-20b", "weights bf16 · experts mxfp4 · activations bf16 · KV cache bf16 · head bf16", "KV cache"),
        (
            "Qwen3.5-27B",
            "weights bf16 · activations bf16 · KV cache bf16 · states fp32 · head bf16",
            "KV cache and states",
        ),
        ("mamba-130m-hf", "weights bf16 · activations bf16 · states fp32 · head bf16", "states"),
        ("DiT-S-8", "weights bf16 · activations bf16 · head bf16", ""),
    ],
)
def test_formats_and_memory_name_what_the_model_has_and_nothing_else(llm_viewer, model, formats, kept):
    lines = llm_viewer(model, "h100-sxm").out.splitlines()
    assert formats in lines
    memory = [line.strip().partition("  ")[0] for line in lines[lines.index("Memory at the longest context") + 1 :]]
    assert memory[: memory.index("total")] == ["weights", *filter(None, [kept]), "activations"]


def test_no_number_of_a_diffusion_transformer_is_a_token(llm_viewer):
    assert "token" not in llm_viewer("DiT-XL-2", "h100-sxm").out


def test_a_model_is_a_name_a_file_or_a_folder(llm_viewer, windowed):
    assert llm_viewer(windowed, "h100-sxm").out == llm_viewer(windowed.parent, "h100-sxm").out
    assert llm_viewer("llama-3.1-8b", "h100-sxm").out == llm_viewer(*LLAMA).out


def test_a_strangers_name_neither_steers_the_terminal_nor_is_read_as_markup(llm_viewer, windowed):
    folder = windowed.parent / "[red]\x1b[2Jevil"
    folder.mkdir()
    windowed.rename(folder / "config.json")
    text = llm_viewer(folder, "h100-sxm").out
    assert "\x1b" not in text
    assert "[red]�[2Jevil" in text


@pytest.mark.parametrize(("option", "catalogue"), [("--list-models", models), ("--list-hardware", hardware)])
@pytest.mark.parametrize("width", [80, 120])
def test_a_catalogue_is_listed_whole_with_one_line_each(llm_viewer, option, catalogue, width):
    ran = llm_viewer(option, width=width)
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()[2:]] == list(catalogue.names())
    assert max(map(len, ran.out.splitlines())) <= width


def test_piped_output_is_plain_text_without_escapes(program):
    ran = program(*LLAMA)
    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    assert [line for line in ran.out.splitlines() if line != line.rstrip() or len(line) > 80] == []


def test_an_encoding_without_our_characters_is_no_reason_to_fail(program):
    ran = program(*LLAMA, PYTHONIOENCODING="ascii")
    assert (ran.code, ran.err) == (0, "")
    assert "post_attention_layernorm" in ran.out


def test_a_reader_that_has_seen_enough_is_no_error(program):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        ran = program("--list-hardware", stdout=closed)
    assert (ran.code, ran.err) == (0, "")


def test_a_full_disk_is_one_sentence(program):
    with Path("/dev/full").open("wb") as full:
        ran = program("--list-hardware", stdout=full)
    assert (ran.code, ran.err) == (2, "llm-viewer: No space left on device.\n")


def test_techniques_are_switched_on_by_name_with_parameters(llm_viewer):
    asked = "--technique", "tensor-parallel:degree=8,latency=5", "--technique", "prefix-cache"
    ran = llm_viewer("llama-3.1-70b", "h100-sxm", *asked, width=160)
    assert "FlashAttention · tensor parallelism · prefix cache" in ran.out
    assert "8, each with this memory" in ran.out


def test_the_list_of_techniques_has_each_with_its_parameters(llm_viewer):
    out = llm_viewer("--list-techniques").out
    for name, technique in techniques.items():
        assert f"\n{name}" in out
        assert technique.mechanism[:30] in out
    assert "low-rank:rank=0.25" in out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tensor-paralel", "Unknown technique 'tensor-paralel'. Did you mean 'tensor-parallel'"),
        ("tensor-parallel:degree", "a parameter of tensor-parallel must be written name=value (got 'degree')."),
        (
            "tensor-parallel:degree=two",
            "'degree' of tensor-parallel must be a whole number from 1 to 1024 (got 'two').",
        ),
        ("tensor-parallel:size=2", "tensor-parallel has no parameter 'size'."),
        ("expert-parallel", "expert parallelism divides experts, and this model has none."),
    ],
)
def test_a_technique_that_is_not_accepted_says_what_is(llm_viewer, text, message):
    ran = llm_viewer("llama-3.1-8b", "h100-sxm", "--technique", text)
    assert message in ran.err.replace("\n  ", " ")
