"""What the command says when it cannot: one sentence on stderr, exit code 2, nothing on stdout and no traceback."""

from __future__ import annotations

import sys

import pytest

from llm_roofline import __version__
from llm_roofline.__main__ import main as command

LLAMA = ("llama-3.1-8b", "h100-sxm")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "MODEL and HARDWARE are missing. See llm-viewer --help, --list-models and --list-hardware."),
        (("llama-3.1-8b",), "HARDWARE is missing."),
        (("llama-3.1-9b", "h100-sxm"), "Unknown model 'llama-3.1-9b'. Did you mean 'meta-llama/Llama-3.1"),
        (("llama-3.1-8b", "h10"), "Unknown hardware 'h10'. Did you mean 'h10"),
        (("nowhere/config.json", "h100-sxm"), "nowhere/config.json: there is no such file."),
        ((*LLAMA, "--batch-size", "0"), "'batch_size' must be a whole number from 1 to 1,099,511,627,776 (got 0)."),
        ((*LLAMA, "--prompt-tokens", "many"), "'prompt_tokens' must be a whole number from 1 to"),
        ((*LLAMA, "--output-tokens", "1.5"), "(got '1.5')."),
        (
            (*LLAMA, "--prompt-tokens", "140,000"),
            "a context of 140,255 tokens (140,000 prompt + 255 of 256 output) exceeds",
        ),
        ((*LLAMA, "--weights", "bf15"), "Unknown format of weights 'bf15'. Did you mean 'bf16'"),
        ((*LLAMA, "--kv-cache", "x"), "Unknown format of kv_cache 'x'."),
        ((*LLAMA, "--conventions", "mine"), "argument --conventions: invalid choice: 'mine'"),
        ((*LLAMA, "--nope"), "unrecognized arguments: --nope. See llm-viewer --help."),
        ((*LLAMA, "--batch"), "unrecognized arguments: --batch. See llm-viewer --help."),
    ],
)
def test_what_is_refused_is_said_in_one_sentence(llm_viewer, arguments, sentence):
    ran = llm_viewer(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("llm-viewer: ")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e300", "9" * 400])
@pytest.mark.parametrize(
    ("parameter", "accepted"),
    [("tensor-parallel:bandwidth", "a number from 0 to 1e+15"), ("adapters:rank", "a whole number from 0 to 1e+15")],
)
def test_a_parameter_beyond_all_use_is_refused_by_name(llm_viewer, parameter, accepted, value):
    technique, _, name = parameter.partition(":")
    ran = llm_viewer(*LLAMA, "--technique", f"{parameter}={value}")
    assert (ran.code, ran.out) == (2, "")
    assert f"'{name}' of {technique} must be {accepted} (got " in ran.err


def test_a_broken_configuration_lists_all_its_problems(llm_viewer, tmp_path):
    path = tmp_path / "config.json"
    path.write_text('{"model_type": "llama", "hidden_size": -1}')
    ran = llm_viewer(path, "h100-sxm")
    assert (ran.code, ran.out) == (2, "")
    assert "config.json: 'hidden_size' must be a whole number from 1" in ran.err
    assert "config.json: 'num_attention_heads' is missing." in ran.err


def test_a_file_that_is_not_json_is_named(llm_viewer, tmp_path):
    path = tmp_path / "config.json"
    path.write_text("nothing")
    assert "config.json: not JSON" in llm_viewer(path, "h100-sxm").err


@pytest.mark.parametrize("option", ["--csv", "--json"])
def test_a_place_that_cannot_be_written_is_named(llm_viewer, tmp_path, option):
    blocking = tmp_path / "file"
    blocking.write_text("")
    ran = llm_viewer(*LLAMA, option, blocking / "below")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"llm-viewer: {blocking}")
    assert ran.err.endswith("Not a directory.\n")


def test_a_strangers_path_cannot_steer_the_terminal(llm_viewer):
    assert "\x1b" not in llm_viewer("\x1b[2J.json", "h100-sxm").err


def test_the_program_fails_without_a_traceback(program):
    ran = program("no-such-model", "h100-sxm")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("llm-viewer: Unknown model 'no-such-model'.")
    assert "Traceback" not in ran.err


def test_version_and_help_are_answered(llm_viewer, capsys):
    options = ("--batch-size", "--kv-cache", "--conventions", "--csv", "--list-models")
    for asked, answers in (("--version", [f"llm-viewer {__version__}\n"]), ("--help", options)):
        with pytest.raises(SystemExit) as end:
            llm_viewer(asked)
        shown = capsys.readouterr().out
        assert end.value.code == 0
        assert all(answer in shown for answer in answers)


def test_without_rich_a_sentence_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "rich", None)
    assert command() == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "llm-viewer: The tables need rich, which is not installed. Install it: pip install rich\n"
