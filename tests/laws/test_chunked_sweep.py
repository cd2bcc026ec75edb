"""A sweep in chunks, on Dask."""

from __future__ import annotations

import dask
import pytest
from dask.distributed import Client, LocalCluster

from llm_roofline import RooflineError, hardware, sweep
from tests.laws.subjects import FAMILIES, scenario

AXES = {
    "batch_size": list(range(1, 20)),
    "prompt_tokens": [16, 64, 100],
    "weights": ["bf16", "int4"],
    "hardware": ["a100-sxm-80gb", hardware["h100-sxm"]],
}
CHUNKS = {"batch_size": 7, "hardware": 1}


def test_nothing_is_computed_until_it_is_asked_for():
    lazy = sweep(scenario(FAMILIES["llama"]), chunks=CHUNKS, **AXES)
    assert lazy["ttft"].chunks == ((7, 7, 5), (3,), (2,), (1, 1))
    assert lazy["hardware"].values.tolist() == ["a100-sxm-80gb", "h100-sxm"]


@pytest.mark.parametrize("chunks", [CHUNKS, "auto"], ids=["chunks", "auto"])
@pytest.mark.parametrize("name", ["llama", "mixtral", "whisper", "window"])
def test_chunks_have_the_bits_of_the_whole(name, chunks):
    s = scenario(FAMILIES[name])
    with dask.config.set(scheduler="synchronous"):
        assert sweep(s, chunks=chunks, **AXES).compute().identical(sweep(s, **AXES))


@pytest.mark.slow
def test_a_cluster_of_two_processes_gives_the_same_bits():
    s = scenario(FAMILIES["llama"])
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        assert sweep(s, chunks=CHUNKS, **AXES).compute().identical(sweep(s, **AXES))


@pytest.mark.parametrize("axes", [{"batch_size": [1, 0]}, {"weights": ["bf16", "int5"]}, {"prompt_tokens": [2**38]}])
def test_what_is_not_accepted_is_refused_before_the_cluster_sees_it(axes):
    with pytest.raises(RooflineError):
        sweep(scenario(FAMILIES["llama"]), chunks="auto", **axes)
