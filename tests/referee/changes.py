"""Small random changes of a real config: other sizes of heads, odd widths and experts, tied or not, fewer layers.

What no config of the catalogue shows, a wrong formula may hide behind. Imports neither torch nor transformers, so that
a test can apply the changes.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .rules import FEW, FLAGS, HIDDEN, IDLE, RULES, first

if TYPE_CHECKING:
    from .rules import Fields

MOST_LAYERS = 9
AGAIN = {"block_ff_dim": "intermediate_size", "experts_per_token": "num_experts_per_tok"}
LAYERS = (
    "num_hidden_layers",
    "n_layer",
    "n_layers",
    "num_layers",
    "encoder_layers",
    "decoder_layers",
    "num_decoder_layers",
)


@st.composite
def changes(draw: st.DrawFn, config: dict[str, Any]) -> dict[str, Any]:
    """Keys of a config and their new values."""
    prefix = "text_config." if "text_config" in config else ""
    before = flat(config["text_config"] if prefix else config)
    idle = {key for other, keys in IDLE.items() if other in before for key in keys}
    if prefix:
        idle |= {*HIDDEN, "tie_word_embeddings"}  # a vision tower ends in the hidden size, and the outer config ties
    zeros = {*FEW, *FLAGS}  # where 0 and false are values like any other
    may = [key for key in RULES if (before.get(key) or (before.get(key) == 0 and key in zeros)) and key not in idle]
    chosen = draw(st.lists(st.sampled_from(may), min_size=2, max_size=5, unique=True))
    after = dict(before)
    for key in LAYERS:
        if before.get(key):
            after[key] = draw(st.integers(1, min(MOST_LAYERS, before[key])))
    for key in may:
        if key in chosen:
            after[key] = draw(RULES[key](after, key))
    follow(after)
    shorten(before, after)
    return nested({prefix + key: value for key, value in after.items() if value != before[key]})


def flat(fields: Fields) -> Fields:
    """A config with the keys one level down beside the others."""
    inner = {f"{key}.{k}": v for key, value in fields.items() if isinstance(value, dict) for k, v in value.items()}
    return {key: value for key, value in fields.items() if not isinstance(value, dict)} | inner


def nested(fields: Fields) -> Fields:
    """A config with the keys of each part in it."""
    whole: Fields = {}
    for path, value in fields.items():
        *parts, key = path.split(".")
        reduce(lambda part, name: part.setdefault(name, {}), parts, whole)[key] = value
    return whole


def follow(fields: Fields) -> None:
    """Set what other keys decide."""
    if "state_size" in fields and "num_heads" in fields:  # Mamba-2
        fields["hidden_size"] = fields["num_heads"] * fields["head_dim"] // fields["expand"]
    elif "state_size" in fields:
        fields["intermediate_size"] = fields["expand"] * fields["hidden_size"]
    if "mamba_n_heads" in fields:
        fields["mamba_n_heads"] = fields["mamba_expand"] * fields["hidden_size"] // fields["mamba_d_head"]
    if "kv_lora_rank" in fields or fields["model_type"] == "gpt_neox":
        fields["num_key_value_heads"] = fields["num_attention_heads"]
    if "swa_head_dim" in fields:  # MiMo-V2
        fields["swa_num_attention_heads"] = fields["num_attention_heads"]
        fields["swa_num_key_value_heads"] = 2 * fields["num_key_value_heads"]
        fields |= {"swa_head_dim": fields["head_dim"], "swa_v_head_dim": fields["v_head_dim"]}
    if "sparse_attention_config.sparse_index_dim" in fields:  # MiniMax M3
        fields["moe_intermediate_size"] = fields["intermediate_size"]
    fields |= {again: fields[key] for again, key in AGAIN.items() if again in fields}
    if "qk_head_dim" in fields:
        fields["qk_head_dim"] = fields["qk_nope_head_dim"] + fields["qk_rope_head_dim"]
    if fields["model_type"] == "dit":
        fields["intermediate_size"] = 4 * fields["hidden_size"]


def shorten(before: Fields, after: Fields) -> None:
    """Leave the layers that are no more out of lists by layer; what follows them is for multi-token prediction."""
    layers = first(before, LAYERS)
    left = first(after, LAYERS)
    if layers == left:  # or the config does not say how many
        return
    for key, value in before.items():
        if key.startswith("linear_attn_config.") and isinstance(value, list):  # numbers of layers
            after[key] = [number for number in value if number <= left]
        elif (isinstance(value, list) or key == "hybrid_override_pattern") and layers <= len(value) <= layers + 3:
            after[key] = value[:left] + value[layers:]


def changed(config: Fields, new: Fields) -> Fields:
    """The config with some keys set otherwise, inside its parts too; None takes a key away."""
    merged = {
        key: changed(config[key], value) if isinstance(value, dict) and key in config else value
        for key, value in new.items()
    }
    kept = {key: value for key, value in config.items() if key not in new}
    return kept | {key: value for key, value in merged.items() if value is not None}
