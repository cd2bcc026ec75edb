"""Planning: a scenario and its techniques become the plan of what runs; it depends on no workload, and is made once."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from ..basics import TechniqueError
from ..devices import Machine
from ..models import in_formats
from ..serving import Plan, Run
from ..techniques import CATEGORIES, restructured

if TYPE_CHECKING:
    from ..devices import Hardware
    from ..formats import Conventions, Precision
    from ..models import Model, Stack
    from ..techniques import Technique
    from .scenario import Scenario


def planned(scenario: Scenario) -> Plan:
    """The plan of a scenario; the same for every workload.

    Raises
    ------
    TechniqueError
        If a technique does not go with the model, the device or another one; the sentence says why.
    """
    s = scenario
    return _planned(s.model, s.hardware, s.precision, s.techniques or (), s.conventions)


@lru_cache(maxsize=512)
def _planned(
    model: Model, device: Hardware, precision: Precision, techniques: tuple[Technique, ...], conventions: Conventions
) -> Plan:
    asked, notes = model, tuple[str, ...]()
    for technique in techniques:
        model = technique.model(model)
        if technique.decode_only and not model.paradigm.grows:
            raise TechniqueError(f"{technique.label} is for decode, and {model.name} denoises: its steps are alike.")
    if precision == asked.precision != model.precision:  # nobody chose formats
        precision, notes = model.precision, (f"{model.name} runs in the formats of its own checkpoint.",)

    def run(stack: Stack, chosen: tuple[Technique, ...]) -> Run:
        return Run(in_formats(restructured(stack, chosen), precision), Machine(device), precision, conventions)

    always = tuple(t for t in techniques if not t.decode_only)
    on_towers = tuple(t for t in techniques if t.towers)
    engine = tuple(t for t in always if t.category == CATEGORIES["system"])
    prefill, decode = run(model, always), run(model, techniques)
    if decode.stack.blocks == prefill.stack.blocks:
        decode = prefill
    plan = Plan(
        model=model,
        engine=partial(restructured, techniques=engine),
        prefill=prefill,
        decode=decode,
        encoder=run(model.encoder, on_towers) if model.encoder else None,
        vision=run(model.vision, on_towers) if model.vision and model.vision.tokens else None,
        notes=notes,
    )
    for technique in techniques:
        plan = technique.plan(plan)
    return plan
