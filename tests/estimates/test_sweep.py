"""Axes that cannot be swept are refused in a sentence."""

from __future__ import annotations

import re

import pytest

from llm_roofline import RooflineError, Scenario, Workload, hardware, models, sweep

S = Scenario(models["gpt2"], hardware["h100-sxm"], Workload(1, 100, 10))


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"batch_size": []}, "The axis 'batch_size' of the sweep is empty; give at least one value."),
        ({"batch_size": 8}, "The axis 'batch_size' of the sweep must be a sequence of values (got 8)."),
        ({"weights": "bf16"}, "The axis 'weights' of the sweep must be a sequence of values (got 'bf16')."),
        ({"batch": [8]}, "Unknown field 'batch'. Did you mean 'batch_size'?"),
        ({"techniques": []}, "The axis 'techniques' of the sweep is empty; give at least one value."),
        ({"techniques": "medusa"}, "The axis 'techniques' of the sweep must be a sequence of values (got 'medusa')."),
        ({"techniques": ["medusas"]}, "Unknown technique 'medusas'. Did you mean 'medusa'?"),
        ({"techniques": [[], None]}, "a technique must be a name, or an object with 'name' and parameters (got None)."),
        ({"techniques": [["medusa"] * 2]}, "Medusa heads is there twice; a technique is applied once."),
        ({"batch_size": [1, 0]}, "'batch_size' must be a whole number from 1"),
        (
            {"prompt_tokens": [1, 2000]},
            "a context of 2,009 tokens (2,000 prompt + 9 of 10 output) exceeds the 1,024 of",
        ),
    ],
)
def test_an_axis_that_cannot_be_swept_is_refused(axes, message):
    with pytest.raises(RooflineError, match=f"^{re.escape(message)}"):
        sweep(S, **axes)


def test_a_sweep_takes_any_iterable():
    assert sweep(S, batch_size=range(1, 4))["ttft"].shape == (3,)
    assert sweep(S, batch_size=(n for n in (1, 2)))["ttft"].shape == (2,)


def test_a_sweep_without_axes_is_one_point():
    assert sweep(S)["tpot"].shape == ()
