"""Which files are a checkpoint: all parts of one and nothing else, or a sentence."""

from __future__ import annotations

import json
import os

import pytest

from llm_roofline import CheckpointError
from llm_roofline.models.checkpoint import is_checkpoint, stored_tensors
from llm_roofline.models.checkpoint.files import INDEX
from tests.models.checkpoint.written import gguf, safetensors


def names(path):
    return [tensor.name for tensor in stored_tensors(path)]


def index(folder, places, **metadata):
    (folder / INDEX).write_text(json.dumps({"metadata": metadata, "weight_map": places}))


def parts(folder, write=safetensors, suffix="safetensors", tensor=("F32", [1])):
    args = ({},) if write is gguf else ()
    return [write(folder / f"m-{n:05}-of-00002.{suffix}", *args, {f"t{n}": tensor}) for n in (1, 2)]


def test_the_files_of_an_index_are_read_together_and_nothing_else_is_opened(tmp_path):
    for number in (1, 2):
        safetensors(tmp_path / f"model-{number}.safetensors", {f"t{number}": ("F32", [number])})
    (tmp_path / "other.safetensors").write_bytes(b"not a checkpoint")
    (tmp_path / "pytorch_model.bin").write_bytes(b"nor this")
    index(tmp_path, {"t1": "model-1.safetensors", "t2": "model-2.safetensors"})
    assert names(tmp_path) == ["t1", "t2"]


def test_of_the_files_of_an_index_those_are_read_that_are_there(tmp_path):
    safetensors(tmp_path / "model-1.safetensors", {"t1": ("F32", [1])})
    index(tmp_path, {"t1": "model-1.safetensors", "t2": "model-2.safetensors"}, total_size=8)
    assert names(tmp_path) == ["t1"]


def test_an_index_that_a_later_checkpoint_has_left_behind_is_passed_over(tmp_path):
    safetensors(tmp_path / "model.safetensors", {"t": ("F32", [1])})
    index(tmp_path, {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}, total_size=8)
    assert names(tmp_path) == ["t"]


@pytest.mark.parametrize(
    ("write", "suffix", "tensor"), [(safetensors, "safetensors", ("F32", [1])), (gguf, "gguf", (0, [1]))]
)
def test_a_part_stands_for_all_parts(tmp_path, write, suffix, tensor):
    first, second = parts(tmp_path, write, suffix, tensor)
    assert names(tmp_path) == names(first) == names(second) == ["t1", "t2"]
    second.unlink()
    for path in (tmp_path, first):
        with pytest.raises(CheckpointError, match=f"1 of its 2 files are not there, such as '{second.name}'"):
            stored_tensors(path)


def test_links_are_followed_since_a_hub_keeps_its_files_behind_them(tmp_path):
    kept = safetensors(tmp_path / "blob.safetensors", {"t": ("F32", [1])})
    folder = tmp_path / "snapshot"
    folder.mkdir()
    (folder / "model.safetensors").symlink_to(kept)
    assert names(folder) == ["t"]


def test_what_is_no_plain_file_is_not_opened(tmp_path):
    (tmp_path / "folder.safetensors").mkdir()
    os.mkfifo(tmp_path / "pipe.safetensors")  # to open it would wait for ever
    assert not is_checkpoint(tmp_path)
    safetensors(tmp_path / "model.safetensors", {"t": ("F32", [1])})
    assert names(tmp_path) == ["t"]


def test_of_several_checkpoints_the_one_named_model_is_taken(tmp_path):
    safetensors(tmp_path / "consolidated.safetensors", {"same under another name": ("F32", [1])})
    safetensors(tmp_path / "model.safetensors", {"t": ("F32", [1])})
    assert names(tmp_path) == ["t"]


def test_several_checkpoints_are_not_added_up(tmp_path):
    for name in ("tiny-Q4_K", "tiny-Q8_0"):
        gguf(tmp_path / f"{name}.gguf", {}, {"t": (0, [1])})
    with pytest.raises(
        CheckpointError, match=r"holds 2 checkpoints, such as tiny-Q4_K\.gguf and tiny-Q8_0\.gguf; give"
    ):
        stored_tensors(tmp_path)
    assert names(tmp_path / "tiny-Q4_K.gguf") == ["t"]


def test_a_vision_tower_beside_a_gguf_file_is_no_checkpoint_of_its_own(tmp_path):
    gguf(tmp_path / "tiny.gguf", {}, {"t": (0, [1])})
    gguf(tmp_path / "mmproj-tiny.gguf", {}, {"v": (0, [1])})
    assert names(tmp_path) == ["t"]


def test_a_folder_without_a_checkpoint_is_none(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    assert not is_checkpoint(tmp_path)
    assert not is_checkpoint(tmp_path / "config.json")
    for path in (tmp_path, tmp_path / "config.json", tmp_path / "nothing"):
        with pytest.raises(CheckpointError, match=r"no \.safetensors and no \.gguf file is there"):
            stored_tensors(path)


@pytest.mark.parametrize(
    "name",
    ["../secret.safetensors", "/etc/passwd", "a/b.safetensors", "a\\b.safetensors", "x.bin", "", 5, "\0.safetensors"],
)
def test_an_index_leads_to_no_other_place(tmp_path, name):
    index(tmp_path, {"a": name})
    with pytest.raises(CheckpointError, match=INDEX + ": (must name .* of its own folder|holds no map)"):
        stored_tensors(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"weight_map": {"a": "x.safetensors"}}', "1 of its 1 files are not there, such as 'x.safetensors'"),
        ('{"weight_map": [1]}', "holds no map of tensors to files"),
        ('{"weight_map": {"a": []}}', "holds no map of tensors to files"),
        ("{}", "must name 1 to 10,000"),
        ("[]", "holds no map"),
        ("[" * 100_000, "holds no map"),
        (" " * 50_000_001, "50,000,001 bytes are too many"),
    ],
    ids=lambda value: value[:40],
)
def test_an_index_that_is_not_sound_is_told(tmp_path, text, message):
    (tmp_path / INDEX).write_text(text)
    with pytest.raises(CheckpointError, match=INDEX + ": .*" + message):
        stored_tensors(tmp_path)


def test_a_tensor_in_two_files_is_told(tmp_path):
    for name in ("a", "b"):
        safetensors(tmp_path / f"{name}.safetensors", {"t": ("F32", [1])})
    index(tmp_path, {"t": "a.safetensors", "u": "b.safetensors"})
    with pytest.raises(CheckpointError, match=r"b\.safetensors: the tensor 't' occurs twice"):
        stored_tensors(tmp_path)


def test_a_split_into_more_parts_than_any_checkpoint_has_is_refused(tmp_path):
    path = safetensors(tmp_path / "m-00001-of-99999.safetensors", {"t": ("F32", [1])})
    with pytest.raises(CheckpointError, match="a file has 1 to 10,000 parts \\(got 99,999\\)"):
        stored_tensors(path)
