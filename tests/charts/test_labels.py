"""Labels of the roofline name most of the time, keep to the plot, and overlap neither each other nor a roof's name."""

from itertools import combinations

import pytest
from hypothesis import given

from llm_roofline import Scenario, Workload, evaluate, hardware, models
from llm_roofline.charts import axes, axes_of, place, points, roofs
from llm_roofline.charts.labels import CHARACTER, LINE, PLOT, UNIT, roof_texts
from llm_roofline.charts.placing import MOST_LABELS
from llm_roofline.estimates.shown import offered
from tests.charts.estimates import COMPUTING, DEVICES, estimates, linear, phases, table_of
from tests.laws.subjects import FAMILIES
from tests.over import over

TOUCH = 3.0  # px by which two boxes may meet: type has room around its letters


def layout(e, phase, *, on_linear=False):
    """Axes, names of roofs, labels and points of an estimate."""
    on = axes_of(e, phase, linear=on_linear)
    taken = roof_texts(roofs([table_of(e, phase)], on), on)
    found = points(e, phase, on)
    return on, taken, place(found, on, taken), found


def box(label, on):
    """Left, right, bottom and top of a text on the nominal plot [px]."""
    x = (label.x - on.x[0]) / (on.x[1] - on.x[0]) * PLOT[0]
    y = (label.y - on.y[0]) / (on.y[1] - on.y[0]) * PLOT[1]
    half = CHARACTER * len(label.text) / 2
    return x - half, x + half, y - LINE / 2, y + LINE / 2


def overlaps(labels, others, on):
    """Pairs of texts whose boxes meet."""
    pairs = [*combinations(labels, 2), *((label, other) for label in labels for other in others)]
    found = []
    for one, other in pairs:
        a, b = box(one, on), box(other, on)
        across, up = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
        if across > TOUCH and up > TOUCH:
            found.append(f"{one.text} | {other.text}: {across:.0f} x {up:.0f} px")
    return found


def outside(labels, on):
    return [
        label.text
        for label in labels
        for left, right, bottom, top in [box(label, on)]
        if left < -0.5 or bottom < -0.5 or right > PLOT[0] + 0.5 or top > PLOT[1] + 0.5
    ]


@pytest.mark.slow
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("batch", [1, 64])
def test_labels_of_every_family_keep_apart_and_inside_the_plot(device, batch):
    for name, model in FAMILIES.items():
        output = min(256, (model.context_limit or 512) // 4)
        e = evaluate(Scenario(model, hardware[device], Workload(batch, output, output)))
        for phase in offered(e):
            on, taken, labels, _ = layout(e, phase)
            assert overlaps(labels, taken, on) == [], (name, phase)
            assert outside(labels, on) == [], (name, phase)


@given(estimates(), phases, linear)
def test_labels_of_any_scenario_stay_inside_the_plot(e, phase, linear):
    on, taken, labels, _ = layout(e, phase, on_linear=linear)
    assert outside([*labels, *taken], on) == []


@given(estimates(), phases)
def test_labels_of_any_scenario_keep_apart(e, phase):
    on, taken, labels, _ = layout(e, phase)
    assert overlaps(labels, taken, on) == []


def test_labels_keep_apart_on_linear_axes_too():
    e = evaluate(Scenario(models["llama-3.1-8b"], hardware["rtx-4090"], Workload(128, 64, 64)))
    on, taken, labels, _ = layout(e, "generate", on_linear=True)
    assert overlaps(labels, taken, on) == []


@given(estimates(), phases)
def test_the_operator_that_takes_most_of_the_time_is_named(e, phase):
    _, _, labels, found = layout(e, phase)
    assert 1 <= len(labels) <= MOST_LABELS
    names = " ".join(label.text for label in labels)
    assert found[0].name.partition(" (")[0] in names or "…" in names


@pytest.mark.parametrize("linear", [False, True])
@over("name", COMPUTING)
def test_names_of_roofs_keep_apart_on_every_device(name, linear):
    device = hardware[name]
    e = evaluate(Scenario(models["llama-3.1-8b"], device))
    on = axes(device, linear=linear)
    found = roofs([e.decode.operators], on)
    names = roof_texts(found, on)
    assert overlaps(names, [], on) == []
    for roof in found:
        assert any(roof.text.removesuffix(UNIT) in label.text for label in names)


def test_operators_at_one_spot_share_a_label():
    _, _, labels, _ = layout(evaluate(Scenario(models["llama-3.1-8b"], hardware["h100-sxm"])), "decode")
    assert any("gate_proj" in label.text and "up_proj" in label.text for label in labels)


def test_no_point_means_no_label():
    assert place((), axes(hardware["h100-sxm"])) == ()
