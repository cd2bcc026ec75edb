"""The class that a configuration names decides which head stands behind the layers, and what it costs."""

from __future__ import annotations

import pytest

from llm_roofline import ConfigError, Scenario, evaluate, hardware, load_model, models
from llm_roofline.models.checkpoint import StoredTensor, matched

LLAMA = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "intermediate_size": 96,
    "vocab_size": 100,
    "tie_word_embeddings": False,
}
GPT_2 = {"n_embd": 64, "n_layer": 2, "n_head": 4, "vocab_size": 100, "n_positions": 64}
T5 = {"d_model": 64, "d_kv": 16, "d_ff": 96, "num_layers": 2, "num_heads": 4, "vocab_size": 100}
BART = {f"{side}_{key}": n for side in ("encoder", "decoder") for key, n in (("layers", 2), ("attention_heads", 4))} | {
    "d_model": 64,
    "encoder_ffn_dim": 96,
    "decoder_ffn_dim": 96,
    "vocab_size": 100,
}
OPT = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "ffn_dim": 96,
    "vocab_size": 100,
    "word_embed_proj_dim": 64,
}
OTHER = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 100}
NEOX = OTHER | {"intermediate_size": 96, "tie_word_embeddings": False}
COUNTED = {  # parameters that Transformers 5.24 builds on the meta device
    "LlamaModel": ("llama", LLAMA, 68160),
    "LlamaForSequenceClassification": ("llama", LLAMA | {"num_labels": 1}, 68224),
    "LlamaForTokenClassification": ("llama", LLAMA | {"num_labels": 5}, 68485),
    "LlamaForQuestionAnswering": ("llama", LLAMA, 68290),
    "MistralModel": ("mistral", LLAMA, 68160),
    "MistralForSequenceClassification": ("mistral", LLAMA | {"id2label": {"0": "a", "1": "b", "2": "c"}}, 68352),
    "MixtralForSequenceClassification": ("mixtral", LLAMA | {"num_local_experts": 3, "num_experts_per_tok": 2}, 142400),
    "Qwen2ForTokenClassification": ("qwen2", LLAMA, 68546),
    "Qwen3Model": ("qwen3", LLAMA, 68224),
    "Qwen3ForSequenceClassification": ("qwen3", LLAMA, 68352),
    "Gemma2ForSequenceClassification": ("gemma2", LLAMA | {"tie_word_embeddings": True}, 68544),
    "Gemma3TextModel": ("gemma3_text", LLAMA | {"tie_word_embeddings": True, "sliding_window": 32}, 68480),
    "GPT2Model": ("gpt2", GPT_2, 110592),
    "GPT2ForSequenceClassification": ("gpt2", GPT_2, 110720),
    "GPT2ForTokenClassification": ("gpt2", GPT_2, 110722),
    "GPTJForQuestionAnswering": ("gptj", GPT_2 | {"rotary_dim": 8}, 105858),
    "GPTNeoXForSequenceClassification": ("gpt_neox", NEOX, 65344),
    "OPTForSequenceClassification": ("opt", OPT, 196544),
    "FalconForTokenClassification": ("falcon", OTHER, 92930),
    "BloomForSequenceClassification": (
        "bloom",
        {"hidden_size": 64, "n_layer": 2, "n_head": 4, "vocab_size": 100},
        106752,
    ),
    "T5Model": ("t5", T5, 154880),
    "T5ForSequenceClassification": ("t5", T5, 159170),
    "T5ForQuestionAnswering": ("t5", T5, 155010),
    "BartModel": ("bart", BART, 288896),
    "BartForSequenceClassification": ("bart", BART, 293251),
}


def named(model_type, fields, name):
    return load_model(fields | {"model_type": model_type, "architectures": [name]})


def test_a_head_has_the_parameters_that_transformers_builds():
    found = {name: named(kind, fields, name).parameters for name, (kind, fields, _) in COUNTED.items()}
    assert found == {name: parameters for name, (*_, parameters) in COUNTED.items()}


def test_what_writes_no_tokens_says_so():
    for name, (kind, fields, _) in COUNTED.items():
        assert (
            "not tokens: " in named(kind, fields, name).notes[0]
            or "not in tokens: " in named(kind, fields, name).notes[0]
        )


@pytest.mark.parametrize(
    ("name", "more"),
    [  # two layers with biases (Qwen2.5-Math-RM, Qwen2.5-Math-PRM), one vector without (InternLM2-Reward)
        ("Qwen2ForRewardModel", 64 * 64 + 64 + 64 + 1),
        ("Qwen2ForProcessRewardModel", 64 * 64 + 64 + 2 * 64 + 2),
        ("InternLM2ForRewardModel", 64),
    ],
)
def test_a_reward_model_has_the_head_of_its_own_file(name, more):
    kind = "internlm2" if name.startswith("Intern") else "qwen2"
    assert (
        named(kind, LLAMA, name).parameters == named(kind, LLAMA, name[: name.index("For")] + "Model").parameters + more
    )


@pytest.mark.parametrize(
    "name",
    [
        "LlamaForCausalLM",
        "GPT2LMHeadModel",
        "ChatGLMModel",
        "Step3p7FlashForCausalLM",
        "Qwen3VLForConditionalGeneration",
        "",
    ],
)
def test_a_language_model_keeps_its_head(name):
    model = load_model(LLAMA | {"model_type": "llama", "architectures": [name] if name else None})
    assert (model.notes, model.parameters) == ((), 68160 + 6400)


def test_a_head_that_is_not_understood_is_said_and_no_other_is_counted_for_it():
    model = named("llama", LLAMA, "LlamaForSomethingNew")
    assert model.parameters == 68160
    assert model.notes[0].startswith(
        "The head of LlamaForSomethingNew is not understood and not counted; understood are"
    )


@pytest.mark.parametrize("name", ["T5EncoderModel", "T5ForTokenClassification"])
def test_an_encoder_alone_is_refused(name):
    with pytest.raises(ConfigError, match=f"names {name}, an encoder alone; models that have a decoder are counted"):
        named("t5", T5, name)


@pytest.mark.parametrize("given", ["LlamaModel", [7], {}])
def test_architectures_are_a_list_of_names(given):
    with pytest.raises(ConfigError, match="'architectures' must be a list"):
        load_model(LLAMA | {"model_type": "llama", "architectures": given})


def test_a_classifier_runs_its_head_at_the_last_token_and_a_tagger_at_all():
    rows = {}
    for name in ("LlamaForSequenceClassification", "LlamaForTokenClassification"):
        estimate = evaluate(Scenario(named("llama", LLAMA, name), hardware["h100-sxm"]).update(prompt_tokens=50))
        rows[name] = estimate.prefill.operators["score"].flops
        assert estimate.notes[0].startswith(f"{name} ends in ")
    assert rows == {"LlamaForSequenceClassification": 2 * 64 * 2, "LlamaForTokenClassification": 50 * (2 * 64 * 2 + 2)}


def test_the_tensors_of_a_head_go_to_it():
    for name, stored in (("LlamaForSequenceClassification", "score"), ("GPT2ForTokenClassification", "classifier")):
        kind, fields, _ = COUNTED[name]
        found = matched(named(kind, fields, name), [StoredTensor(f"{stored}.weight", "of any size", (6,), 12)])
        assert found.by_operator == {("head", "score"): 12}


def test_no_model_of_the_catalogue_has_lost_its_head():
    assert [name for name in models.names() if any("head" in note for note in models[name].notes)] == []
