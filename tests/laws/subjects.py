"""What the laws run over: every model of the catalogue, one of each family, and shapes that the catalogue lacks."""

from __future__ import annotations

from llm_roofline import (
    Conventions,
    Decoder,
    Hardware,
    Model,
    Precision,
    Scenario,
    Step,
    Workload,
    hardware,
    load_model,
    models,
)
from llm_roofline.estimates.planning import planned
from llm_roofline.models.load import families
from llm_roofline.roofline.compile import compiled
from llm_roofline.serving.passes import first_context
from tests.over import over

H100 = hardware["h100-sxm"]
TINY = {
    "model_type": "qwen3",
    "hidden_size": 64,
    "num_hidden_layers": 5,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "intermediate_size": 96,
    "vocab_size": 1000,
}
SHAPES = {  # what no file of the catalogue asks for: small windows, on some or all layers; NeoX in sequence; by hand;
    # an encoder and a decoder of different shapes; a text model without its tower
    "by hand": Decoder("by hand", hidden_size=64, layers=3, heads=4, ffn_size=96, vocabulary=1000, tied=True),
    "window": load_model(TINY | {"model_type": "mistral", "sliding_window": 48}, "window"),
    "late window": load_model(
        TINY | {"use_sliding_window": True, "sliding_window": 48, "max_window_layers": 2}, "late window"
    ),
    "sequential neox": load_model(
        {k: v for k, v in TINY.items() if k not in {"num_key_value_heads", "head_dim"}}
        | {"model_type": "gpt_neox", "use_parallel_residual": False},
        "sequential neox",
    ),
    "bart": load_model(
        {
            "model_type": "bart",
            "d_model": 64,
            "encoder_layers": 3,
            "encoder_attention_heads": 8,
            "encoder_ffn_dim": 96,
            "decoder_layers": 2,
            "decoder_attention_heads": 4,
            "decoder_ffn_dim": 128,
            "vocab_size": 1000,
        },
        "bart",
    ),
    "text of qwen3.5": load_model(
        TINY
        | {
            "model_type": "qwen3_5_text",
            "full_attention_interval": 3,
            "linear_num_key_heads": 2,
            "linear_num_value_heads": 4,
            "linear_key_head_dim": 8,
            "linear_value_head_dim": 8,
            "linear_conv_kernel_dim": 4,
        },
        "text of qwen3.5",
    ),
}


def one_of_each_family() -> dict[str, Model]:
    """First model of the catalogue of every family, and the shapes above."""
    found: dict[str, Model] = {}
    for name in models.names():
        found.setdefault(models[name].family, models[name])
    by_hand = {model.family for model in SHAPES.values()}
    lacking = ", ".join(families().keys() - found.keys() - by_hand)
    assert not lacking, (
        f"models/data needs a config.json of {lacking}, named like OWNER--NAME.json, to try the family on."
    )
    return found | SHAPES


FAMILIES = one_of_each_family()
EVERY = {name: models[name] for name in models.names()} | SHAPES


def _parts(model: Model) -> set[tuple[type, ...]]:
    """Kinds of operators that a model is made of, each with the kinds of features that it counts."""
    stacks = [stack for stack in (model, model.encoder, model.vision) if stack]
    structures = [compiled(stack, Conventions.standard) for stack in stacks]
    kinds = {(type(operator),) for stack in stacks for _, operator in stack.operators()}
    return kinds | {(type(feature),) for found in structures for feature in found.counts}


def _cover() -> set[str]:
    """Names of a few models that have every kind of operator and of feature between them."""
    wanted = {name: _parts(model) for name, model in FAMILIES.items()}
    missing, chosen = set().union(*wanted.values()), set(SHAPES)
    missing -= set().union(*(wanted[name] for name in chosen))
    while missing:
        best = max(wanted, key=lambda name: len(wanted[name] & missing))
        chosen.add(best)
        missing -= wanted[best]
    return chosen | {
        "llama",
        "deepseek_v3",
        "dit",
        "gpt_oss",
        "mamba2",
        "mixtral",
        "qwen3_next",
        "whisper",
    }  # well known


COVER = sorted(_cover())
COVERING = [name for name, model in EVERY.items() if model in [FAMILIES[family] for family in COVER]]
FEW = ("llama", "mixtral", "deepseek_v3")
every_model = over("model", EVERY, COVERING)
every_decoder = over("model", {name: model for name, model in EVERY.items() if model.paradigm.grows}, COVERING)
every_family = over("model", FAMILIES, COVER)
a_few_models = over("model", FAMILIES, FEW)
# For closed forms against passes one by one: what is summed are operators and features, and these have every kind.
every_kind = over("model", {family: FAMILIES[family] for family in COVER}, FEW)


def device(bandwidth: float, matrix: float, vector: float, memory_bytes: float = 80e9) -> Hardware:
    """A device that computes in bf16 alone."""
    return Hardware(
        name="made-up",
        title="made up",
        memory_bytes=memory_bytes,
        memory_bandwidth=bandwidth,
        peak_flops_per_s={"bf16": matrix},
        vector_flops_per_s={"fp32": vector},
    )


def scenario(
    model: Model, batch: int = 1, prompt: int = 128, output: int = 16, on: Hardware = H100, **fields: str
) -> Scenario:
    """A scenario with a workload that every model allows; fields are formats or conventions."""
    conventions = fields.pop("conventions", Conventions.standard)
    return Scenario(model, on, Workload(batch, prompt, output), Precision(**fields), conventions=conventions)


def decode_steps(s: Scenario) -> list[Step]:
    """The decode steps of a scenario, one after the other; the one that would follow where there is none."""
    model, work = s.model, s.workload
    if not model.paradigm.grows:
        return [Step(work.batch_size, work.prompt_tokens, work.prompt_tokens)] * max(work.decode_steps, 1)
    first = first_context(model, work.prompt_tokens) + 1
    source = work.prompt_tokens if model.encoder else 0
    contexts = range(first, first + max(work.decode_steps, 1))
    return [Step(work.batch_size, 1, context, source_tokens=source) for context in contexts]


def structure(s: Scenario):
    """Compiled structure of a scenario, for laws over many steps at once."""
    return planned(s).decode.structure
