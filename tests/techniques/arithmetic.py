"""Llama-2 7B and Llama-3.1 8B by their published dimensions, for arithmetic that asks the core for nothing."""

from __future__ import annotations

import pytest

from llm_roofline import Scenario, Workload, evaluate, hardware, models, techniques

SEVEN = {"h": 4096, "f": 11008, "heads": 32, "kv": 32, "d": 128, "layers": 32, "v": 32000}
EIGHT = {"h": 4096, "f": 14336, "heads": 32, "kv": 8, "d": 128, "layers": 32, "v": 128256}
SEVENTY = {"h": 8192, "f": 28672, "heads": 64, "kv": 8, "d": 128, "layers": 80, "v": 32000}
NAMES = {
    "seven": "meta-llama/Llama-2-7b-hf",
    "eight": "meta-llama/Llama-3.1-8B",
    "seventy": "meta-llama/Llama-2-70b-hf",
}


def layer_weights(m):
    """Weights of the matrices of one layer."""
    return 2 * m["h"] * m["heads"] * m["d"] + 2 * m["h"] * m["kv"] * m["d"] + 3 * m["h"] * m["f"]


def weights(m):
    """Weights of all matrices of the layers."""
    return m["layers"] * layer_weights(m)


def scenario(name="eight", batch=1, prompt=2048, output=256, on="h100-sxm", **fields):
    s = Scenario(models[NAMES[name]], hardware[on], Workload(batch, prompt, output))
    return s.update(**fields) if fields else s


def with_(s, name, **parameters):
    """Estimate of a scenario with a technique."""
    return evaluate(s.using(techniques[name].with_(**parameters)))


def column(phase, name):
    return float(phase.operators.traffic(name).sum())


def exact(value):
    return pytest.approx(value, rel=1e-12, abs=0)
