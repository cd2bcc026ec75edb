"""Families with states: what they refuse, how their layers are grouped, and attention over depth."""

from __future__ import annotations

import re

import pytest

from llm_roofline import ConfigError, Precision, Scenario, Workload, evaluate, hardware, load_model, models
from llm_roofline.operators import Activation, Attention, Rope

K3 = models["moonshotai/Kimi-K3"]
SCALES = 4  # of a norm and of the vector that weighs what it returns, before attention and before the network


def changed(name, **changes):
    """A model of the catalogue with some keys set otherwise, in the part on text where there is one."""
    config = dict(models[name].config)
    if "text_config" in config:
        return load_model(config | {"text_config": config["text_config"] | changes})
    return load_model(config | changes)


def groups(model):
    """Layers of each block of layers."""
    return {block.name: block.layers for block in model.blocks if block.is_numbered}


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        (
            "state-spaces/mamba-130m-hf",
            {"intermediate_size": 1000},
            "'intermediate_size' must be 'expand' times 'hidden_size' (here 1,536).",
        ),
        ("state-spaces/mamba-130m-hf", {"hidden_act": "gelu"}, "'hidden_act' must be one of silu, swish (got 'gelu')."),
        (
            "state-spaces/mamba2-130m",
            {"num_heads": 12},
            "'num_heads' times 'head_dim' must be 'expand' times 'hidden_size' (got 768 and 1,536).",
        ),
        ("state-spaces/mamba2-130m", {"n_groups": 5}, "'n_groups' must divide 'num_heads' (got 5 and 24)."),
        (
            "nvidia/Nemotron-H-8B-Base-8K",
            {"num_hidden_layers": 51},
            "'num_hidden_layers' must be the layers that are listed (got 51 and 52).",
        ),
        (
            "nvidia/Nemotron-H-8B-Base-8K",
            {"hybrid_override_pattern": "M-X"},
            "mamba, attention, mlp, moe, linear_attention, full_attention (got ['M', '-', 'X']).",
        ),
        (
            "nvidia/Nemotron-H-8B-Base-8K",
            {"attention_bias": True},
            "'attention_bias' = True is not supported: attention here has no biases.",
        ),
        (
            "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B",
            {"mlp_bias": True},
            "'mlp_bias' = True is not supported: networks beside experts have no biases here.",
        ),
        (
            "ibm-granite/granite-4.0-h-tiny",
            {"mamba_d_head": 32},
            "'mamba_d_head' must be 64, the channels of a head (got 32).",
        ),
        (
            "moonshotai/Kimi-Linear-48B-A3B-Instruct",
            {"mla_use_nope": False},
            "'mla_use_nope' = False is not supported: keys of latent attention are not rotated here.",
        ),
        (
            "moonshotai/Kimi-Linear-48B-A3B-Instruct",
            {"num_hidden_layers": 28},
            "'full_attn_layers' and 'kda_layers' must hold each of the layers from 1 to 28 once.",
        ),
    ],
)
def test_what_a_family_does_not_count_it_refuses(name, changes, message):
    with pytest.raises(ConfigError, match=re.escape(message) + "$"):
        changed(name, **changes)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "ai21labs/Jamba-v0.1",
            {
                "mamba dense layers": 12,
                "mamba expert layers": 16,
                "attention dense layers": 4,
            },
        ),
        ("nvidia/Nemotron-H-8B-Base-8K", {"mamba layers": 24, "mlp layers": 24, "attention layers": 4}),
        ("nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B", {"mamba layers": 23, "expert layers": 23, "attention layers": 6}),
        ("ibm-granite/granite-4.0-h-tiny", {"mamba layers": 36, "attention layers": 4}),
        ("Qwen/Qwen3.5-9B", {"linear layers": 24, "full layers": 8}),
        ("MiniMaxAI/MiniMax-Text-01", {"linear layers": 70, "full layers": 10}),
        (K3.name, {"linear dense layers": 1, "linear expert layers": 68, "full expert layers": 24}),
    ],
)
def test_equal_layers_are_one_group_wherever_they_stand(name, expected):
    assert groups(models[name]) == expected


