"""Headers of GGUF files: what is stored is read exactly, and what is not sound is told in a sentence."""

from __future__ import annotations

import struct

import pytest

from llm_roofline import CheckpointError
from llm_roofline.models.checkpoint import stored_tensors
from llm_roofline.models.checkpoint.ggml import TYPES
from llm_roofline.models.checkpoint.gguf import header
from tests.models.checkpoint.written import HEADER, gguf

KEY = struct.pack("<Q1s", 1, b"k")


def of(*parts, tensors=0, fields=1):
    return HEADER.pack(b"GGUF", 3, tensors, fields) + b"".join(parts)


def tensor(*dimensions, kind=0, place=0):
    return struct.pack(f"<Q1sI{len(dimensions)}QIQ", 1, b"t", len(dimensions), *dimensions, kind, place)


def test_a_file_says_the_bytes_of_its_blocks(tmp_path):
    path = gguf(tmp_path / "m.gguf", {"a": 1}, {"blk.0.attn_q.weight": (12, [256, 8]), "output.weight": (8, [64, 5])})
    assert [(t.name, t.dtype, t.shape, t.nbytes) for t in stored_tensors(path)] == [
        ("blk.0.attn_q.weight", "Q4_K", (8, 256), 8 * 144),
        ("output.weight", "Q8_0", (5, 64), 10 * 34),
    ]


def test_metadata_are_numbers_and_texts_and_of_arrays_their_length(tmp_path):
    fields = {"name": "llama", "layers": 2, "scale": 0.5, "words": ["a", "bc"], "nested": [[1, 2], [3]]}
    assert header(gguf(tmp_path / "m.gguf", fields, {})).metadata == {
        "name": "llama",
        "layers": 2,
        "scale": 0.5,
        "words": range(2),
        "nested": range(2),
    }


def test_a_block_of_a_quantised_type_holds_its_elements_in_the_bits_that_its_name_says():
    for kind in TYPES.values():
        bits = kind.nbytes * 8 / kind.elements
        digits = [int(c) for c in kind.name.removeprefix("I").removeprefix("Q").removeprefix("TQ")[:2] if c.isdecimal()]
        if kind.elements > 1 and digits:
            assert digits[0] <= bits < digits[0] + 1.2, kind
    exact = {"F32": 4, "F16": 2, "BF16": 2, "F64": 8, "I8": 1, "I16": 2, "I32": 4, "I64": 8}
    assert {kind.name: kind.nbytes for kind in TYPES.values() if kind.elements == 1} == exact
    assert {n: TYPES[n].nbytes for n in (39, 40)} == {39: 32 // 2 + 1, 40: 64 // 2 + 4}  # codes and their scales


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "ends within its header, at byte 0"),
        (b"GGML", "no GGUF file: it begins otherwise"),
        (HEADER.pack(b"GGUF", 1, 0, 0), "version 1 of GGUF is not read; versions 2 and 3 are"),
        (struct.pack(">4sIQQ", b"GGUF", 3, 0, 0), "a big-endian GGUF file is not read"),
        (HEADER.pack(b"GGUF", 3, 2**60, 0), "tensors are too many (at most 100,000)"),
        (HEADER.pack(b"GGUF", 3, 0, 2**60), "fields are too many (at most 10,000)"),
        (HEADER.pack(b"GGUF", 3, 1, 0), "ends within its header, at byte 24"),
        (of(KEY, struct.pack("<IIQ", 9, 8, 2**50)), "elements of arrays are too many"),
        (of(KEY, struct.pack("<IIQ", 9, 0, 4_000_000)), "ends within its header"),
        (of(KEY, struct.pack("<I", 9), struct.pack("<IQ", 9, 1) * 10), "the type 9 inside arrays is not understood"),
        (of(KEY, struct.pack("<IIQ", 9, 99, 1)), "the type 99 inside arrays is not understood"),
        (of(KEY, struct.pack("<I", 99)), "a value of the type 99 is not understood"),
        (of(KEY, struct.pack("<IQ", 8, 2**40)), "bytes of a text are too many (at most 1,000,000)"),
        (of(struct.pack("<Q", 513)), "513 bytes of a text are too many (at most 512)"),
        (of(*[KEY + struct.pack("<IB", 0, 1)] * 2, fields=2), "the key 'k' occurs twice"),
        (of(struct.pack("<Q17sII", 17, b"general.alignment", 4, 0)), "'general.alignment' must be bytes (got 0)"),
        (of(struct.pack("<Q1sI", 1, b"t", 99), tensors=1, fields=0), "'t' has 99 dimensions (at most 8)"),
        (of(tensor(32, kind=77), tensors=1, fields=0), "'t' has the type 77"),
        (of(tensor(33, kind=8), tensors=1, fields=0), "'t' of the shape (33,) is no Q8_0: rows are whole blocks"),
        (of(tensor(16, 2, kind=8), tensors=1, fields=0), "is no Q8_0: rows are whole blocks"),
        (of(tensor(2**40, 2**40), tensors=1, fields=0), "is no F32"),
        (of(tensor(8, place=8), tensors=1, fields=0), "begins at byte 8, which is no multiple of 32"),
        (of(tensor(8), tensors=1, fields=0), "ends at byte 32 of the data, of which there are 0; was it downloaded"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_file_that_is_not_sound_is_told(tmp_path, data, message):
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    with pytest.raises(CheckpointError) as caught:
        stored_tensors(path)
    assert str(caught.value).startswith("m.gguf: ")
    assert message in str(caught.value)


def test_a_tensor_may_not_lie_over_another(tmp_path):
    path = tmp_path / "m.gguf"
    second = struct.pack("<Q1sIQIQ", 1, b"u", 1, 8, 0, 32)
    path.write_bytes(of(tensor(16), second, tensors=2, fields=0).ljust(160, b"\0"))
    with pytest.raises(CheckpointError, match=r"m\.gguf: 'u' lies over 't'"):
        stored_tensors(path)
