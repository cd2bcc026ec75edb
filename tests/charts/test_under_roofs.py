"""No operator is drawn above its roof: the roofs are those of what runs, whatever technique is on."""

import pytest

from llm_roofline import RooflineError, Scenario, evaluate, hardware, models, techniques
from llm_roofline.charts import axes, formats_in_use, points, roofs
from llm_roofline.estimates.shown import offered, shown
from tests.over import over

MODELS = ("llama-3.1-8b", "mixtral-8x7b", "deepseek-v3", "falcon-mamba-7b", "t5-3b")
CLOSE = 1 + 1e-9


def above(estimate, phase):
    """Operators of a phase that lie above every roof of the device that runs them."""
    tables = [part.phase.operators for part in shown(estimate, phase)]
    used = formats_in_use(tables)
    on = axes(*used)
    found = roofs(tables, on)
    assert sum(roof.active for roof in found) == 1
    assert {p.name for p in points(estimate, phase, on) if p.clipped and p.y in on.y} == set()
    broken = []
    for table in tables:
        rows = zip(table.name, table.rates.devices, table.arithmetic_intensity, table.achieved_flops_per_s, strict=True)
        for name, device, intensity, reached in rows:
            own = [roof for roof in found if roof.device in ("", device.name)]
            height = max(min(roof.peak, roof.peak / roof.ridge * intensity) for roof in own)
            broken += [name] if reached > height * CLOSE else []
    return broken


@pytest.mark.parametrize("model", MODELS)
@over("name", techniques)
def test_no_operator_is_drawn_above_its_roof(model, name):
    try:
        estimate = evaluate(
            Scenario(models[model], hardware["h100-sxm"], techniques=[techniques["flash-attention"], techniques[name]])
        )
    except RooflineError:
        return  # does not go with the model
    assert {phase: names for phase in offered(estimate) if (names := above(estimate, phase))} == {}
