"""A configuration becomes a model or a ConfigError that says everything that is wrong with it, and nothing else."""

from __future__ import annotations

import re

import pytest

from llm_roofline import ConfigError, load_model, models
from llm_roofline.models.config import Config
from llm_roofline.models.keys import COST_KEYS, SWITCHES
from llm_roofline.models.load import families
from llm_roofline.models.quantization.methods import METHODS
from llm_roofline.models.wrapped import with_text
from tests.over import over

LLAMA = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "intermediate_size": 96,
    "vocab_size": 100,
}
FILES = {models[name].family: dict(models[name].config) for name in reversed(models.names())}
COUNT = "must be a whole number from 1 to 2,147,483,648"
FUNCTIONS = "silu, swish, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu, relu2"
LAYERS = "must be a whole number from 1 to 10,000"
BY_HAND = "Write its dimensions down by hand: llm_roofline.Decoder(hidden_size=..., layers=..., heads=..., ...)."


def says(*lines):
    """The whole message, line by line."""
    return "^" + re.escape("\n".join(lines)) + "$"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hidden_size": None}, "config: 'hidden_size' is missing."),
        ({"hidden_size": "64"}, f"config: 'hidden_size' {COUNT} (got '64')."),
        ({"hidden_size": 64.0}, f"config: 'hidden_size' {COUNT} (got 64.0)."),
        ({"hidden_size": True}, f"config: 'hidden_size' {COUNT} (got True)."),
        ({"num_hidden_layers": 0}, f"config: 'num_hidden_layers' {LAYERS} (got 0)."),
        ({"num_hidden_layers": -2}, f"config: 'num_hidden_layers' {LAYERS} (got -2)."),
        ({"num_hidden_layers": 10**6}, f"config: 'num_hidden_layers' {LAYERS} (got 1000000)."),
        ({"vocab_size": 2**31 + 1}, f"config: 'vocab_size' {COUNT} (got 2147483649)."),
        ({"vocab_size": float("nan")}, f"config: 'vocab_size' {COUNT} (got nan)."),
        ({"vocab_size": 1e400}, f"config: 'vocab_size' {COUNT} (got inf)."),
        ({"vocab_size": [1, 2]}, f"config: 'vocab_size' {COUNT} (got [1, 2])."),
        ({"vocab_size": 10**5000}, f"config: 'vocab_size' {COUNT} (got a very large int)."),
        ({"vocab_size": "x" * 99}, f"config: 'vocab_size' {COUNT} (got '{'x' * 56}...)."),
        ({"max_position_embeddings": 0}, f"config: 'max_position_embeddings' {COUNT} (got 0)."),
        ({"head_dim": -1}, f"config: 'head_dim' {COUNT} (got -1)."),
        ({"num_key_value_heads": 3}, "config: 'num_key_value_heads' must divide 'num_attention_heads' (got 3 and 8)."),
        ({"num_attention_heads": 6}, "config: 'num_attention_heads' must divide 'hidden_size' (got 6 and 64)."),
        ({"tie_word_embeddings": "yes"}, "config: 'tie_word_embeddings' must be true or false (got 'yes')."),
        ({"mlp_bias": 1}, "config: 'mlp_bias' must be true or false (got 1)."),
        (
            {"hidden_act": "sliu"},
            f"config: 'hidden_act' must be one of {FUNCTIONS} (got 'sliu').",
        ),
        (
            {"quantization_config": {"bits": 4}},
            (
                "config: 'quantization_config' has the method None, which is not understood. "
                f"Understood are {', '.join(METHODS)}."
            ),
        ),
        (
            {"sliding_window": 4096},
            "config: 'sliding_window' = 4096 changes the cost, and this family does not read it.",
        ),
        (
            {"num_local_experts": 8},
            "config: 'num_local_experts' = 8 changes the cost, and this family does not read it.",
        ),
        ({"model_type": None}, f"config: 'model_type' is missing. {BY_HAND}"),
        (
            {"model_type": "lama"},
            f"config: unknown 'model_type' 'lama'. Did you mean 'llama', 'llama4' or 'jamba'? {BY_HAND}",
        ),
        ({"model_type": ["llama"]}, f"config: unknown 'model_type' ['llama']. {BY_HAND}"),
        ({"model_type": "rwkv"}, None),
        ({7: 7}, "config: keys must be text (got 7)."),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_is_accepted(changes, message):
    with pytest.raises(ConfigError, match=says(message) if message else "unknown 'model_type' 'rwkv'"):
        load_model(LLAMA | changes)


