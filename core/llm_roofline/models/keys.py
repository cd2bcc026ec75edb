"""What a key means that no family has read: without effect, a cost that would be missing, or not understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..basics import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_NAMES, LONGEST_NAME = 12, 60  # of keys that a note names, and characters of each

COST_KEYS = (
    "add_cross_attention",
    "alibi",
    "apply_residual_connection_post_layernorm",
    "attention_chunk_size",
    "attention_k_eq_v",
    "attention_other_setting",
    "attention_out_bias",
    "attention_output_gate",
    "attn_res_block_size",
    "audio_config",
    "block_configs",
    "compress_ratios",
    "cross_attention_layers",
    "decoder_layers",
    "decoder_sparse_step",
    "deepstack_visual_indexes",
    "dense_intermediate_size",
    "enable_moe_block",
    "encoder_layers",
    "expansion_ratio",
    "ffn_hidden_size",
    "first_k_dense_replace",
    "full_attention_interval",
    "global_head_dim",
    "hc_mult",
    "head_dim",
    "hidden_size_per_layer_input",
    "hybrid_override_pattern",
    "index_head_dim",
    "index_n_heads",
    "index_topk",
    "index_topk_freq",
    "index_topk_pattern",
    "indexer_types",
    "interleave_moe_layer_step",
    "intermediate_size",
    "kv_lora_rank",
    "layer_types",
    "layers_block_type",
    "linear_attn_config",
    "mamba_d_state",
    "mla_use_output_gate",
    "mlp_bias",
    "mlp_layer_types",
    "mlp_only_layers",
    "moe_intermediate_size",
    "moe_latent_size",
    "moe_layer_freq",
    "moe_layer_num_skipped",
    "moe_layers",
    "moe_layers_enum",
    "moe_num_experts",
    "moe_shared_expert_intermediate_size",
    "moe_topk",
    "mtp_num_hidden_layers",
    "multi_query",
    "n_inner",
    "n_routed_experts",
    "n_shared_experts",
    "new_decoder_architecture",
    "no_rope_layers",
    "num_decoder_layers",
    "num_experts",
    "num_key_value_heads",
    "num_kv_heads",
    "num_kv_shared_layers",
    "num_local_experts",
    "num_mtp_modules",
    "num_nextn_predict_layers",
    "o_groups",
    "o_lora_rank",
    "parallel_attn",
    "partial_rotary_factors",
    "q_lora_rank",
    "qk_layernorm",
    "qkv_bias",
    "quantization_config",
    "relative_attention_num_buckets",
    "routed_expert_hidden_size",
    "shared_expert_intermediate_size",
    "shared_intermediate_size",
    "sliding_window",
    "sparse_attention_config",
    "ssm_state_size",
    "state_size",
    "swa_num_key_value_heads",
    "text_config",
    "use_bias",
    "use_cla",
    "use_mla",
    "use_sliding_window",
    "v_head_dim",
    "vision_config",
)
"""Keys that change the cost; a family that does not read one which is set cannot count the model."""

COST_WORDS = frozenset(
    {"channels", "dim", "dims", "expert", "experts", "head", "heads", "hidden", "intermediate", "kernel"}
    | {"layer", "layers", "rank", "ranks", "width", "window"}
)
"""Words of a name that, with a number of 2 or more, say that it is a dimension."""

NEUTRAL: Mapping[str, tuple[Any, ...]] = {"layer_types": ("full_attention",), "mlp_layer_types": ("dense",)}
"""Entries of lists that say what is so without them."""

SWITCHES = {"sliding_window": "use_sliding_window"}
"""Keys without effect where another one is false."""

HARMLESS_ENDINGS = (
    "_class",
    "_coef",
    "_dropout",
    "_eps",
    "_epsilon",
    "_implementation",
    "_initializer_range",
    "_pdrop",
    "_placeholder",
    "_std",
    "_theta",
    "_token_id",
    "_token_ids",
    "_token_index",
    "_version",
)

HARMLESS = frozenset(
    # What any file says of where it comes from and how it is loaded.
    {"architectures", "auto_map", "dtype", "model_type", "torch_dtype", "tokenizer_class", "trust_remote_code"}
    | {"custom_pipelines", "transformers.js_config", "unsloth_fixed", "use_bfloat16", "torchscript"}
    | {"is_decoder", "is_encoder_decoder", "is_llama_config", "tf_legacy_loss", "tie_encoder_decoder"}
    # What is returned, and how tokens are chosen.
    | {"use_cache", "return_dict", "return_dict_in_generate", "output_attentions", "output_hidden_states"}
    | {"output_router_logits", "output_scores", "num_logits_to_keep", "begin_suppress_tokens", "suppress_tokens"}
    | {"bad_words_ids", "diversity_penalty", "do_sample", "early_stopping", "encoder_no_repeat_ngram_size"}
    | {"exponential_decay_length_penalty", "length_penalty", "max_length", "min_length", "no_repeat_ngram_size"}
    | {"num_beam_groups", "num_beams", "num_return_sequences", "remove_invalid_values", "repetition_penalty"}
    | {"temperature", "top_k", "top_p", "typical_p", "generation_config", "cache_implementation"}
    | {"calc_logits_for_entire_prompt", "forced_decoder_ids", "output_past", "scale_embedding", "verbose"}
    # Tasks and labels of a head that none of these models has.
    | {"finetuning_task", "id2label", "label2id", "num_labels", "problem_type", "task_specific_params", "prefix"}
    | {"summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj"}
    | {"is_composition", "pruned_heads", "classifier_bias", "classifier_activation"}
    # How it was, or is to be, trained and made parallel.
    | {"initializer_range", "initializer_factor", "init_std", "aux_loss_alpha", "seq_aux", "pretraining_tp", "ep_size"}
    | {"bias_dropout_fusion", "masked_softmax_fusion", "skip_bias_add", "skip_bias_add_qkv", "slow_but_exact"}
    | {"fused_add_norm", "pad_vocab_size_multiple", "use_mambapy", "use_falcon_mambapy", "init_method", "z_loss_weight"}
    | {"fuse_rms_norm", "micro_batch_size", "moe_capacity", "multi_token_pred_lambda", "n_special"}
    | {"predict_special_tokens", "reorder_and_upcast_attn", "use_parallel_embedding", "moe_drop_tokens"}
    | {"chunk_size_feed_forward", "gradient_checkpointing", "ignore_index", "layerdrop", "encoder_layerdrop"}
    | {
        "dropout",
        "dropout_rate",
        "activation_dropout",
        "moe_jitter_eps",
        "moe_loss_weight",
        "init_device",
        "init_config",
        "tokenizer_name",
    }
    | {"time_step_init_scheme", "time_step_scale", "use_associative_scan", "moe_shared_expert_overlap"}
    | {"mask_time_prob", "mask_time_length", "mask_time_min_masks", "mask_feature_prob", "mask_feature_length"}
    | {"mask_feature_min_masks", "use_weighted_layer_sum", "apply_spec_augment", "median_filter_width", "block_size"}
    | {"attention_softmax_in_fp32", "scale_attention_softmax_in_fp32", "attn_impl", "alibi_bias_max"}
    | {
        "decoder_layerdrop",
        "router_jitter_noise",
        "input_jitter_noise",
        "rescale_prenorm_residual",
        "use_mamba_kernels",
    }
    # Numbers of formulas that cost the same whatever they are.
    | {"rope_interleave", "indexer_rope_interleave", "compress_rope_theta", "rope_interleaved", "norm_eps", "norm_type"}
    | {"routed_scaling_factor", "moe_router_scaling_factor", "moe_renormalize", "norm_topk_prob", "use_grouped_topk"}
    | {"n_group", "num_expert_group", "topk_group", "topk_method", "scoring_func", "moe_router_activation_func"}
    | {"moe_router_dtype", "use_routing_bias", "use_moe_router_bias", "qk_head_dim", "query_pre_attn_scalar"}
    | {"full_attn_alpha_factor", "full_attn_beta_factor", "linear_attn_alpha_factor", "linear_attn_beta_factor"}
    | {"mlp_alpha_factor", "mlp_beta_factor", "moe_norm_min", "moe_normalize_expert_weights", "scale_attn_weights"}
    | {"scale_decoder_outputs", "relative_attention_max_distance", "dense_act_fn", "is_gated_act", "use_gemma_norm"}
    | {"final_logit_softcapping", "logit_scale", "logits_scaling", "embedding_multiplier", "attention_multiplier"}
    | {"offset_alibi", "norm_before_gate", "normalization_function", "compression_ratio", "shared_moe_mode"}
    | {"layernorm_full_attention_beta", "layernorm_linear_attention_beta", "layernorm_mlp_beta", "softmax_scale"}
    | {"rope_ratio", "rope_local_base_freq", "rotary_emb_base", "original_rope", "rotary"}
    | {"attn_scale", "floor_scale", "llama_4_scaling_beta", "max_window_layers"}
    | {"residual_multiplier", "swiglu_limit", "swiglu_alpha", "residual_in_fp32", "chunk_size", "mamba_chunk_size"}
    | {"time_step_floor", "time_step_limit", "time_step_max", "time_step_min", "mamba_ssm_dtype"}
    | {"mamba_ssm_cache_dtype", "expert_dtype", "initial_context_length", "original_max_position_embeddings"}
    # Rotary positions: their angles are looked up.
    | {"rope_type", "type", "factor", "low_freq_factor", "high_freq_factor", "attention_factor", "beta_fast"}
    | {"beta_slow", "mscale", "mscale_all_dim", "short_factor", "long_factor", "short_mscale", "long_mscale"}
    | {"mrope_section", "mrope_interleaved", "truncate", "alpha", "finetuned"}
)
"""Keys that cost nothing whatever their value, or that are read elsewhere."""


def is_neutral(key: str, value: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a value says that there is nothing.

    Parameters
    ----------
    key : str
        Its key.
    value : any
        What JSON holds.
    """
    entries = NEUTRAL.get(key, ())
    return value in (None, False, 0, "", {}) or (isinstance(value, list) and all(entry in entries for entry in value))


