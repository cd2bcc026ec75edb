"""Files of strangers: whatever is in them, a model that has finite numbers or a short ConfigError, and in no time."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_roofline import ConfigError, RooflineError, load_model, models
from llm_roofline.models.keys import COST_KEYS
from tests.drawn import JSON, TEXT
from tests.fuzz.trial import tried
from tests.over import over

ALL = {name: dict(models[name].config) for name in reversed(models.names())}
FILES = {models[name].family: fields for name, fields in ALL.items()}  # one of each family, and of each quantisation
FILES |= {f["quantization_config"]["quant_method"]: f for f in ALL.values() if "quantization_config" in f}
LAYERS, MANY = 10_000, 1_000_000
SECONDS = 2.0
DEEP = json.loads("[" * 700 + "]" * 700)


def check(fields):
    """Load a configuration and evaluate it, or see that what is said of it is short."""
    trial = tried(fields)
    assert trial.answer in {"model", "refused"}
    assert trial.seconds < SECONDS


def changed(fields, place, change):
    """A copy in which what stands in a place, a tuple of keys, is replaced by what a function makes of it."""
    key, *rest = place
    copy = fields.copy()
    value = change(copy[key]) if not rest else changed(copy[key], rest, change)
    if value is DELETED:
        del copy[key]
    else:
        copy[key] = value
    return copy


def places(fields, before=()):
    """Every place in an object, of lists the first entry."""
    items = fields.items() if isinstance(fields, dict) else list(enumerate(fields))[:1]
    for key, value in items:
        yield (*before, key)
        if isinstance(value, dict | list):
            yield from places(value, (*before, key))


DELETED = object()
NUMBERS = [0, -1, 1, 2, 3, 7, LAYERS, 2**31, 2**31 + 1, 10**30, 10**4000, 0.5, -0.0, 1e308, float("nan"), float("inf")]
NASTY = st.sampled_from(
    [*NUMBERS, "", "8", "x" * MANY, [], {}, [0], [2, 3], [{}], [DEEP], DEEP, ["x" * MANY], [10**4000], {"a": {"b": []}}]
)


@st.composite
def broken(draw):
    """A real configuration of which parts, nested ones too, are deleted, retyped, negated, or made huge."""
    fields = FILES[draw(st.sampled_from(sorted(FILES)))]
    if draw(st.booleans()):
        fields = fields | {draw(st.sampled_from(COST_KEYS)): draw(JSON)}
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.sampled_from([*places(fields)]))
        fields = changed(fields, place, lambda value: draw(changes_of(value)))
    return fields


def changes_of(value):
    """What may stand in the place of a value."""
    others = [st.just(DELETED), NASTY, JSON]
    if type(value) is int and abs(value) < 10**30:
        others.append(
            st.sampled_from([-value, value + 1, value * 2, value // 2, value * 10**9, float(value), str(value)])
        )
    if isinstance(value, bool):
        others.append(st.just(not value))
    if isinstance(value, list) and value:
        others.append(st.sampled_from([value[:-1], [*value, value[-1]], value * (LAYERS // len(value) + 1)]))
    return st.one_of(others)


@settings(max_examples=3 * settings.default.max_examples)
@given(broken())
def test_a_broken_configuration_is_a_model_or_a_config_error(fields):
    check(fields)


@given(st.dictionaries(TEXT | st.sampled_from(sorted(FILES["llama"])), JSON, max_size=6) | JSON)
def test_any_mapping_at_all_is_a_model_or_an_error_of_ours(data):
    try:
        load_model(data)
    except RooflineError as error:
        assert str(error)  # noqa: PT017 - either is right


def quantised(layers, **given):
    return {"num_hidden_layers": layers, "quantization_config": {"quant_method": "fp8"} | given}


def widths(number):
    return [{"attention": {"n_heads_in_group": 8}, "ffn": {"ffn_mult": 0.5 + i / 100}} for i in range(number)]


GROUP = {"num_bits": 8, "symmetric": 10**4000}
HOSTILE = {
    "drafts without end": lambda _, __: ("deepseek_v3", {"num_nextn_predict_layers": 2**31 - 1}),
    "a long type": lambda _, many: ("llama", {"model_type": "llama" * many}),
    "many near names": lambda _, many: (
        "llama",
        {"hidden_size": None} | {f"hidden_sizes{i}": 0 for i in range(many // 5)},
    ),
    "a long near name": lambda _, many: ("llama", {"hidden_size": None, "hidden_sizes" * many: 0}),
    "deep types of layers": lambda _, __: ("llama", {"layer_types": [DEEP]}),
    "a long number": lambda _, __: ("llama", {"layer_types": [10**4000]}),
    "many names that are not quantised": lambda layers, many: (
        "llama",
        quantised(layers, ignore=[f"layers.{i}.mlp.gate_proj" for i in range(many // 50)]),
    ),
    "many patterns": lambda layers, many: (
        "llama",
        quantised(layers, ignore=[f"layers.{i}.mlp*" for i in range(many // 1_000)]),
    ),
    "many expressions": lambda layers, many: (
        "llama",
        quantised(layers, ignore=["re:" + "(a|b|c|d|e)" * 6 + str(i) for i in range(many // 500)]),
    ),
    "a long algorithm": lambda layers, many: (
        "llama",
        quantised(layers, quant_method="modelopt", quant_algo="x" * many),
    ),
    "a long number in a group": lambda layers, _: (
        "llama",
        quantised(layers, quant_method="modelopt", config_groups={key: {"weights": GROUP} for key in "ab"}),
    ),
    "long ratios": lambda _, many: ("deepseek_v4", {"compress_ratios": ["x" * many] * 100}),
    "many layers that there are not": lambda layers, many: (
        "qwen3_moe",
        {"num_hidden_layers": layers, "mlp_only_layers": [*range(layers, many)]},
    ),
    "many heads of a draft": lambda layers, _: (
        "llama",
        {"architectures": ["MedusaModel"], "medusa_num_heads": layers, "num_hidden_layers": layers},
    ),
    "heads without end": lambda _, __: ("llama", {"medusa_num_heads": 2**31}),
    "layers of two kinds": lambda layers, many: (
        "kimi_linear",
        {
            "num_hidden_layers": layers,
            "linear_attn_config": {"full_attn_layers": [*range(1, layers + 1)], "kda_layers": [*range(many)]},
        },
    ),
    "a long pattern": lambda _, many: (
        "nemotron_h",
        {"layers_block_type": None, "num_hidden_layers": None, "hybrid_override_pattern": "M*" * many},
    ),
    "layers of as many kinds": lambda layers, _: (
        "nemotron-nas",
        {"num_hidden_layers": layers, "block_configs": widths(layers)},
    ),
}
"""What a stranger may write to take long, by how many layers and how many of anything there are."""


@pytest.mark.parametrize("part", [10, pytest.param(1, marks=pytest.mark.slow)])
@over("hostile", HOSTILE)
def test_a_hostile_configuration_takes_neither_time_nor_room(hostile, part):
    family, changes = hostile(LAYERS // part, MANY // part)
    check(FILES[family] | changes)


def test_layers_of_too_many_kinds_are_refused():
    with pytest.raises(ConfigError, match="'block_configs' must have at most 100 kinds of layers"):
        load_model(FILES["nemotron-nas"] | {"num_hidden_layers": 500, "block_configs": widths(500)})


@pytest.mark.parametrize("sides", [[2], [2, 2, 2], [2, 2**31 + 1]])
def test_patches_merge_along_two_sides(sides):
    vision = FILES["kimi_k25"]["vision_config"] | {"merge_kernel_size": sides}
    with pytest.raises(ConfigError, match="'merge_kernel_size' must hold two whole numbers"):
        load_model(FILES["kimi_k25"] | {"vision_config": vision})


@pytest.mark.parametrize("named", [[1.0], [True], ["1"], [[1]]])
def test_layers_are_named_by_whole_numbers(named):
    with pytest.raises(ConfigError, match="'mlp_only_layers' must hold numbers of layers"):
        load_model(FILES["qwen3_moe"] | {"mlp_only_layers": named})
