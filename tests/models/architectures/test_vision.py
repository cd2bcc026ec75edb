"""Towers: what an image costs whose patches see a window of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_roofline import evaluate, models
from tests.laws.subjects import scenario

QWEN = models["Qwen/Qwen2.5-VL-7B-Instruct"]
WINDOW = 8 * 8  # patches: 112 pixels of 14 along each side


def attention_flops(patches):
    seen = evaluate(scenario(replace(QWEN, vision=replace(QWEN.vision, tokens=patches)))).vision.operators
    rows = zip(seen.block, seen.name, seen.flops, strict=True)
    return {block: flops for block, name, flops in rows if name.startswith("attention")}


@pytest.mark.parametrize("rest", [0, 1, 36])
def test_windows_cost_what_as_many_images_of_their_size_cost(rest):
    whole, one, last = (attention_flops(patches)["window layers"] for patches in (5 * WINDOW + rest, WINDOW, rest or 1))
    assert whole == 5 * one + last * bool(rest)


def test_layers_that_see_the_whole_image_cost_the_square_of_its_patches():
    assert attention_flops(10 * WINDOW)["full layers"] == 100 * attention_flops(WINDOW)["full layers"]
    assert {block.name: block.layers for block in QWEN.vision.blocks if block.is_numbered} == {
        "window layers": 28,
        "full layers": 4,
    }
