"""Fixtures of the tests of findings: a scenario, and a list about it."""

import pytest

from llm_roofline import Scenario, Workload, hardware, models
from llm_roofline.findings import Findings, Pin


@pytest.fixture(scope="session")
def scenario():
    """Llama-3.1-8B on an H100, batch 8."""
    return Scenario(models["meta-llama/Llama-3.1-8B"], hardware["h100-sxm"], Workload(8, 2048, 256))


@pytest.fixture
def findings(scenario):
    """A finding on each kind of pin, one of them answered, one of them resolved."""
    made = Findings(author="Ada")
    made.add("Waits for **memory**.", scenario=scenario, operator="attention", condition="bound == memory")
    made.add("Compute-bound.", scenario=scenario, pin=Pin("phase", "prefill"), condition="bound == compute")
    made.add("Crowded.", scenario=scenario, pin=Pin("region", "decode", region=(1.0, 100.0, 1e12, 1e14)))
    made.add("High.", scenario=scenario, pin=Pin("crossing", "decode"))
    made.add("Fast enough.", scenario=scenario, condition="tpot < 30 ms")
    made.answer(1, "At any batch?\n\nYes.", author="Ben")
    made.resolve(5)
    return made
