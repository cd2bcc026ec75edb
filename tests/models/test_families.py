"""A model_type is read by one file alone: a second one would take its place without a word."""

from __future__ import annotations

import pytest

from llm_roofline import ConfigError
from llm_roofline.models import load
from llm_roofline.models.architectures import llama, mistral


def test_a_second_reader_of_a_model_type_is_refused(monkeypatch):
    monkeypatch.setattr(mistral, "MODEL_TYPES", ("mistral", *llama.MODEL_TYPES))
    load.families.cache_clear()
    try:
        with pytest.raises(ConfigError, match=r"mistral: '\w+' is read by .*llama already\."):
            load.families()
    finally:
        monkeypatch.undo()
        load.families.cache_clear()
