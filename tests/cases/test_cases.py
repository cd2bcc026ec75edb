"""Cases with made-up files: what is right, wrong, refused or noted is told apart."""

from __future__ import annotations

import json

import pytest

from llm_roofline import models
from tests.cases.__main__ import main
from tests.cases.verdict import told, verdict

TINY = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 96,
    "vocab_size": 128,
    "tie_word_embeddings": True,
    "max_position_embeddings": 512,
}
LAYER = 64 * 64 * 2 + 64 * 32 * 2 + 3 * 64 * 96 + 2 * 64
PARAMETERS = 128 * 64 + 2 * LAYER + 64
RIGHT = {
    "parameters": PARAMETERS,
    "weight_bytes": 2 * PARAMETERS,
    "decode_weight_read": 2 * PARAMETERS,
    "kv_bytes_per_token": 2 * 2 * 32 * 2,
    "context_limit": 512,
    "activations": "bf16",
    "format_of_experts": "bf16",
    "expert_bytes": 0,
}
LINEAR = 2 * (2 * LAYER - 4 * 64)  # FLOP of a token, of which norms are no part
ATTENTION = 2 * 2 * 64 * 2  # FLOP of a pair of tokens in all heads of both layers
FLOPS = {
    "prefill": 2 * (96 * LINEAR + 96 * 96 * ATTENTION + 2 * 128 * 64),
    "decode": 2 * (LINEAR + 97 * ATTENTION + 2 * 128 * 64),
}
COUNTED = {"parameters_text": PARAMETERS, "parameters_total": PARAMETERS, "matmul_flop": {"batch": 2} | FLOPS}


def reported(how="fields", given=TINY, expect=RIGHT, accept=""):
    return verdict({"how": how, "input": given, "expect": expect, "tolerance": 0, "accept": accept})


def test_every_quantity_is_measured():
    assert reported().word == "right"
    assert {name for name in RIGHT if reported(expect={name: 12345}).word == "right"} == set()


def test_a_wrong_quantity_stands_beside_the_right_one():
    found = reported(expect={"parameters": 12345, "context_limit": 512})
    assert (found.word, found.text) == ("wrong", f"parameters {PARAMETERS:,} (right: 12,345)")


def test_one_of_several_is_right():
    assert reported(expect={"parameters_any_of": [5, PARAMETERS]}).word == "right"
    assert reported(expect={"parameters_any_of": [5, 6]}).text.endswith("(right: 5 or 6)")


def test_a_quantity_that_is_not_measured_is_not_right():
    assert "is not measured; parameters, weight_bytes," in reported(expect={"speed": 5}).text


def test_a_refusal_is_accepted_where_the_case_says_so_and_it_names_what_is_refused():
    strange = TINY | {"model_type": "lama"}
    assert reported(given=strange, accept="the values, or a refusal").word == "refused"
    assert reported(given=strange, accept="the values").word == "wrong"
    assert reported("catalogue", {"catalogue": "llama-3.1-8b", "change": {"head_dim": -1}}, accept="refused").word == (
        "refused"
    )


def test_a_sentence_has_to_name_something_of_the_input():
    assert told("'bits' is not understood.", ["bits"])
    assert told("adapter_config.json describes an adapter.", ["adapter_config.json"])
    assert not told("The device has no peak of four bits.", ["bits", "peak", "r"])


@pytest.mark.parametrize("accept", ["the values, or a note", "the values"])
def test_a_note_is_accepted_where_the_case_says_so(accept):
    folder = {
        "files": {"config.json": TINY},
        "safetensors": {
            "model.safetensors": {
                "layers": 2,
                "tensors": [
                    ["model.embed_tokens.weight", "F32", [128, 64]],
                    ["model.layers.{i}.mlp.up_proj.weight", "F32", [96, 64]],
                ],
            }
        },
    }
    found = reported("folder", folder, {"weight_bytes": 5}, accept)
    assert found.word == ("noted" if "note" in accept else "wrong")


def test_a_gguf_file_is_a_case():
    fields = {"general.architecture": "llama", "llama.block_count": 2, "llama.embedding_length": 64}
    fields |= {"llama.attention.head_count": 4, "llama.feed_forward_length": 96, "llama.context_length": 512}
    tensors = [["token_embd.weight", 1, [64, 128]], ["blk.{i}.ffn_up.weight", 2, [64, 96]]]
    given = {"gguf": {"tiny.gguf": {"fields": fields, "layers": 2, "tensors": tensors}}}
    assert reported("gguf", given, {"context_limit": 512}).word == "right"


def test_what_another_implementation_counted_is_compared_to_the_unit():
    assert verdict({"config": TINY, "expected": COUNTED}).word == "right"
    off = COUNTED | {"matmul_flop": FLOPS | {"decode": FLOPS["decode"] + 1}}
    assert verdict({"config": TINY, "expected": off}).text == (
        f"matrix FLOP of the decode {FLOPS['decode']:,} (right: {FLOPS['decode'] + 1:,})"
    )
    assert verdict({"config": TINY | {"head_dim": -1}, "expected": COUNTED}).word == "wrong"


def test_a_tower_is_counted_beside_the_text():
    model = models["qwen/qwen3-vl-8b-instruct"]
    text = {"parameters_text": model.parameters, "parameters_total": model.parameters}
    assert "parameters with the tower" in verdict({"config": dict(model.config), "expected": text}).text


def test_a_folder_is_run_but_for_families_that_are_not_read(tmp_path, capsys):
    (tmp_path / "configs").mkdir()
    counted = json.dumps({"config": TINY, "expected": COUNTED})
    (tmp_path / "configs" / "one.json").write_text(counted, encoding="utf-8")
    (tmp_path / "configs" / "type-two.json").write_text("{}", encoding="utf-8")
    assert main(str(tmp_path)) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 cases: 1 right"
    (tmp_path / "three.json").write_text(counted.replace(f'"parameters_text": {PARAMETERS}', '"parameters_text": 1'))
    assert main(str(tmp_path)) == 1
    assert main(str(tmp_path), "one") == 0


def test_a_folder_that_is_not_there_is_no_fault(tmp_path, capsys):
    assert main(str(tmp_path / "nowhere")) == 0
    assert "There are no reported cases in" in capsys.readouterr().out
