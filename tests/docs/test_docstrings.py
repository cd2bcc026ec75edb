"""Public docstrings of the core say what a value is, and every number has its unit in brackets, `[1]` included."""

from __future__ import annotations

import inspect
import re

import pytest

import llm_roofline

NUMBER = re.compile(r"\b(float|float64|int|complex|ndarray|NDArray|\w*Array|array|array_like)\b")
UNIT = re.compile(r"(?:^|[\s(])\[[^\[\]]+\]")  # a bracket that follows a letter is a type: list[int]


def sections(docstring: str) -> dict[str, list[tuple[str, str]]]:
    """Sections of a numpydoc docstring: name to (head, description) of each entry."""
    lines, found, name = inspect.cleandoc(docstring).splitlines(), {}, ""
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if below and set(below) == {"-"}:
            name = line.strip()
            found[name] = []
        elif not name or set(line) == {"-"} or not line.strip():
            continue
        elif line.startswith(" ") and found[name]:
            head, description = found[name][-1]
            found[name][-1] = (head, f"{description} {line.strip()}".strip())
        else:
            found[name].append((line.strip(), ""))
    return found


def complaints(name: str, docstring: str | None, returns: str = "") -> list[str]:
    """What is wrong with one docstring."""
    if not docstring:
        return [f"{name}: no docstring"]
    text = inspect.cleandoc(docstring)
    first = text.split("\n\n")[0]
    found = [] if re.search(r"[.:]$|[.:]\s", first) else [f"{name}: the first sentence has no end"]
    parts = sections(text)
    for section in ("Parameters", "Attributes", "Returns"):
        for head, description in parts.get(section, []):
            kind = head if section == "Returns" else head.partition(" : ")[2]
            if NUMBER.search(kind) and not UNIT.search(f"{kind} {description}"):
                found.append(f"{name}: {section}: {head!r} has no unit")
    if NUMBER.search(returns) and not parts.get("Returns") and not UNIT.search(first):
        found.append(f"{name}: returns {returns} and names no unit")
    return found


def members(name: str, value: object):
    """Yield qualified name, docstring and return annotation of a public name and, for a class, of its own members."""
    if inspect.ismodule(value):
        yield name, value.__doc__, ""
        return
    if not inspect.isclass(value) and not callable(value):
        value = type(value)  # a catalogue: what it says of itself is said by its class
        if not value.__module__.startswith("llm_roofline"):
            return  # a plain string or mapping documents itself nowhere
    yield name, value.__doc__, "" if inspect.isclass(value) else returned(value)
    if not inspect.isclass(value):
        return
    for key, member in vars(value).items():
        target = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not key.startswith("_") and (inspect.isfunction(target) or isinstance(member, property)):
            yield f"{name}.{key}", target.__doc__, returned(target)


def returned(function: object) -> str:
    return str(getattr(function, "__annotations__", {}).get("return", ""))


def test_public_names_are_documented_with_units():
    public = [member for name in llm_roofline.__all__ for member in members(name, getattr(llm_roofline, name))]
    assert [complaint for member in public for complaint in complaints(*member)] == []


HEAD = "Time of a step [s].\n\nParameters\n----------\n"


@pytest.mark.parametrize(
    ("docstring", "returns", "wrong"),
    [
        (HEAD + "flops : float\n    Work [FLOP].\nname : str\n    A name.\n", "float", False),
        (HEAD + "flops : float\n    Work.\n", "float", True),
        (HEAD + "shape : list[int]\n    Sizes.\n", "", True),
        (HEAD + "bandwidth : float [B/s]\n    Of the device.\n", "", False),
        ("Time of a step.", "float", True),
        ("Time of a step.\n\nReturns\n-------\nNDArray[float64]\n    Times, shape (op,) [s].\n", "FloatArray", False),
        ("Time of a step.\n\nReturns\n-------\nfloat\n    Time.\n", "float", True),
        ("Time without an end", "", True),
        (None, "", True),
    ],
)
def test_the_check_sees_a_missing_unit(docstring, returns, wrong):
    assert bool(complaints("step_time", docstring, returns)) is wrong
