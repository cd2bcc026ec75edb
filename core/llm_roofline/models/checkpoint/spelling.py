"""How checkpoints spell the names of operators; each spelling leads to one, so that names can be compared.

Names of GGUF tensors are those of llama.cpp, the others those of the families' own checkpoints.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ALIASES: Mapping[str, str] = {
    alias: name
    for name, aliases in {
        "embed_tokens": "embed_in embeddings shared tok_embeddings word_embeddings wte",
        "embed_positions": "wpe",
        "lm_head": "embed_out head output output_layer proj_out",
        "norm": "decoder.final_layer_norm final_layer_norm final_layernorm ln_f norm_f",
        "input_layernorm": "attention_norm ln_1 norm_1 pre_attn_norm",
        "post_attention_layernorm": "ffn_norm ln_2 norm_2 pre_ff_layernorm",
        "qkv_proj": "W_pack Wqkv c_attn qkv query_key_value wqkv",
        "q_proj": "q",
        "k_proj": "k",
        "v_proj": "v",
        "o_proj": "attn.c_proj attn.proj dense o out_proj wo",
        "q_a_proj": "wq_a",
        "q_b_proj": "wq_b",
        "kv_proj": "wkv",
        "o_a_proj": "wo_a",
        "o_b_proj": "wo_b",
        "q_norm": "q_layernorm query_layernorm",
        "k_norm": "k_layernorm key_layernorm",
        "self_attn": "SelfAttention",
        "encoder_attn": "EncDecAttention",
        "attention": "attention_sink attn_sink sinks",
        "gate_proj": "w1 wgate wi_0",
        "up_proj": "c_fc dense_h_to_4h fc1 fc_in v1 w3 wi wi_1",
        "down_proj": "c_proj dense_4h_to_h fc2 fc_out output_linear w2",
        "indexer.keys": "indexer.compressor",
        "gate_up_proj": "input_linear",
        "gate": "router",
        "gate.norm": "gate.scale",
        "route": "e_score_correction per_expert_scale",
        "experts": "block_sparse_moe experts.mlp moe",
        "shared_experts": "share_expert shared_expert shared_mlp",
        "score": "classifier",
        "scan": "A_log D dt gated_delta_rule kimi_delta_attention selective_scan state_space_dual",
        "indexer.q_proj": "index_q_proj",
        "indexer.k_proj": "index_k_proj",
        "indexer.q_norm": "index_q_norm",
        "indexer.k_norm": "index_k_norm",
        "attn_hc.fn": "hc_attn_fn",
        "attn_hc.weights": "hc_attn_base hc_attn_scale",
        "ffn_hc.fn": "hc_ffn_fn",
        "ffn_hc.weights": "hc_ffn_base hc_ffn_scale",
        "hc_head.fn": "hc_head_fn",
        "hc_head.weights": "hc_head_base hc_head_scale",
        "fn": "hc_fn",
        "weights": "hc_base hc_scale",
        "deepstack": "deepstack_merger_list",
    }.items()
    for alias in aliases.split()
}
"""Spellings of parts of a name, of tensors and of operators, by what both become."""
MEANINGS: Mapping[str, str] = {
    "token_embd": "embed_tokens",
    "token_embd_norm": "word_embeddings_layernorm",
    "position_embd": "embed_positions",
    "output_norm": "norm",
    "norm": "norm kv_norm",
    "q_norm": "q_norm q_a_norm",
    "attn_norm": "input_layernorm ln_mlp norm layer.0.layer_norm",
    "attn_norm_2": "ln_attn",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_qkv": "qkv_proj",
    "attn_output": "self_attn.o_proj attention.o_proj",
    "attn_o": "self_attn.o_proj",
    "attn_q_norm": "q_norm",
    "attn_k_norm": "k_norm",
    "attn_q_a": "q_a_proj",
    "attn_q_b": "q_b_proj",
    "attn_q_a_norm": "q_a_layernorm",
    "attn_kv_a_mqa": "kv_a_proj_with_mqa",
    "attn_kv_a_norm": "kv_a_layernorm",
    "attn_kv_b": "kv_b_proj",
    "attn_k_b": "kv_b_proj",
    "attn_v_b": "kv_b_proj",
    "attn_gate": "g_proj",
    "attn_sinks": "attention",
    "attn_output_norm": "post_attention_layernorm",
    "cross_attn_norm": "layer.1.layer_norm",
    "cross_attn_q": "encoder_attn.q_proj",
    "cross_attn_k": "encoder_attn.k_proj",
    "cross_attn_v": "encoder_attn.v_proj",
    "cross_attn_o": "encoder_attn.o_proj",
    "attn_rel_b": "relative_attention",
    "post_attention_norm": "post_self_attn_layernorm post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm post_attention_layernorm layer.2.layer_norm layer.1.layer_norm",
    "pre_ffw_norm_2": "pre_feedforward_layernorm_2",
    "post_ffw_norm": "post_mlp_layernorm post_feedforward_layernorm",
    "post_ffw_norm_1": "post_feedforward_layernorm_1",
    "post_ffw_norm_2": "post_feedforward_layernorm_2",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj mlp.wo",
    "ffn_gate_inp": "gate gate.proj",
    "ffn_gate_inp_shexp": "shared_expert_gate",
    "exp_probs_b": "route",
    "ffn_gate_exps": "experts.gate_proj",
    "ffn_up_exps": "experts.up_proj",
    "ffn_gate_up_exps": "experts.gate_up_proj",
    "ffn_down_exps": "experts.down_proj",
    "ffn_gate_shexp": "shared_experts.gate_proj",
    "ffn_up_shexp": "shared_experts.up_proj",
    "ffn_down_shexp": "shared_experts.down_proj",
    "ssm_in": "in_proj",
    "ssm_conv1d": "conv1d",
    "ssm_x": "x_proj",
    "ssm_dt": "dt_proj scan",
    "ssm_a": "scan",
    "ssm_d": "scan",
    "ssm_dt_norm": "dt_layernorm",
    "ssm_b_norm": "b_layernorm",
    "ssm_c_norm": "c_layernorm",
    "ssm_norm": "mixer.norm mamba.norm",
    "ssm_out": "out_proj",
}
"""What a name may be in one family or another, the likeliest first; most are those of GGUF files."""
_FUSED: Mapping[str, tuple[str, ...]] = {
    "gate_up_proj": ("gate_proj", "up_proj"),
    "qkv_proj": ("q_proj", "k_proj", "v_proj"),
    "position_embedding_table": ("position_embedding_table.x", "position_embedding_table.y"),
}
INSTEAD: Mapping[str, tuple[str, ...]] = {
    **_FUSED,
    **{part: (whole,) for whole, several in _FUSED.items() for part in several},
}
"""What a tensor is stored for where no operator has its name: those that it fuses, or the one that it is a part of."""
_ENDING = re.compile(r"_(?:bias|blocks|scales)$")  # gpt-oss writes `gate_up_proj_bias`


def pieces(name: str) -> tuple[str, ...]:
    """Parts of a name in the one spelling.

    Parameters
    ----------
    name : str
        Name of an operator, or of a tensor without its layer.
    """
    found: list[str] = []
    for part in name.split("."):
        plain = _ENDING.sub("", part)
        if found and (known := ALIASES.get(f"{found[-1]}.{plain}")):
            found.pop()
        else:
            known = ALIASES.get(plain, plain)
        found += known.split(".")
    return tuple(found)


def spellings(parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Parts of a tensor's name in the one spelling, for each thing that it may be.

    Parameters
    ----------
    parts : sequence of str
        Parts of its name, without its layer.
    """
    place = next((i for i, part in enumerate(parts) if part in MEANINGS), None)
    if place is None:
        yield pieces(".".join(parts))
        return
    of_one = place + 1 < len(parts) and parts[place + 1].isdecimal()  # files of old have a tensor for each expert
    for meaning in MEANINGS[
        f"{parts[place]}_exps" if of_one and f"{parts[place]}_exps" in MEANINGS else parts[place]
    ].split():
        yield pieces(".".join((*parts[:place], meaning, *parts[place + 1 :])))
