"""Whatever bytes a stranger sends, the answer is tensors or a sentence, at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import CheckpointError
from llm_roofline.models.checkpoint import gguf_fields, stored_tensors
from llm_roofline.models.checkpoint.files import INDEX
from tests.drawn import LEAVES, TEXT
from tests.in_time import in_time
from tests.models.checkpoint.written import gguf, safetensors

FIELDS = {"general.architecture": "llama", "llama.block_count": 2, "tokenizer.tokens": ["a", "b"], "x": [[1], [2, 3]]}
KINDS = ["model.safetensors", "m.gguf", INDEX]
IN_TIME = 2.0  # s


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder that each example writes anew."""
    return tmp_path_factory.mktemp("damage")


def written(folder, kind):
    """A sound checkpoint of a kind, and its header's file."""
    for old in folder.iterdir():
        old.unlink()
    if kind.endswith(".gguf"):
        return gguf(folder / kind, FIELDS, {"blk.0.attn_q.weight": (12, [256, 8]), "b": (0, [3])})
    safetensors(folder / "model.safetensors", {"a.weight": ("BF16", [4, 8]), "b": ("F32", [3])})
    if kind == INDEX:
        (folder / INDEX).write_text(
            json.dumps({"metadata": {"total_size": 76}, "weight_map": {"b": "model.safetensors"}})
        )
    return folder / kind


def answered(folder, path):
    """Ask for everything that reads the file, in time."""
    in_time(IN_TIME, lambda: asked(folder, path))


def asked(folder, path):
    """Ask; what is raised must be the one error, and name the file."""
    for ask in (stored_tensors, gguf_fields) if path.suffix == ".gguf" else (stored_tensors,):
        try:
            found = ask(path if path.suffix == ".gguf" else folder)
        except CheckpointError as error:
            assert path.name in str(error) or "model.safetensors" in str(error)  # noqa: PT017 - either is right
            assert len(str(error)) < 1000  # noqa: PT017
        else:
            assert ask is gguf_fields or all(0 <= tensor.nbytes <= 2**50 for tensor in found)


@given(
    kind=st.sampled_from(KINDS),
    cut=st.one_of(st.just(0), st.integers(0, 400)),
    flips=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
)
def test_damaged_bytes_are_tensors_or_a_sentence(folder, kind, cut, flips):
    path = written(folder, kind)
    data = bytearray(path.read_bytes())
    for place, value in flips:
        data[place % len(data)] = value
    path.write_bytes(bytes(data[: max(len(data) - cut, 0)]))
    answered(folder, path)


@given(kind=st.sampled_from(KINDS), place=st.integers(0, 300), number=st.integers(0, 2**64 - 1))
def test_a_number_of_any_size_is_tensors_or_a_sentence(folder, kind, place, number):
    path = written(folder, kind)
    data = bytearray(path.read_bytes())
    data[place : place + 8] = number.to_bytes(8, "little")
    path.write_bytes(bytes(data))
    answered(folder, path)


anything = st.recursive(
    LEAVES | st.just("F32"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["dtype", "shape", "data_offsets", "weight_map", "metadata"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(
    kind=st.sampled_from(["model.safetensors", INDEX]),
    entries=st.dictionaries(TEXT, anything, max_size=4),
)
def test_any_json_is_tensors_or_a_sentence(folder, kind, entries):
    path = written(folder, kind)
    text = json.dumps(entries).encode()
    path.write_bytes(text if kind == INDEX else len(text).to_bytes(8, "little") + text + b"\0" * 16)
    answered(folder, path)


@given(data=st.binary(max_size=200), kind=st.sampled_from(KINDS))
def test_any_bytes_are_tensors_or_a_sentence(folder, data, kind):
    path = written(folder, kind)
    path.write_bytes(b"GGUF\3\0\0\0" + data if kind == "m.gguf" else data)
    answered(folder, path)
