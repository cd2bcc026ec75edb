"""Reading a ``config.json``: every key is checked, every problem is kept with its path, nothing is executed.

A family reads the keys it knows through :class:`Config`; afterwards a key that changes the cost and that nobody has
read is a problem as well, so that a number is never silently wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..basics import ConfigError, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 2**31  # no dimension of a model comes near it, and products of a few stay exact in float64
MOST_LAYERS = 10_000  # layers are told apart one by one, so that their number is work to be done
LAYER_KEYS = frozenset(
    {
        "decoder_layers",
        "depth",
        "encoder_layers",
        "layers",
        "n_layer",
        "n_layers",
        "num_decoder_layers",
        "num_hidden_layers",
        "num_layers",
    }
)
_MISSING: Any = object()

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

NEUTRAL: Mapping[str, tuple[Any, ...]] = {"layer_types": ("full_attention",)}


class Config:
    """Fields of a configuration, read with checks.

    Parameters
    ----------
    fields : mapping
        The parsed JSON.
    path : str
        What to call it in messages.

    Attributes
    ----------
    problems : list of str
        What is wrong with it, each with its path.
    ignored : set of str
        Keys that a family has said to be without effect.
    """

    def __init__(self, fields: Mapping[str, Any], path: str = "config.json") -> None:
        self.fields = fields
        self.path = path
        self.problems: list[str] = []
        self._read: set[str] = set()
        self._stood_in: set[str] = set()
        self._parts: dict[str, Config] = {}
        self.ignored: set[str] = set()

    def part(self, key: str) -> Config:
        """An object inside this one, such as ``text_config``; its problems are kept here."""
        if key not in self._parts:
            self._read.add(key)
            given = self.fields.get(key)
            if not isinstance(given, dict):
                self.problem(f"{key!r} must be an object (got {shown(given)}).")
                given = {}
            self._parts[key] = Config(given, f"{self.path}, {key}")
            self._parts[key].problems = self.problems
        return self._parts[key]

    def _raw(self, keys: tuple[str, ...], default: Any) -> tuple[str, Any]:  # noqa: ANN401 - JSON
        self._read.update(keys)
        for key in keys:
            if self.fields.get(key) is not None:
                return key, self.fields[key]
        if default is _MISSING:
            self._stood_in.update(keys)
            near = did_you_mean(keys[0], [key for key in self.fields if key not in keys], limit=1)
            self.problem(f"{' or '.join(repr(k) for k in keys)} is missing.{near}")
        return keys[0], default

    def count(self, *keys: str, default: Any = _MISSING, least: int = 1) -> int:  # noqa: ANN401 - int or None
        """Whole number of at least ``least`` under the first of several keys; 1 stands in for a problem [1]."""
        key, value = self._raw(keys, default)
        if value is default:
            return 1 if value is _MISSING else value
        return self._checked(keys, key, value, least)

    def same_count(self, key: str, *, default: Any = _MISSING, least: int = 1) -> int:  # noqa: ANN401 - int or None
        """:meth:`count` of a key that may list a number for each layer, all of them alike [1]."""
        stated = self.fields.get(key)
        if isinstance(stated, list) and stated and stated.count(stated[0]) == len(stated):
            self._read.add(key)
            return self._checked((key,), key, stated[0], least)
        return self.count(key, default=default, least=least)

    def _checked(self, keys: tuple[str, ...], key: str, value: Any, least: int) -> int:  # noqa: ANN401 - JSON
        most = MOST_LAYERS if key in LAYER_KEYS else LARGEST
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.problem(f"{key!r} must be a whole number from {least} to {most:,} (got {shown(value)}).")
            self._stood_in.update(keys)
            return 1
        return value

    def optional_count(self, *keys: str) -> int | None:
        """Whole number of at least 1, or None where no key is set [1]."""
        return self.count(*keys, default=None)

    def text(self, key: str) -> str | None:
        """A text, or None where the key is not set."""
        _, value = self._raw((key,), None)
        if value is not None and not isinstance(value, str):
            self.problem(f"{key!r} must be a text (got {shown(value)}).")
            return None
        return value

    def sequence(self, key: str, *, length: int | None = None) -> list[Any] | None:
        """A list, one entry a layer where ``length`` says how many [1]; None where the key is not set."""
        _, value = self._raw((key,), None)
        if value is None:
            return None
        if not isinstance(value, list) or (length is not None and len(value) != length):
            many = "" if length is None else f" of {length:,}, one a layer"
            self.problem(f"{key!r} must be a list{many} (got {shown(value)}).")
            return None
        return value

    def layer_numbers(self, key: str) -> frozenset[int] | None:
        """Numbers of the layers that a list names [1]; None where the key is not set."""
        stated = self.sequence(key)
        if stated is None:
            return None
        if any(isinstance(number, bool) or not isinstance(number, int) for number in stated):
            self.problem(f"{key!r} must hold numbers of layers (got {shown(stated)}).")
            return frozenset()
        return frozenset(stated)

    def flag(self, *keys: str, default: bool = False) -> bool:
        """True or false."""
        key, value = self._raw(keys, default)
        if not isinstance(value, bool):
            self.problem(f"{key!r} must be true or false (got {shown(value)}).")
            return default
        return value

    def fraction(self, *keys: str, default: float) -> float:
        """A number from 0 to 1 [1]."""
        key, value = self._raw(keys, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.problem(f"{key!r} must be a number from 0 to 1 (got {shown(value)}).")
            return default
        return float(value)

    def choice(self, *keys: str, among: Mapping[str, str], default: str) -> str:
        """Meaning of a word, looked up among those that are understood."""
        key, value = self._raw(keys, default)
        if not isinstance(value, str) or value not in among:
            self.problem(f"{key!r} must be one of {', '.join(among)} (got {shown(value)}).")
            return among[default]
        return among[value]

    def divides(self, divisor: str, small: int, dividend: str, large: int) -> int:
        """Quotient of two dimensions of which one must divide the other [1]."""
        if large % small and self.is_sound(divisor, dividend):
            self.problem(f"{divisor!r} must divide {dividend!r} (got {small:,} and {large:,}).")
        return large // small or 1

    def within(self, part: str, small: int, whole: str, large: int) -> None:
        """Keep as a problem that a dimension exceeds the one of which it is a part."""
        if small > large and self.is_sound(part, whole):
            self.problem(f"{part!r} must not exceed {whole!r} (got {small:,} and {large:,}).")

    def is_sound(self, *keys: str) -> bool:
        """Whether counts are the configuration's own, so that comparing them is no echo of another problem."""
        return not self._stood_in.intersection(keys)

    def ignore(self, *keys: str) -> None:
        """Say that keys which are set have no effect in this family."""
        self._read.update(keys)
        self.ignored.update(keys)

    def problem(self, message: str) -> None:
        """Keep a problem for :meth:`finish`."""
        self.problems.append(f"{self.path}: {message}")

    def finish(self) -> None:
        """Raise all problems together, unread keys that change the cost among them.

        Raises
        ------
        ConfigError
            If there is any.
        """
        self._refuse_unread()
        if self.problems:
            raise ConfigError("\n".join(dict.fromkeys(self.problems)))  # a tower reads some keys again

    def _refuse_unread(self) -> None:
        """Keep unread keys that change the cost as problems, here and in every part."""
        for part in self._parts.values():
            part._refuse_unread()  # noqa: SLF001 - its own kind
        for key in COST_KEYS:
            value = self.fields.get(key)
            neutral = value in (None, False, 0) or (
                isinstance(value, list) and all(entry in NEUTRAL.get(key, ()) for entry in value)
            )
            if key not in self._read and not neutral:
                self.problem(f"{key!r} = {shown(value)} changes the cost, and this family does not read it.")
