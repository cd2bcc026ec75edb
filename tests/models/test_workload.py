"""A workload is three whole numbers from 1 on; anything else is refused in a sentence."""

from __future__ import annotations

import re

import numpy as np
import pytest

from llm_roofline import Scenario, Workload, WorkloadError, hardware, models
from tests.over import over

FIELDS = ("batch_size", "prompt_tokens", "output_tokens")
REFUSED = {
    "zero": (0, "0"),
    "negative": (-1, "-1"),
    "fraction": (1.5, "1.5"),
    "text": ("many", "'many'"),
    "number as text": ("8", "'8'"),
    "true": (True, "True"),
    "none": (None, "None"),
    "nan": (float("nan"), "nan"),
    "infinite": (float("inf"), "inf"),
    "list": ([1, 2], "[1, 2]"),
    "huge": (10**30, "1" + "0" * 30),
    "huge float": (1e30, "1000000000000000019884624838656"),
    "too long to print": (10**5000, "a very large int"),
}
field = pytest.mark.parametrize("field", FIELDS)


@over("of", REFUSED)
@field
def test_an_impossible_count_is_refused_with_what_is_accepted(field, of):
    value, got = of
    message = f"'{field}' must be a whole number from 1 to 1,099,511,627,776 (got {got})."
    with pytest.raises(WorkloadError, match=f"^{re.escape(message)}$"):
        Workload(**{field: value})


@pytest.mark.parametrize("value", [1, 8, 8.0, np.int64(8), np.float64(8), 2**40])
@field
def test_a_whole_number_of_any_type_becomes_an_int(field, value):
    kept = getattr(Workload(**{field: value}), field)
    assert type(kept) is int
    assert kept == value


def test_the_prefill_yields_the_first_output_token():
    assert Workload(2, 100, 10).decode_steps == 9
    assert Workload(2, 100, 10).context_tokens == 110


def test_a_context_beyond_the_models_is_refused():
    message = (
        "a context of 131,073 tokens (131,000 prompt + 73 of 74 output) exceeds the 131,072 of meta-llama/Llama-3.1-8B."
    )
    llama, device = models["llama-3.1-8b"], hardware["h100-sxm"]
    assert Scenario(llama, device, Workload(1, 131_000, 73))
    with pytest.raises(WorkloadError, match=f"^{re.escape(message)}$"):
        Scenario(llama, device, Workload(1, 131_000, 74))
