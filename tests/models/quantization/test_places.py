"""Names of modules lead to the operator that a checkpoint stores under them, in every family."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import models
from llm_roofline.models.checkpoint import StoredTensor, matched
from llm_roofline.models.checkpoint.name import Name
from llm_roofline.models.load import families
from llm_roofline.models.quantization.modules import modules
from llm_roofline.models.quantization.patterns import alternatives
from llm_roofline.models.quantization.place import Place
from llm_roofline.models.quantization.rule_matcher import RuleMatcher
from llm_roofline.models.quantization.statement import Rule
from tests.checkout import REPOSITORY
from tests.in_time import in_time
from tests.over import over

TENSORS = json.loads((REPOSITORY / "tests/golden/tensors.json").read_text(encoding="utf-8"))
SUFFIX = re.compile(r"\.weight$|\.bias$|_bias$")
FEW = (  # of the fast run: each names its modules in another way
    "openai-community/gpt2-large",
    "openai/whisper-base",
    "google/gemma-4-26B-A4B",
    "ibm-granite/granite-4.0-h-small",
    "Qwen/Qwen3.5-27B",
    "mistralai/Mixtral-8x22B-v0.1",
)
LINEAR = ("weights", "attention_weights", "experts")
ASIDE = re.compile(r"norm|(EncDecAttention|encoder_attn)\.[kv]|\.gate\.|router")


def numbers(text):
    """What a star of the table stands for."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last) + 1)) if last else [int(n) for n in text.split(",")]


def weights_of(rows):
    """Tensors of each matrix of the table and of its bias, in every layer."""
    found = defaultdict(list)
    for name, elements, *stars in rows:
        if name.endswith((".weight", ".bias", "_proj", "_bias")) and not ASIDE.search(name):
            places = product(*map(numbers, stars))
            names = [name.replace("*", "{}").format(*place) for place in places]
            found[SUFFIX.sub("", name)] += [StoredTensor(name, "BF16", (elements,), 2 * elements) for name in names]
    return list(found.values())


def rule_of(tensors, layers):
    """A rule for modules in some layers, whatever the expert."""
    names = [SUFFIX.sub("", t.name) for t in tensors if Name.of(t.name).layer in {None, *layers}]
    return Rule(tuple({re.sub(r"experts\.\d+\.", "experts.*.", name): name for name in names}.items()), None)


def owners_of(model, tensors):
    """Stack, block and name of the operators that tensors belong to."""
    found = matched(model, tensors)
    stacks = {"text": found.by_operator} | {name: tower.by_operator for name, tower in found.towers.items()}
    return {(stack, *key) for stack, keys in stacks.items() for key in keys}


@over("name", list(TENSORS), FEW)
def test_the_name_of_a_module_leads_to_the_operator_that_its_checkpoint_stores_there(name):
    model = models[name]
    table = weights_of(TENSORS[name])
    owners = [owners_of(model, tensors) for tensors in table]
    firsts = {places[0] for stack in model.stacks for _, places in stack.layer_numbers() if places}
    rules = [rule_of(tensors, firsts) for tensors in table]
    wrong = []
    for place, stack in {"text": model, "encoder": model.encoder, "vision": model.vision}.items():
        if stack is None:
            continue
        matcher = RuleMatcher(rules, place, sum(len(places) for _, places in stack.layer_numbers()))
        for module in modules(stack, families()[model.family].modules):
            if module.kind in LINEAR and module.key[0] not in ("projector", "cross attention"):
                own = {rule for rule in matcher.rules_of(module) if rule is not None}
                if own != {i for i, keys in enumerate(owners) if (place, *module.key) in keys}:
                    wrong.append((place, *module.key, [rules[i].names[0][0] for i in own]))
    assert wrong == []


@pytest.mark.parametrize(
    ("pattern", "place"),
    {
        "model.layers.3.mlp": ("text", 3, "mlp"),
        "model.language_model.layers.3.mlp.up_proj": ("text", 3, "mlp.up_proj"),
        "transformer.h.3.attn.c_attn": ("", 3, "attn.c_attn"),
        "backbone.layers.3.mixer*": ("", 3, "mixer*"),
        "layers.0.ffn.experts": ("", 0, "ffn.experts"),
        "*.layers.*.self_attn*": ("", None, "model.layers.*.self_attn*"),
        "model.layers.1*": ("text", None, "model.layers.1*"),
        "lm_head": ("", None, "lm_head"),
        "language_model.lm_head": ("text", None, "lm_head"),
        "model.vision_tower*": ("vision", None, "*"),
        "model.visual": ("vision", None, ""),
        "visual.blocks.2.attn.qkv": ("vision", 2, "attn.qkv"),
        "multi_modal_projector": ("vision", None, "projector"),
        "mtp.layers.0.mlp": ("predictor", 0, "mlp"),
        "encoder.block.0.layer.1.DenseReluDense.wo": ("encoder", 0, "DenseReluDense.wo"),
    }.items(),
)
def test_a_pattern_points_to_a_stack_a_layer_and_a_name(pattern, place):
    assert Place.of(pattern)[:3] == place


@pytest.mark.parametrize(
    ("expression", "names"),
    {
        r"re:.*mlp\.(gate|up)_proj$": ["*mlp.gate_proj", "*mlp.up_proj"],
        r"re:.*\.(?:1[0-2]|20)\..*": ["*.10.*", "*.11.*", "*.12.*", "*.20.*"],
        r"re:^model\.layers\.\d+\.self_attn$": ["model.layers.*.self_attn"],
        "re:.*mlp.gate": ["*mlp.gate*"],
        "re:(a|b(c|d))$": ["a", "bc", "bd"],
        "*.attn.*": ["*.attn.*"],
    }.items(),
)
def test_an_expression_is_read_as_names(expression, names):
    assert [name for name, _ in alternatives([expression])] == names


@given(st.text(alphabet="ab1.*+?()[]{}|^$\\re:-dw", max_size=60))
def test_no_pattern_of_a_stranger_takes_long_or_raises_anything_else(pattern):
    def read():
        try:
            rules = [Rule(tuple(alternatives([f"re:{pattern}", pattern, f"layers.{pattern}"])), None)]
            matcher = RuleMatcher(rules, "text", 28)
            assert [matcher.rules_of(module) for module in modules(models["Qwen/Qwen3-0.6B"], {})]
        except ValueError:
            pass  # more than literals, as it says

    in_time(1.0, read)