def is_harmless(key: str) -> bool:
    """Whether a key costs nothing, whatever its value.

    Parameters
    ----------
    key : str
        Its name.
    """
    return key.startswith("_") or key in HARMLESS or key.endswith(HARMLESS_ENDINGS)


def suggests_cost(key: str, value: Any, layers: int) -> bool:  # noqa: ANN401 - JSON
    """Whether a key is known to change the cost, or its name or value look so: a dimension, or an entry for each layer.

    Parameters
    ----------
    key : str
        Its name.
    value : any
        What JSON holds.
    layers : int
        Layers of the model [1]; 0 where they are not known.
    """
    if key in COST_KEYS:
        return True
    if isinstance(value, list):
        return 1 < len(value) == layers
    number = isinstance(value, int) and not isinstance(value, bool) and value > 1
    return number and not COST_WORDS.isdisjoint(key.lower().split("_"))


def unread_note(keys: Sequence[str]) -> tuple[str, ...]:
    """What a reader should know of keys that are not understood, in one sentence; none where there are none.

    Parameters
    ----------
    keys : sequence of str
        The keys, with the parts that they stand in.
    """
    if not keys:
        return ()
    named = ", ".join(map(place, keys[:MOST_NAMES]))
    more = f" and {len(keys) - MOST_NAMES:,} more" if len(keys) > MOST_NAMES else ""
    return (f"Keys of the configuration are not understood: {named}{more}; the numbers leave them out.",)


def place(key: str) -> str:
    """A key as a sentence writes it: as it is, or, where it is endless or cannot be printed, quoted and cut.

    Parameters
    ----------
    key : str
        Its name.
    """
    return key if len(key) <= LONGEST_NAME and key.isprintable() else shown(key, LONGEST_NAME)
