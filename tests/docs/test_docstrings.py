"""Public docstrings of the core say what a value is, and every number has its unit in brackets, `[1]` included."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap

import pytest

import llm_roofline
from llm_roofline.basics import RooflineError, errors

NUMBER = re.compile(r"\b(float|float64|int|complex|ndarray|NDArray|\w*Array|array|array_like)\b")
UNIT = re.compile(r"(?:^|[\s(])\[[^\[\]]+\]")  # a bracket that follows a letter is a type: list[int]

STATED = ("Parameters", "Attributes")


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
    for section in (*STATED, "Returns"):
        for head, description in parts.get(section, []):
            kind = head if section == "Returns" else head.partition(" : ")[2]
            if NUMBER.search(kind) and not UNIT.search(f"{kind} {description}"):
                found.append(f"{name}: {section}: {head!r} has no unit")
    if NUMBER.search(returns) and not parts.get("Returns") and not UNIT.search(first):
        found.append(f"{name}: returns {returns} and names no unit")
    return found


def members(name: str, value: object):
    """Yield name, object and the classes above it of a public name and of a class's own methods and properties."""
    if not inspect.isclass(value) and not inspect.isroutine(value):
        value = type(value)  # a catalogue: what it says of itself is said by its class
        if not value.__module__.startswith("llm_roofline"):
            return  # a plain string or mapping documents itself nowhere
    yield name, value, ()
    if not inspect.isclass(value):
        return
    for key, member in vars(value).items():
        target = member.fget if isinstance(member, property) else getattr(member, "func", member)
        target = getattr(target, "__func__", target)  # of a class method
        is_field = key in getattr(value, "__dataclass_fields__", ())
        if not key.startswith("_") and inspect.isfunction(target) and not is_field:
            yield f"{name}.{key}", target, value.__mro__


def of_one(name: str, value: object, parents: tuple[type, ...]) -> list[str]:
    """What is wrong with the docstring of a function or class."""
    returns = "" if inspect.isclass(value) else returned(value)
    text = value.__doc__
    found = complaints(name, text, returns)
    if text:
        found += undocumented(name, value, parents) + unsaid(name, value, sections(text))
    return found


def undocumented(name: str, value: object, parents: tuple[type, ...]) -> list[str]:
    """Parameters without a word, be it in a class above that says what they are."""
    if inspect.isclass(value):
        if issubclass(value, BaseException) or "__init__" not in vars(value):
            return []  # what it is made of is said by a class above it
        texts = [cls.__doc__ for cls in value.__mro__]
    else:
        texts = [getattr(getattr(cls, value.__name__, None), "__doc__", "") for cls in parents] or [value.__doc__]
    parts = [sections(text) for text in texts if text]
    heads = [head.partition(" : ")[0] for part in parts for where in STATED for head, _ in part.get(where, [])]
    documented = {each.strip(" *") for head in heads for each in head.split(",")}
    asked = [p for p in inspect.signature(value).parameters if not p.startswith("_") and p not in {"self", "cls"}]
    return [f"{name}: {parameter} is not documented" for parameter in asked if parameter not in documented]


def unsaid(name: str, value: object, parts: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Errors of ours that a function raises itself, and does not say so."""
    if inspect.isclass(value):
        return []
    tree = ast.parse(textwrap.dedent(inspect.getsource(value)))
    raised = {
        ast.unparse(node.exc).partition("(")[0] for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc
    }
    said = {head for head, _ in parts.get("Raises", [])}
    return [f"{name}: raises {error} and does not say so" for error in sorted(raised & ERRORS - said)]


def returned(function: object) -> str:
    """Return annotation, without arrays of words and of truths, which have no unit."""
    text = str(getattr(function, "__annotations__", {}).get("return", ""))
    return re.sub(r"NDArray\[np\.(str|bool)_\]", "", text)


def classes() -> dict[str, type]:
    """Every public class of the core, by its name."""
    modules = [
        importlib.import_module(found.name) for found in pkgutil.walk_packages(llm_roofline.__path__, "llm_roofline.")
    ]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }


def public() -> dict[str, object]:
    """What the faces of the rooms name, and the classes above it and of what it returns, by ``room.name``."""
    rooms = [found.name for found in pkgutil.iter_modules(llm_roofline.__path__) if found.ispkg]
    faces = {room: importlib.import_module(f"llm_roofline.{room}") for room in rooms}
    known = classes()
    found = {
        f"{room}.{name}": getattr(face, name) for room, face in faces.items() for name in getattr(face, "__all__", ())
    }
    waiting = list(found.items())
    while waiting:
        name, value = waiting.pop()
        for _, member, _ in members(name, value):
            above = [cls.__name__ for cls in getattr(member, "__mro__", ()) if known.get(cls.__name__) is cls]
            for word in above if inspect.isclass(member) else re.findall(r"\w+", returned(member)):
                if word in known and all(known[word] is not value for value in found.values()):
                    cls = known[word]
                    found[key := f"{cls.__module__.removeprefix('llm_roofline.')}.{word}"] = cls
                    waiting.append((key, cls))
    return found


ERRORS = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, Exception)}
PUBLIC = public()


def test_public_names_are_documented_with_parameters_units_and_errors():
    complaints_of = {}
    for name, value in PUBLIC.items():
        complaints_of[name] = [c for member in members(name, value) for c in of_one(*member)]
    assert {name: each for name, each in complaints_of.items() if each} == {}


class Sample:
    """A step."""

    def time(self, flops: float) -> float:
        """Time of a step [s]."""
        if flops < 0:
            raise RooflineError("FLOP are not negative.")
        return flops


def test_the_check_sees_a_parameter_and_an_error_without_a_word():
    (_, *method) = list(members("Sample", Sample))
    assert of_one(*method[0]) == [
        "Sample.time: flops is not documented",
        "Sample.time: raises RooflineError and does not say so",
    ]


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
