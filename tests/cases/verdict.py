"""Whether the core is right on a case: ours beside what is right, or a refusal or a note that will do."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llm_roofline import Model, RooflineError

from .measure import QUANTITIES, estimate, matrix_flops, whole
from .source import model_of, names

SHORTEST = 4  # letters of a name that is found in a sentence without quotes around it


@dataclass(frozen=True)
class Row:
    """A quantity of a case: ours beside what is right."""

    quantity: str
    ours: object
    right: object
    agrees: bool

    def __str__(self) -> str:
        return f"{self.quantity} {written(self.ours)}" + ("" if self.agrees else f" (right: {written(self.right)})")


def written(value: object) -> str:
    """A number with its thousands apart; anything else as it is."""
    if isinstance(value, set | list):
        return " or ".join(map(written, sorted(value)))
    return f"{value:,.15g}" if isinstance(value, int | float) else str(value)


@dataclass(frozen=True)
class Verdict:
    """How a case ended: ``right``, ``noted``, ``refused`` or ``wrong``, of which the last alone will not do."""

    word: str
    text: str

    @property
    def will_do(self) -> bool:
        return self.word != "wrong"


def verdict(case: Mapping[str, Any]) -> Verdict:
    """Run a case."""
    accepted, given = case.get("accept", ""), [*names(case.get("input"))]
    with tempfile.TemporaryDirectory() as folder:
        try:
            model = model_of(case, Path(folder))
            rows = list(rows_of(case, model))
            given += [operator.name for _, operator in model.operators()]
            notes = [note for note in estimate(model).notes if told(note, given)]
        except RooflineError as refusal:
            will_do = "refus" in accepted and told(str(refusal), given)
            return Verdict("refused" if will_do else "wrong", f"refused: {str(refusal).splitlines()[0]}")
    if all(row.agrees for row in rows):
        return Verdict("right", "; ".join(map(str, rows)))
    if "note" in accepted and notes:
        return Verdict("noted", notes[0])
    return Verdict("wrong", "; ".join(str(row) for row in rows if not row.agrees))


def told(sentence: str, given: Iterable[str]) -> bool:
    """Whether a sentence names something of a case's input."""
    return any(f"'{name}'" in sentence or ("_" in name and len(name) > SHORTEST and name in sentence) for name in given)


def rows_of(case: Mapping[str, Any], model: Model) -> Iterable[Row]:
    """Every quantity that a case states."""
    return counted(case["expected"], model) if "expected" in case else stated(case, model)


def stated(case: Mapping[str, Any], model: Model) -> Iterable[Row]:
    """Quantities of a reported file, each as near as the case asks."""
    near = case.get("tolerance", 0)
    for name, right in case["expect"].items():
        quantity = name.removesuffix("_any_of")
        if quantity not in QUANTITIES:
            yield Row(quantity, f"is not measured; {', '.join(QUANTITIES)} are", right, agrees=False)
            continue
        ours = QUANTITIES[quantity](model)
        yield Row(quantity, ours, right, any(alike(ours, r, near) for r in (right if name != quantity else [right])))


def alike(ours: object, right: object, near: float) -> bool:
    """Whether a number is near enough, or a word the same; of parameters and limits the number is a whole one."""
    if isinstance(ours, float) and isinstance(right, int | float):
        return abs(ours - right) <= near * abs(right)
    return ours == right


def counted(expected: Mapping[str, Any], model: Model) -> Iterable[Row]:
    """Parameters and matrix FLOP to the unit, as an independent implementation counts them."""
    total, text = expected["parameters_total"], expected.get("parameters_text")
    if text is not None:
        yield Row("parameters", model.parameters, text, model.parameters == text)
    if text is None or model.vision:
        yield Row("parameters with the tower", whole(model), total, whole(model) == total)
    products = matrix_flops(model)
    for name, right in expected.get("matmul_flop", {}).items():
        if name in products:
            yield Row(f"matrix FLOP of the {name}", products[name], right, products[name] == right)
