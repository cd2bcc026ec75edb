"""A model is loaded from a name, a file, a folder or a mapping, and all of them agree."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from llm_roofline import ConfigError, RooflineError, UnknownNameError, load_model, models
from tests.over import over

NAME = "meta-llama/Llama-3.1-8B"
CONFIG = dict(models[NAME].config)
SPELLINGS = [NAME, "llama-3.1-8b", "Llama_3.1 8B", " LLAMA-3.1-8B ", "meta-llama/llama-3.1-8b"]


@pytest.fixture
def folder(tmp_path):
    """A folder as a download has it: a config.json in a folder that bears the model's name."""
    made = tmp_path / "my-llama"
    made.mkdir()
    (made / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    return made


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_spelling_of_a_name_is_the_same_model(spelling):
    assert load_model(spelling) is models[NAME]


def test_name_path_folder_and_fields_agree(folder):
    file = folder / "config.json"
    loaded = [load_model(source) for source in (file, str(file), folder, str(folder), CONFIG)]
    for model in loaded:
        assert model.blocks == models[NAME].blocks
        assert model.parameters == 8_030_261_248
        assert model.context_limit == models[NAME].context_limit
    assert [model.name for model in loaded] == ["my-llama"] * 4 + ["llama"]


def test_a_relative_path_will_do(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert load_model("config.json").name == load_model(Path()).name == "my-llama"


def test_a_model_is_returned_as_it_is():
    assert load_model(models[NAME]) is models[NAME]


def test_a_name_that_is_given_is_taken(folder):
    assert load_model(folder, "other").name == load_model(CONFIG, name="other").name == "other"
    assert load_model(CONFIG | {"_name_or_path": "some/model"}).name == "some/model"
    assert load_model(CONFIG | {"_name_or_path": ["not", "text"]}).name == "llama"


def test_a_file_of_another_name_lends_the_model_its_own(tmp_path):
    path = tmp_path / "owner--name_config.json"
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    assert load_model(path).name == "owner/name"


@over("name", models.names())
def test_every_file_of_the_catalogue_reads_the_same_from_its_fields(name):
    again = load_model(json.loads(json.dumps(models[name].config)), name)
    assert again == models[name]
    assert again.blocks == models[name].blocks


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "config.json: not JSON: Expecting value: line 1 column 1 (char 0)."),
        (
            b"{'a': 1}",
            "config.json: not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1).",
        ),
        (b'{"a": 1', "config.json: not JSON: Expecting ',' delimiter: line 1 column 8 (char 7)."),
        (b"[1, 2]", "config.json: must hold a JSON object (got list)."),
        (b"null", "config.json: must hold a JSON object (got NoneType)."),
        (b"NaN", "config.json: must hold a JSON object (got float)."),
        (
            b"\x80\x02}q\x00.",
            "config.json: not JSON: 'utf-8' codec can't decode byte 0x80 in position 0: invalid start byte.",
        ),
        (
            b'\xef\xbb\xbf{"a": 1}',
            "config.json: not JSON: Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0).",
        ),
        (
            b'{"a": 1' + b"0" * 5000 + b"}",
            "config.json: not JSON: Exceeds the limit (4300 digits) for integer string conversion",
        ),
        (b"[" * 100_000, "config.json: not JSON: maximum recursion depth exceeded"),
        (b" " * 4_000_001, "config.json: 4,000,001 bytes are too many for a config.json (at most 4,000,000)."),
        (b"{}", "config.json: 'model_type' is missing. Write its dimensions"),
        (b'{"model_type": "llama", "hidden_size": NaN}', "config.json: 'hidden_size' must be a whole number"),
        (b'{"model_type": "llama", "hidden_size": 1e400}', "(got inf)."),
        (b'{"model_type": "llama", "hidden_size": -Infinity}', "(got -inf)."),
        (b'{"model_type": "llama", "hidden_size": ' + b"[" * 200 + b"]" * 200 + b"}", "(got [[[[["),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_file_that_is_no_configuration_says_why(tmp_path, content, message):
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=re.escape(message)):
        load_model(path)


def test_a_folder_without_a_configuration_says_so(tmp_path):
    for source in (tmp_path, str(tmp_path)):
        with pytest.raises(
            ConfigError, match=re.escape(f"{tmp_path}: this folder holds no config.json. Give one that does")
        ):
            load_model(source)


def test_a_folder_named_config_json_is_a_folder(tmp_path):
    (tmp_path / "config.json").mkdir()
    with pytest.raises(ConfigError, match=r"holds no config\.json"):
        load_model(tmp_path)


def test_a_file_that_is_not_there_says_so(tmp_path):
    for source in (tmp_path / "nothing.json", str(tmp_path / "nothing.json"), tmp_path / "nothing"):
        with pytest.raises(
            ConfigError, match=r"there is no such file\. Give a config.json, a folder that holds one, or a name of"
        ):
            load_model(source)


@pytest.mark.parametrize("name", ["", "no-such-model", "\0", "x" * 5000, "../../config", "http://host/config.json.gz"])
def test_a_name_that_nothing_has_is_an_unknown_model(name):
    with pytest.raises(UnknownNameError, match=r"^Unknown model .* See models\.names\(\)\.$"):
        load_model(name)


def test_an_unknown_model_names_the_nearest():
    with pytest.raises(UnknownNameError, match=re.escape("Did you mean 'meta-llama/Llama-3.1-8B'")):
        load_model("meta-llama/Llama-3.1-8")


@pytest.mark.parametrize("source", [None, 5, 1.5, [NAME], b"llama", object()])
def test_what_is_no_source_is_refused(source):
    with pytest.raises(ConfigError, match=r"A model is loaded from a name, a path or a mapping \(got \w+\)\."):
        load_model(source)


def test_every_refusal_is_one_class_to_catch():
    assert issubclass(ConfigError, RooflineError)
    assert issubclass(UnknownNameError, RooflineError)
    assert issubclass(RooflineError, ValueError)
