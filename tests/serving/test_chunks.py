"""Chunks of a prompt are passes, so that their number has a limit, which the longest prompt keeps."""

import pytest

from llm_roofline import Scenario, TechniqueError, Workload, evaluate, hardware, models, techniques
from llm_roofline.estimates import longest_prompt
from llm_roofline.serving import MOST_CHUNKS

CHUNKED = Scenario(models["state-spaces/mamba2-370m"], hardware["h100-sxm"], Workload(1, 8, 8)).using(
    techniques["chunked-prefill"].with_(chunk=1)
)


def test_a_prompt_of_too_many_chunks_is_refused():
    with pytest.raises(TechniqueError, match=r"read in at most 20,000 chunks, and this one would take 1,000,000\."):
        evaluate(CHUNKED.update(prompt_tokens=10**6))


def test_the_longest_prompt_has_no_more():
    assert longest_prompt(CHUNKED) == MOST_CHUNKS
