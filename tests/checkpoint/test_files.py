"""Headers of checkpoints: what is stored is read exactly, and whatever a stranger sends is tensors or a sentence."""

from __future__ import annotations

import json
import struct
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llm_roofline import CheckpointError
from llm_roofline.checkpoint import gguf_fields, is_checkpoint, stored_tensors
from llm_roofline.checkpoint.files import INDEX
from tests.checkpoint.written import HEADER, gguf, safetensors

FIELDS = {"general.architecture": "llama", "llama.block_count": 2, "tokenizer.tokens": ["a", "b"], "x": [1, 2, 3]}


def test_a_safetensors_file_says_name_type_shape_and_bytes(tmp_path):
    path = safetensors(tmp_path / "model.safetensors", {"a.weight": ("BF16", [4, 8]), "b": ("F8_E4M3", [3])})
    assert [(t.name, t.dtype, t.shape, t.nbytes) for t in stored_tensors(path)] == [
        ("a.weight", "BF16", (4, 8), 64),
        ("b", "F8_E4M3", (3,), 3),
    ]
    assert stored_tensors(tmp_path) == stored_tensors(path)


def test_a_gguf_file_says_the_bytes_of_its_blocks(tmp_path):
    path = gguf(tmp_path / "m.gguf", FIELDS, {"blk.0.attn_q.weight": (12, [256, 8]), "token_embd.weight": (8, [64, 5])})
    assert [(t.name, t.dtype, t.shape, t.nbytes) for t in stored_tensors(path)] == [
        ("blk.0.attn_q.weight", "Q4_K", (8, 256), 8 * 144),
        ("token_embd.weight", "Q8_0", (5, 64), 10 * 34),
    ]


def test_the_files_of_an_index_are_read_together(tmp_path):
    for number in (1, 2):
        safetensors(tmp_path / f"model-{number}.safetensors", {f"t{number}": ("F32", [number])})
    safetensors(tmp_path / "other.safetensors", {"not mine": ("F32", [1])})
    places = {"t1": "model-1.safetensors", "t2": "model-2.safetensors"}
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": places}))
    assert [t.name for t in stored_tensors(tmp_path)] == ["t1", "t2"]


def test_a_folder_without_a_checkpoint_is_none(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    assert not is_checkpoint(tmp_path)
    with pytest.raises(CheckpointError, match=r"no \.safetensors and no \.gguf file is there"):
        stored_tensors(tmp_path)


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ({"weight_map": {"a": "../secret.safetensors"}}, "must name .safetensors files of its own folder"),
        ({"weight_map": {"a": "/etc/passwd"}}, "must name .safetensors files of its own folder"),
        ({"weight_map": {"a": "x.safetensors"}}, "1 of its 1 files are not there, such as 'x.safetensors'"),
        ({"weight_map": [1]}, "holds no map of tensors to files"),
        ({}, "holds no map of tensors to files"),
    ],
)
def test_an_index_leads_to_no_other_place(tmp_path, index, message):
    (tmp_path / INDEX).write_text(json.dumps(index))
    with pytest.raises(CheckpointError, match=message):
        stored_tensors(tmp_path)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b"{ ", "its header is not JSON"),
        (b"[]", "must be a JSON object"),
        (b"[" * 200_000, "its header is not JSON"),
        (b'{"a": 1}', "'a' must be an object"),
        (b'{"a": {}, "a": {}}', "a name occurs twice"),
        (b'{"a": {"dtype": 1, "shape": [], "data_offsets": [0, 0]}}', "'dtype' must be a text"),
        (b'{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 0]}}', "'shape' must be whole numbers"),
        (b'{"a": {"dtype": "F32", "shape": [1e3], "data_offsets": [0, 0]}}', "'shape' must be whole numbers"),
        (b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 999]}}', "'data_offsets' must be two places"),
        (b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}', "'data_offsets' must be two places"),
        (b'{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}', "do not take 4 bytes"),
        (
            json.dumps(
                {n: {"dtype": "F32", "shape": [1], "data_offsets": [p, p + 4]} for n, p in (("a", 0), ("b", 2))}
            ).encode(),
            "'b' lies over another tensor",
        ),
    ],
)
def test_a_header_that_is_not_sound_is_told(tmp_path, header, message):
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"\0" * 8)
    with pytest.raises(CheckpointError, match=message):
        stored_tensors(path)


