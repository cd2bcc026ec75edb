"""Limits: the longest context of a configuration, however it spells a scaling of RoPE, and what is within it."""

from __future__ import annotations

import pytest

from llm_roofline import ConfigError, Scenario, Workload, WorkloadError, hardware, load_model, models
from llm_roofline.models.limits import refuse_beyond
from tests.over import over

TINY = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "intermediate_size": 96,
    "vocab_size": 100,
}
KIB = 1024


def limit(stated, **fields):
    return load_model(TINY | {"max_position_embeddings": stated} | fields).context_limit


def scaling(kind, factor, original=None):
    return {"rope_type": kind, "factor": factor} | ({"original_max_position_embeddings": original} if original else {})


@pytest.mark.parametrize(
    ("stated", "scaling", "reaches"),
    [
        (32 * KIB, scaling("yarn", 4.0, 32 * KIB), 128 * KIB),  # Qwen2.5 as its card says
        (40 * KIB, scaling("yarn", 4.0, 32 * KIB), 128 * KIB),  # Qwen3 as its card says
        (160 * KIB, scaling("yarn", 40, 4 * KIB), 160 * KIB),  # DeepSeek-V3 states both lengths
        (128_000, scaling("yarn", 4, 32_000), 128_000),
        (1024 * KIB, scaling("deepseek_yarn", 32, 32 * KIB), 1024 * KIB),
        (32 * KIB, scaling("telechat3-yarn", 4.0, 8 * KIB), 32 * KIB),
        (8 * KIB, scaling("yarn", 2), 16 * KIB),  # without an original length the stated one is it
        (4 * KIB, scaling("linear", 8.0), 32 * KIB),
        (4 * KIB, scaling("linear", 2.5), 10 * KIB),
        (4 * KIB, scaling("linear", 0.5), 4 * KIB),
        (32 * KIB, scaling("dynamic", 2.0), 64 * KIB),
        (32 * KIB, scaling("dynamic", 1.0), 32 * KIB),
        (128 * KIB, scaling("llama3", 32.0, 8 * KIB), 128 * KIB),  # Llama 3.2: the limit is the stretched one
        (128 * KIB, scaling("longrope", 64.0, 4 * KIB), 128 * KIB),
        (32 * KIB, {"rope_type": "longrope", "long_factor": [1.0], "short_factor": [1.0]}, 32 * KIB),
        (32 * KIB, {"type": "mrope", "mrope_section": [1, 1, 2]}, 32 * KIB),
        (32 * KIB, {"rope_type": "default", "rope_theta": 1e6, "factor": 4.0}, 32 * KIB),
        (32 * KIB, {"rope_type": "yarn"}, 32 * KIB),
        (32 * KIB, {"factor": 4.0}, 32 * KIB),  # no type is the default one
    ],
)
def test_a_scaling_of_rope_stretches_the_limit_and_never_twice(stated, scaling, reaches):
    older = {("type" if key == "rope_type" else key): value for key, value in scaling.items()}
    assert limit(stated, rope_scaling=scaling) == reaches
    assert limit(stated, rope_scaling=older) == reaches
    assert limit(stated, rope_parameters=scaling) == reaches
    assert limit(stated, rope_parameters={"full_attention": scaling, "sliding_attention": {"rope_theta": 1}}) == reaches


def test_the_original_length_may_stand_beside_the_scaling_and_alone():
    beside = {"original_max_position_embeddings": 4 * KIB}
    assert limit(8 * KIB, rope_scaling=scaling("yarn", 16), **beside) == 64 * KIB
    assert limit(None, rope_scaling=scaling("yarn", 16, 4 * KIB)) == 64 * KIB
    assert limit(None, rope_scaling=scaling("linear", 16)) is None
    assert limit(None) is None


def test_the_part_on_text_has_a_scaling_of_its_own():
    fields = dict(models["Qwen3.5-27B"].config)
    text = fields["text_config"]
    yarn = text["rope_parameters"] | scaling("yarn", 4.0, text["max_position_embeddings"])
    stretched = load_model(fields | {"text_config": text | {"rope_parameters": yarn}})
    assert stretched.context_limit == 4 * models["Qwen3.5-27B"].context_limit == 4 * 256 * KIB


def test_a_third_gemma_states_the_limit_that_its_linear_scaling_reaches():
    fields = TINY | {"model_type": "gemma3_text", "head_dim": 8, "max_position_embeddings": 128 * KIB}
    assert load_model(fields | {"rope_scaling": scaling("linear", 8.0)}).context_limit == 128 * KIB


@pytest.mark.parametrize("factor", ["4", True, 0, -1.0, float("inf"), float("nan"), 2**21])
def test_a_factor_that_is_none_is_refused(factor):
    message = r"rope_scaling: 'factor' must be a number above 0, of at most 1,048,576 \(got "
    with pytest.raises(ConfigError, match=message):
        limit(KIB, rope_scaling=scaling("yarn", factor))


@pytest.mark.parametrize("scaling", ["yarn", 4, [4.0], {"rope_type": 4, "factor": 2.0}])
def test_a_scaling_that_is_none_is_refused(scaling):
    with pytest.raises(ConfigError, match=r"'rope_(scaling|type)' must be (an object|a text)"):
        limit(KIB, rope_scaling=scaling)


@over("model", models)
def test_a_workload_may_fill_the_context_and_not_exceed_it(model):
    """The last output token is yielded and read by no pass, so that P + N - 1 tokens are the longest context."""
    longest = model.context_limit
    if not model.paradigm.grows or longest is None:
        return
    prompt = model.source_limit or 1 if model.encoder else longest // 2
    output = longest if model.encoder else longest - prompt + 1
    assert Scenario(model, hardware["h100-sxm"], Workload(1, prompt, output))
    with pytest.raises(WorkloadError, match=r"a context of [\d,]+ tokens \([\d,]+ \w+ \+ [\d,]+ of [\d,]+ output\)"):
        refuse_beyond(model, Workload(1, prompt, output + 1))
    if not model.encoder:
        assert Scenario(model, hardware["h100-sxm"], Workload(1, longest, 1))
        with pytest.raises(WorkloadError, match="exceeds the"):
            refuse_beyond(model, Workload(1, longest + 1, 1))
