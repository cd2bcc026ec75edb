"""A file of architectures has what a family must have, is read by the type checker as one, and says what it lacks."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from inspect import getmembers, getsource, isfunction
from pkgutil import iter_modules
from types import ModuleType

import pytest

from llm_roofline import ConfigError
from llm_roofline.models import architectures, load
from llm_roofline.models.architectures import llama, mistral
from llm_roofline.models.family import FamilyModule, family_module
from tests.checkout import REPOSITORY

NAMES = [found.name for found in iter_modules(architectures.__path__)]
FILES = {name: import_module(f"{architectures.__name__}.{name}") for name in NAMES}
MAY_HAVE = {
    "context_limit": "WithContextLimit",
    "encoder": "WithEncoder",
    "vision": "WithVision",
    "predicting": "WithPredicting",
    "PARADIGM": "WithParadigm",
    "TEXT": "WithText",
}


def family(**names):
    module = ModuleType("llm_roofline.models.architectures.made_up")
    vars(module).update(names)
    return module


def blocks(_):
    return ()


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            {"blocks": blocks},
            r"^architectures/made_up\.py has no MODEL_TYPES\. A family has both: MODEL_TYPES, a tuple",
        ),
        ({"MODEL_TYPES": ("made_up",)}, r"^architectures/made_up\.py has no blocks\. A family has both"),
        ({}, r"has no MODEL_TYPES and blocks\."),
        (
            {"MODEL_TYPES": "made_up", "blocks": blocks},
            r"must be a tuple of texts, .* with its comma \(got 'made_up'\)",
        ),
        ({"MODEL_TYPES": ["made_up"], "blocks": blocks}, r"must be a tuple of texts, .* \(got \['made_up'\]\)"),
        ({"MODEL_TYPES": (1,), "blocks": blocks}, r"must be a tuple of texts, .* \(got \(1,\)\)"),
        ({"MODEL_TYPES": ("made_up",), "blocks": ()}, r"blocks must be a function of a config"),
        ({"MODEL_TYPES": ("made_up",), "blocks": blocks, "encoder": True}, r"encoder must be a function of a config"),
        ({"MODEL_TYPES": ("made_up",), "blocks": blocks, "PARADIGM": blocks}, r"PARADIGM must be one of those"),
    ],
)
def test_a_file_that_is_no_family_says_what_to_write(names, sentence):
    with pytest.raises(ConfigError, match=sentence):
        family_module(family(**names))


def test_every_file_is_a_family():
    assert [file for file, module in FILES.items() if not isinstance(family_module(module), FamilyModule)] == []


def test_a_public_function_is_one_that_a_family_may_have_or_that_another_file_calls():
    """A tower under a name that nobody asks for would be left out of every number without a word."""
    code = "\n".join(map(getsource, FILES.values()))
    strange = [
        f"{file}.{name}"
        for file, module in FILES.items()
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if name not in {"blocks", *MAY_HAVE} and f"{file}.{name}" not in code
    ]
    assert not strange, (
        f"models/family.py says what a family may have, and has no {strange}; a name of one's own has a _"
    )


@pytest.mark.slow
def test_the_type_checker_takes_every_file_for_a_family(tmp_path):
    lines = [
        "from llm_roofline.models import family",
        f"from llm_roofline.models.architectures import {', '.join(FILES)}",
        f"families: list[family.FamilyModule] = [{', '.join(FILES)}]",
    ]
    for name, protocol in MAY_HAVE.items():
        having = [file for file, module in FILES.items() if hasattr(module, name)]
        lines.append(f"with_{name}: list[family.{protocol}] = [{', '.join(having)}]")
    (tmp_path / "families.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", str(tmp_path / "families.py")]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_second_reader_of_a_model_type_is_refused(monkeypatch):
    """It would take the first one's place without a word."""
    monkeypatch.setattr(mistral, "MODEL_TYPES", ("mistral", *llama.MODEL_TYPES))
    load.families.cache_clear()
    try:
        with pytest.raises(ConfigError, match=r"^architectures/mistral\.py: '\w+' is read by architectures/llama\.py "):
            load.families()
    finally:
        monkeypatch.undo()
        load.families.cache_clear()