@pytest.mark.parametrize("length", [0, 1, 2**63, 10**9])
def test_a_header_longer_than_its_file_is_not_read(tmp_path, length):
    path = tmp_path / "model.safetensors"
    path.write_bytes(length.to_bytes(8, "little") + b"{}")
    with pytest.raises(CheckpointError, match="its header cannot have"):
        stored_tensors(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GGML", "it begins otherwise"),
        (HEADER.pack(b"GGUF", 1, 0, 0), "version 1 of GGUF is not read"),
        (struct.pack(">4sIQQ", b"GGUF", 3, 0, 0), "little-endian, are"),
        (HEADER.pack(b"GGUF", 3, 2**60, 0), "tensors are too many"),
        (HEADER.pack(b"GGUF", 3, 0, 2**60), "fields are too many"),
        (HEADER.pack(b"GGUF", 3, 1, 0), "ends within its header"),
        (HEADER.pack(b"GGUF", 3, 0, 1) + struct.pack("<Q1sIIQ", 1, b"k", 9, 8, 2**50), "elements of an array"),
        (HEADER.pack(b"GGUF", 3, 0, 1) + struct.pack("<Q1sIIQ", 1, b"k", 9, 9, 1), "an array of the type 9"),
        (HEADER.pack(b"GGUF", 3, 0, 1) + struct.pack("<Q1sI", 1, b"k", 99), "a value of the type 99"),
        (HEADER.pack(b"GGUF", 3, 1, 0) + struct.pack("<Q1sI", 1, b"t", 99), "has 99 dimensions"),
        (HEADER.pack(b"GGUF", 3, 1, 0) + struct.pack("<Q1sIQIQ", 1, b"t", 1, 32, 77, 0), "has the type 77"),
        (HEADER.pack(b"GGUF", 3, 1, 0) + struct.pack("<Q1sIQIQ", 1, b"t", 1, 33, 8, 0), "of 33 elements is no Q8_0"),
    ],
)
def test_a_gguf_file_that_is_not_sound_is_told(tmp_path, data, message):
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match=message):
        stored_tensors(path)


def test_a_gguf_file_describes_its_model_where_the_architecture_is_known(tmp_path):
    path = gguf(tmp_path / "m.gguf", FIELDS, {"token_embd.weight": (1, [64, 1000])})
    assert gguf_fields(path) == {
        "model_type": "llama",
        "num_hidden_layers": 2,
        "vocab_size": 1000,
        "tie_word_embeddings": True,
    }
    other = gguf(tmp_path / "o.gguf", {"general.architecture": "magic"}, {})
    with pytest.raises(CheckpointError, match="the architecture 'magic' of a GGUF file is not understood"):
        gguf_fields(other)


@settings(
    deadline=None, max_examples=300, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(["model.safetensors", "m.gguf"]),
    cut=st.integers(0, 400),
    flips=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6),
)
def test_a_damaged_header_is_tensors_or_a_sentence(tmp_path, kind, cut, flips):
    path = tmp_path / kind
    if path.suffix == ".gguf":
        gguf(path, FIELDS, {"blk.0.attn_q.weight": (12, [256, 8])})
    else:
        safetensors(path, {"a.weight": ("BF16", [4, 8]), "b": ("F32", [3])})
    data = bytearray(path.read_bytes())
    for place, value in flips:
        data[place % len(data)] = value
    path.write_bytes(bytes(data[: max(len(data) - cut, 0)]))
    began = time.perf_counter()
    try:
        found = stored_tensors(path)
    except CheckpointError as error:
        assert path.name in str(error)  # noqa: PT017 - either is right
    else:
        assert all(0 <= tensor.nbytes <= 2**50 for tensor in found)
    assert time.perf_counter() - began < 2.0