def test_a_missing_key_offers_the_one_that_may_be_meant():
    fields = {"hiden_size" if key == "hidden_size" else key: value for key, value in LLAMA.items()}
    with pytest.raises(ConfigError, match=says("config: 'hidden_size' is missing. Did you mean 'hiden_size'?")):
        load_model(fields)


def test_all_problems_are_reported_together():
    with pytest.raises(ConfigError) as raised:
        load_model(LLAMA | {"hidden_size": 0, "vocab_size": "many", "kv_lora_rank": 512, "attention_bias": 3})
    assert str(raised.value).splitlines() == [
        f"config: 'hidden_size' {COUNT} (got 0).",
        f"config: 'vocab_size' {COUNT} (got 'many').",
        "config: 'attention_bias' must be true or false (got 3).",
        "config: 'kv_lora_rank' = 512 changes the cost, and this family does not read it.",
    ]


def at_16_bit(fields):
    """Fields without formats, which say nothing of layers and take most of the time to be read."""
    formats = ("quantization_config", "expert_dtype")
    return {k: at_16_bit(v) if isinstance(v, dict) else v for k, v in fields.items() if k not in formats}


PLAIN = {family: at_16_bit(fields) for family, fields in FILES.items()}


def ignored(family):
    """Keys that a family says to be without effect."""
    read, known = with_text(PLAIN[family], families()[family], "config")
    config = Config(read)
    list(known.blocks(config))
    known.encoder(config)
    known.vision(config)
    return config.ignored


@over("family", list(FILES), fast=("llama", "mixtral", "mamba2"))
def test_keys_that_change_the_cost_are_read_or_refused(family):
    """Set to another number, one changes the model or it raises; it is never passed over."""
    before, told = load_model(PLAIN[family]), ignored(family)
    assert [key for key in COST_KEYS if key not in told and not has_an_effect(key, before)] == []


def has_an_effect(key, before):
    """Whether another number under a key gives another model, or an error that names the key."""
    if before.config.get(key) == 2 or before.config.get(SWITCHES.get(key)) is False:
        return True
    try:
        after = load_model(before.config | {key: 2})
    except ConfigError as error:
        return key in str(error) or families()[before.family].spellings.get(key, key) in str(error)
    return parts_of(after) != parts_of(before)


def parts_of(model):
    return model.blocks, model.encoder, model.vision, model.predictor


@pytest.mark.parametrize("value", [None, False, 0, []])
def test_a_cost_key_that_is_switched_off_is_no_problem(value):
    assert load_model(LLAMA | {"num_local_experts": value}).parameters == load_model(LLAMA).parameters


def test_layers_that_all_attend_to_everything_are_no_problem():
    assert load_model(LLAMA | {"layer_types": ["full_attention"] * 2}).parameters == load_model(LLAMA).parameters
    with pytest.raises(ConfigError, match="'layer_types'"):
        load_model(LLAMA | {"layer_types": ["full_attention", "sliding_attention"]})


def test_code_that_a_configuration_names_is_not_looked_at():
    hostile = {
        "auto_map": {"AutoModelForCausalLM": "os.system--rm"},
        "trust_remote_code": True,
        "_name_or_path": "$(touch pwned)",
        "custom_pipelines": {"x": {"impl": "__import__('os')"}},
        "torch_dtype": "__import__('os').abort()",
    }
    assert load_model(LLAMA | hostile).parameters == load_model(LLAMA).parameters


def test_a_configuration_is_copied_and_never_changed():
    fields = dict(LLAMA)
    model = load_model(fields)
    fields["hidden_size"] = 1
    assert model.config["hidden_size"] == 64


def test_a_window_from_the_first_layer_on_is_read():
    sliding = {"model_type": "qwen2", "use_sliding_window": True, "sliding_window": 16, "max_window_layers": 0}
    assert [b.name for b in load_model(LLAMA | sliding).blocks] == ["embedding", "sliding layers", "head"]


def test_weights_that_a_norm_lacks_and_layers_that_a_decoder_adds_are_no_silent_wrong_number():
    with pytest.raises(
        ConfigError, match="'layer_norm_elementwise_affine' = False is not supported: norms here have weights"
    ):
        load_model(FILES["opt"] | {"layer_norm_elementwise_affine": False})
    with pytest.raises(ConfigError, match="'add_cross_attention' = True changes the cost"):
        load_model(FILES["gpt2"] | {"add_cross_attention": True})


def test_more_of_a_head_than_there_is_cannot_be_rotated():
    fields = FILES["gptj"] | {"rotary_dim": 999}
    with pytest.raises(
        ConfigError, match=re.escape("'rotary_dim' must not exceed the size of a head (got 999 and 256).")
    ):
        load_model(fields)
