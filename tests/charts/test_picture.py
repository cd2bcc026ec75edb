"""The still picture: an SVG in which everything has its place."""

import math
from xml.etree.ElementTree import fromstring

import pytest

from llm_roofline import Estimate, Scenario, evaluate, hardware, load_model, models
from llm_roofline.charts import axes
from llm_roofline.charts.svg import HEIGHT, WIDTH, picture
from llm_roofline.models.limits import fitting
from tests.laws.subjects import every_model
from tests.widgets.made_up import HOSTILE, TINY

H100 = hardware["h100-sxm"]
SVG = "{http://www.w3.org/2000/svg}"
STATES = [
    ({}, "decode", False),
    ({}, "prefill", False),
    ({"batch_size": 32}, "generate", False),
    ({}, "generate", True),
    ({"weights": "int4", "kv_cache": "fp8", "flash_attention": False}, "decode", False),
    ({"batch_size": 2**20}, "decode", False),
]
state = pytest.mark.parametrize(("fields", "phase", "linear"), STATES, ids=str)


def estimate_of(model, **fields) -> Estimate:
    scenario = Scenario(model, H100, fitting(model))
    return evaluate(scenario.update(**fields) if fields else scenario)


def texts(svg):
    return ["".join(node.itertext()) for node in svg.iter(f"{SVG}text")]


@state
def test_the_picture_is_xml_with_its_finding_as_title(fields, phase, linear):
    estimate = estimate_of(models["llama-3.1-8b"], **fields)
    svg = fromstring(picture(estimate, phase, axes(H100, linear=linear)))
    assert svg.tag == f"{SVG}svg"
    assert svg.get("role") == "img"
    assert svg.find(f"{SVG}title").text == estimate.takeaway


@state
def test_everything_in_the_picture_has_a_place_inside_it(fields, phase, linear):
    svg = fromstring(picture(estimate_of(models["llama-3.1-8b"], **fields), phase, axes(H100, linear=linear)))
    limits = {"x": WIDTH, "y": HEIGHT, "cx": WIDTH, "cy": HEIGHT, "width": WIDTH, "height": HEIGHT}
    for node in svg.iter():
        for name, value in node.attrib.items():
            if name in limits and node is not svg:
                assert math.isfinite(float(value)), node.attrib
                assert 0 <= float(value) <= limits[name], node.attrib


@state
def test_the_picture_has_one_shape_a_point_and_one_segment_an_operator(fields, phase, linear):
    estimate = estimate_of(models["llama-3.1-8b"], **fields)
    svg = fromstring(picture(estimate, phase, axes(H100, linear=linear)))
    segments = [
        node.find(f"{SVG}title").text for node in svg.iter(f"{SVG}rect") if node.find(f"{SVG}title") is not None
    ]
    phases = 2 if phase == "generate" else 1
    assert len(segments) == phases * len(estimate.decode.operators.name)
    assert set(segments) == set(estimate.decode.operators.name)


def test_names_are_escaped_in_the_picture():
    text = picture(estimate_of(load_model(TINY, HOSTILE)), "decode", axes(H100))
    assert "<script" not in text
    assert any(HOSTILE in line for line in texts(fromstring(text)))


@every_model
def test_the_picture_of_a_model_is_xml(model):
    assert fromstring(picture(estimate_of(model), "decode", axes(H100))).get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
