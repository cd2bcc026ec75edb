"""Headers of safetensors files: what is stored is read exactly, and what is not sound is told in a sentence."""

from __future__ import annotations

import json

import pytest

from llm_roofline import CheckpointError
from llm_roofline.models.checkpoint import stored_tensors
from tests.models.checkpoint.written import safetensors


def header(**tensors):
    entries = {n: {"dtype": d, "shape": s, "data_offsets": list(place)} for n, (d, s, place) in tensors.items()}
    return json.dumps(entries).encode()


def refused(tmp_path, text, data=b"\0" * 8):
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    with pytest.raises(CheckpointError) as caught:
        stored_tensors(path)
    return str(caught.value)


def test_a_file_says_name_type_shape_and_bytes(tmp_path):
    path = safetensors(tmp_path / "model.safetensors", {"a.weight": ("BF16", [4, 8]), "b": ("F8_E4M3", [3])})
    assert [(t.name, t.dtype, t.shape, t.nbytes) for t in stored_tensors(path)] == [
        ("a.weight", "BF16", (4, 8), 64),
        ("b", "F8_E4M3", (3,), 3),
    ]


def test_a_type_of_the_future_is_taken_by_its_bytes(tmp_path):
    text = header(a=("F5_E3M1", [8], (0, 5)))
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"\0" * 5)
    assert [(t.dtype, t.nbytes) for t in stored_tensors(path)] == [("F5_E3M1", 5)]


def test_elements_of_four_bits_are_half_a_byte(tmp_path):
    text = header(a=("F4", [3, 4], (0, 6)))
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"\0" * 6)
    assert stored_tensors(path)[0].nbytes == 6


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"{ ", "its header is not JSON"),
        (b'{"\xff": 1}', "its header is not JSON"),
        (b"[]", "must be a JSON object (got list)"),
        (b"[" * 200_000, "its header is not JSON"),
        (b'{"a": ' + b"1" * 5000 + b"}", "its header is not JSON"),
        (b'{"a": 1}', "'a' must be an object (got 1)"),
        (b'{"a": {}, "a": {}}', "a name occurs twice"),
        (b'{"a": {"dtype": 1, "shape": [], "data_offsets": [0, 0]}}', "'dtype' must be a text (got 1)"),
        (b'{"a": {"dtype": "F32", "shape": [NaN], "data_offsets": [0, 0]}}', "must be whole numbers (got [nan])"),
        (header(a=("F32", [-1], (0, 0))), "'shape' must be whole numbers (got [-1])"),
        (header(a=("F32", [1e3], (0, 0))), "'shape' must be whole numbers"),
        (header(a=("F32", [True], (0, 4))), "'shape' must be whole numbers"),
        (header(a=("F32", [2**40, 2**40], (0, 4))), "'shape' must be whole numbers"),
        (header(a=("F32", [1] * 17, (0, 4))), "'shape' must be whole numbers"),
        (header(a=("F32", [1], (-4, 0))), "'data_offsets' must be two places"),
        (header(a=("F32", [1], (4, 0))), "'data_offsets' must be two places"),
        (header(a=("F32", [1], (0, 4, 8))), "'data_offsets' must be two places"),
        (header(a=("F32", [2], (0, 4))), "[2] of F32 do not take 4 bytes"),
        (header(a=("F32", [249], (0, 996))), "ends at byte 996 of the data, of which there are 8"),
        (header(a=("F32", [1], (0, 4)), b=("F32", [1], (2, 6))), "'b' lies over 'a'"),
        (header(b=("F32", [1], (2, 6)), a=("F32", [1], (0, 4))), "'b' lies over 'a'"),
        (header(**{"x" * 513: ("F32", [1], (0, 4))}), "a name of 513 characters is too long (at most 512)"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_header_that_is_not_sound_is_told(tmp_path, text, message):
    said = refused(tmp_path, text)
    assert said.startswith("model.safetensors: ")
    assert message in said


@pytest.mark.parametrize("length", [0, 1, 2**63, 10**9, 11])
def test_a_header_longer_than_its_file_is_not_read(tmp_path, length):
    path = tmp_path / "model.safetensors"
    path.write_bytes(length.to_bytes(8, "little") + b"{}")
    with pytest.raises(CheckpointError, match="of its 10 bytes the header cannot have"):
        stored_tensors(path)


def test_a_header_longer_than_any_checkpoint_has_is_not_read(tmp_path):
    path = tmp_path / "model.safetensors"
    with path.open("wb") as file:
        file.write((20_000_001).to_bytes(8, "little"))
        file.truncate(30_000_000)  # a hole: the file takes no room
    with pytest.raises(CheckpointError, match="cannot have 20,000,001 \\(at most 20,000,000 are read\\)"):
        stored_tensors(path)


def test_only_the_header_is_read(tmp_path):
    text = header(a=("BF16", [2**36], (0, 2**37)))
    path = tmp_path / "model.safetensors"
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + 2**37)  # 137 GB of holes
    assert stored_tensors(path)[0].nbytes == 2**37