@pytest.mark.parametrize(
    "name", ["ai21labs/Jamba-v0.1", "nvidia/Nemotron-H-8B-Base-8K", "ibm-granite/granite-4.0-h-tiny"]
)
def test_attention_beside_states_has_no_positions(name):
    rows = [operator for _, operator in models[name].operators()]
    assert any(isinstance(row, Attention) for row in rows)
    assert not any(isinstance(row, Rope) for row in rows)


def test_experts_of_nemotron_have_no_gate_and_those_of_super_work_on_a_latent():
    rows = {op.name: op for _, op in models["nvidia/NVIDIA-Nemotron-3-Super-120B-A12B"].operators()}
    assert not rows["experts.act_fn"].gated
    assert {op.function for op in rows.values() if isinstance(op, Activation)} == {"relu2"}
    assert (rows["fc1_latent_proj"].width_in, rows["fc1_latent_proj"].width_out) == (4096, 1024)
    assert rows["experts.up_proj"].width_in == rows["experts.down_proj"].width_out == rows["experts.sum"].width == 1024
    assert rows["fc2_latent_proj"].inputs == ("experts.sum",)


def test_attention_over_depth_mixes_the_embedding_and_what_blocks_of_layers_have_summed():
    """Layer by layer: before a block begins, what was summed becomes a source for all that follow."""
    hidden, size, layers = (
        K3.config["text_config"][k] for k in ("hidden_size", "attn_res_block_size", "num_hidden_layers")
    )
    before, after, sources = [], [], 0
    for layer in range(layers):
        before.append(sources + 1 if sources else 0)  # the sum so far is one as well
        if layer % size == 0:
            sources += 1
        after.append(sources + 1)
    found = {
        name: sum(block.layers * op.width_in for block, op in K3.operators() if op.name == name)
        for name in ("self_attention_res", "mlp_res", "output_attn_res")
    }
    assert found["self_attention_res"] == pytest.approx(hidden * sum(before), abs=layers)
    assert found["mlp_res"] == pytest.approx(hidden * sum(after), abs=layers)
    assert found["output_attn_res"] == hidden * (sources + 1)


def test_attention_over_depth_has_a_norm_and_a_vector_for_each_part():
    hidden, layers = (K3.config["text_config"][key] for key in ("hidden_size", "num_hidden_layers"))
    without = changed(K3.name, attn_res_block_size=None)
    assert K3.parameters - without.parameters == hidden * (SCALES * layers + SCALES / 2)


def test_gates_of_kimi_k3_have_projections_of_their_own():
    rows = {(block.name, op.name): op for block, op in K3.operators()}
    width = 96 * 128
    for block in ("linear expert layers", "full expert layers"):
        assert (rows[block, "g_proj"].width_in, rows[block, "g_proj"].width_out) == (7168, width)
    assert "g_a_proj" in {op.name for _, op in models["moonshotai/Kimi-Linear-48B-A3B-Instruct"].operators()}


@pytest.mark.parametrize(
    ("name", "key"),
    [("Qwen/Qwen3.5-27B", "mamba_ssm_dtype"), ("nvidia/Nemotron-H-8B-Base-8K", "mamba_ssm_cache_dtype")],
)
def test_states_are_kept_as_wide_as_the_configuration_says(name, key):
    words = {"float32": "fp32", "bfloat16": "bf16", "float16": "fp16", "auto": "fp32", None: "fp32"}
    assert {word: changed(name, **{key: word}).precision.states for word in words} == words
    with pytest.raises(ConfigError, match=r"must be one of float32, bfloat16, float16 or auto \(got 'int8'\)"):
        changed(name, **{key: "int8"})


def test_an_estimate_says_in_which_format_states_are_kept():
    model = models["state-spaces/mamba2-130m"]
    said = {stored: evaluate(scenario_of(model, stored)).notes for stored in ("fp32", "bf16")}
    assert "States are kept in fp32, as the code of state-spaces/mamba2-130m keeps them" in said["fp32"][0]
    assert said["bf16"][0] == "States are kept in bf16; the code of state-spaces/mamba2-130m keeps them in fp32."
    assert not evaluate(Scenario(models["Llama-3.1-8B"], hardware["h100-sxm"], Workload(1, 10, 10))).notes


def scenario_of(model, states):
    return Scenario(model, hardware["h100-sxm"], Workload(1, 10, 10), Precision(states=states))
