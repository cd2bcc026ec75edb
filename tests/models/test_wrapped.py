"""A wrapper's text is that of its family, whatever stands around it; a tower that is not understood is told."""

from __future__ import annotations

import pytest

from llm_roofline import ConfigError, load_model, models
from llm_roofline.models.families import families
from llm_roofline.models.wrapped import FLAT, SAME, TEXTS

TEXT = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "intermediate_size": 96,
    "vocab_size": 128,
    "max_position_embeddings": 512,
}
TOWER = {"model_type": "unheard_of", "hidden_size": 32, "num_hidden_layers": 3}
TOLD = "The tower of 'vision_config' is not understood; the numbers are those of the text alone."


def wrapper(model_type="unheard_of", text="llama", **beside):
    return {"model_type": model_type, "text_config": TEXT | {"model_type": text}, "vision_config": TOWER} | beside


@pytest.mark.parametrize("family", ["llama", "qwen2", "qwen3", "mistral", "gemma3_text", "lfm2", "granite"])
def test_the_text_of_any_wrapper_is_read_by_the_family_that_it_names(family):
    alone = load_model(TEXT | {"model_type": family})
    model = load_model(wrapper(text=family, projector_hidden_size=77, image_layers=5))
    assert (model.blocks, model.context_limit) == (alone.blocks, alone.context_limit)
    assert model.parameters == alone.parameters
    assert model.notes == (TOLD,)
    assert model.family == "unheard_of"


def test_a_text_that_names_no_type_is_of_the_one_that_the_class_of_the_wrapper_takes():
    """Old files of LLaVA say no more than the dimensions of their text."""
    for model_type, family in {"llava": "llama", "llava_onevision": "qwen2", "paligemma": "gemma"}.items():
        fields = wrapper(model_type) | {"text_config": TEXT}
        assert load_model(fields).blocks == load_model(TEXT | {"model_type": family}).blocks


def test_every_type_that_a_wrapper_may_take_is_known():
    assert {*TEXTS.values(), *FLAT.values(), *SAME.values()} <= families().keys()
    assert not {*TEXTS, *SAME} & families().keys(), "a type that a file reads itself needs no entry"


def test_the_whole_says_whether_the_head_is_tied_and_the_text_where_it_does_not():
    untied, tied = (load_model(wrapper(tie_word_embeddings=said)).parameters for said in (False, True))
    assert untied - tied == TEXT["vocab_size"] * TEXT["hidden_size"]
    fields = wrapper()
    assert load_model(fields).parameters == untied
    fields["text_config"]["tie_word_embeddings"] = True
    assert load_model(fields).parameters == tied
    assert load_model(fields | {"tie_word_embeddings": False}).parameters == untied


def test_keys_of_a_text_may_stand_beside_the_tower():
    model = load_model(TEXT | {"model_type": "qwen2_vl", "vision_config": TOWER})
    assert model.blocks == load_model(TEXT | {"model_type": "qwen2"}).blocks
    assert model.notes == (TOLD,)
    fields = dict(models["Qwen/Qwen2.5-VL-7B-Instruct"].config)
    assert load_model(fields).blocks == load_model(fields | {"model_type": "qwen2", "vision_config": None}).blocks


def test_keys_of_the_text_that_cost_are_refused_as_in_a_model_of_its_own():
    fields = wrapper()
    fields["text_config"]["kv_lora_rank"] = 512
    with pytest.raises(ConfigError, match=r"^config, text_config: 'kv_lora_rank' = 512 changes the cost"):
        load_model(fields)


def test_a_wrapper_without_a_tower_has_its_other_keys_checked():
    fields = {"model_type": "unheard_of", "text_config": TEXT | {"model_type": "llama"}, "image_layers": 5}
    with pytest.raises(ConfigError, match=r"'image_layers' = 5 changes the cost"):
        load_model(fields)


def test_a_text_of_an_unknown_type_is_refused():
    with pytest.raises(ConfigError, match="unknown 'model_type' 'unheard_of'"):
        load_model(wrapper(text="nothing_known"))
    with pytest.raises(ConfigError, match=r"text_config: 'model_type' must be that of a text \(got 'mistral3'\)"):
        load_model(wrapper("mistral3", text="mistral3"))
    with pytest.raises(ConfigError, match=r"'text_config' must be an object \(got None\)"):
        load_model({"model_type": "mistral3"})


def test_formats_of_a_wrapper_are_those_of_its_text():
    said = {"quant_method": "fp8", "modules_to_not_convert": ["model.vision_tower", "lm_head"]}
    model = load_model(wrapper(quantization_config=said))
    assert (model.precision.weights, model.precision.head) == ("fp8", "bf16")


def test_mistral3_has_the_text_that_it_names_and_the_tower_of_pixtral():
    """Published: 24B; its tower is as large whichever text it reads for."""
    devstral = models["mistralai/Devstral-Small-2-24B-Instruct-2512"]
    small = load_model(dict(devstral.config) | {"text_config": TEXT | {"model_type": "mistral"}})
    assert small.blocks == load_model(TEXT | {"model_type": "mistral"}).blocks
    assert devstral.vision.tokens == (1540 // 14) ** 2
    assert devstral.vision.parameters == 403_305_472 + 35_652_608
    other = dict(devstral.config) | {"vision_config": TOWER}
    assert load_model(other).vision is None
    assert TOLD in load_model(other).notes
