"""Colours of the kinds of operators: each its own, and text on it can be read."""

import pytest

from llm_roofline.charts.latency import KINDS
from llm_roofline.charts.palette import COLOURS, TEXT_ON


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Contrast of two colours as WCAG 2.2 defines it [1]."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_text_on_a_segment_has_the_contrast_of_wcag_aa(kind):
    assert contrast(COLOURS[kind], TEXT_ON[kind]) >= 4.5


def test_every_kind_has_a_colour_of_its_own():
    assert list(COLOURS) == list(TEXT_ON) == list(KINDS)
    assert len(set(COLOURS.values())) == len(KINDS)
