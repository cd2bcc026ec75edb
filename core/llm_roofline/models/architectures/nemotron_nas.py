"""Nemotron-NAS (arXiv 2411.19146): Llama's layers, of which a search has narrowed, replaced or left out parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ...basics import shown
from ...operators import Embedding, Linear, Norm
from ..layers import ACTIVATIONS, MLP, Dimensions, Part, attention, gated_mlp, head, layer, stacked
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("nemotron-nas",)
MOST_KINDS = 100  # each is a block of operators of its own, so that their number is work to be done
ROUNDED_TO, WIDEST = 256, 100  # FFN widths are rounded upwards; more than so many hidden sizes is a mistake
LEFT_OUT, LINEAR = 0, -1  # in the place of KV heads, or of an FFN width
UNUSED = (
    "num_sink_tokens",
    "sparsify",
    "unshifted_sink",
    "use_prefill_window_in_sink_attention",
    "window_length",
)  # what a search may set, and no released model does


class Kind(NamedTuple):
    """What the search has left of a layer: KV heads of attention, and width of the network [1]."""

    kv_heads: int
    ffn: int

    @property
    def name(self) -> str:
        """Name of the layers of this kind."""
        instead = {LEFT_OUT: "no", LINEAR: "linear"}
        heads = f"{instead[self.kv_heads]} attention" if self.kv_heads in instead else f"{self.kv_heads} KV heads"
        ffn = f"{instead[self.ffn]} FFN" if self.ffn in instead else f"FFN {self.ffn:,}"
        return f"layers with {heads}, {ffn}"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    hidden, heads, layers = (config.count(key) for key in ("hidden_size", "num_attention_heads", "num_hidden_layers"))
    size = config.optional_count("head_dim") or config.divides("num_attention_heads", heads, "hidden_size", hidden)
    d = Dimensions(hidden, layers, heads, heads, size, hidden, config.count("vocab_size"))
    kinds = _kinds(config, d)
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, hidden),))
    yield from stacked(
        kinds,
        {kind: kind.name for kind in kinds},
        lambda kind: layer(hidden, lambda name, source: Norm(name, (source,), hidden), _parts(config, d, kind)),
    )
    yield head(d, norm="norm", tied=config.flag("tie_word_embeddings"))


def _parts(config: Config, d: Dimensions, kind: Kind) -> Iterator[Part]:
    """The parts that a layer has."""
    bias, mlp_bias = config.flag("attention_bias"), config.flag("mlp_bias")
    function = config.choice("hidden_act", among=ACTIVATIONS, default="silu")

    def attend(source: str) -> Iterable[Operator]:
        if kind.kv_heads == LINEAR:
            return (Linear("linear_attn", (source,), d.hidden, d.hidden, MLP),)
        return attention(replace(d, kv_heads=kind.kv_heads), source, qkv_bias=bias, out_bias=bias)

    def network(source: str) -> Iterable[Operator]:
        if kind.ffn == LINEAR:
            return (Linear("linear_mlp", (source,), d.hidden, d.hidden, MLP),)
        return gated_mlp(replace(d, ffn=kind.ffn), source, function, bias=mlp_bias)

    if kind.kv_heads != LEFT_OUT:
        yield Part("attn", "input_layernorm", attend)
    if kind.ffn != LEFT_OUT:
        yield Part("mlp", "post_attention_layernorm", network)


def _kinds(config: Config, d: Dimensions) -> list[Kind]:
    """Kind of each layer; reading stops at the first that is not understood."""
    stated: list[Any] | None = config.sequence("block_configs", length=d.layers)
    if stated is None:
        config.problem("'block_configs' must say what each layer has.")
    found: list[Kind] = []
    before = len(config.problems)
    for i, entry in enumerate(stated or []):
        block = config.entry(f"block_configs[{i}]", entry)
        found.append(Kind(_kv_heads(block.part("attention"), d.heads), _ffn(block.part("ffn"), d.hidden)))
        if len(config.problems) > before:
            break
    if len({*found}) > MOST_KINDS:
        config.problem(f"'block_configs' must have at most {MOST_KINDS} kinds of layers (got {len({*found}):,}).")
        return found[:1]
    return found


def _kv_heads(part: Config, heads: int) -> int:
    """KV heads of a layer [1]."""
    if (instead := _instead(part)) is not None:
        return instead
    return part.divides("n_heads_in_group", part.count("n_heads_in_group"), "num_attention_heads", heads)


def _ffn(part: Config, hidden: int) -> int:
    """Width of a layer's network [1]; a gate is a third matrix, so that the multiplier is two thirds of its share."""
    if (instead := _instead(part)) is not None:
        return instead
    share = part.stated("ffn_mult")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= WIDEST:
        part.problem(f"'ffn_mult' must be a number from 0 to {WIDEST} (got {shown(share)}).")
        return ROUNDED_TO
    return max(-(-int(2 * share * hidden / 3) // ROUNDED_TO), 1) * ROUNDED_TO


def _instead(part: Config) -> int | None:
    """What stands in the place of a part; None where it is whole."""
    for key in UNUSED:
        if part.fields.get(key) not in (None, False):
            part.problem(f"{key!r} = {shown(part.fields[key])} is not supported: no released model has it.")
    instead = LEFT_OUT if part.flag("no_op") else LINEAR if part.flag("replace_with_linear") else None
    if instead is not None:
        part.ignore("n_heads_in_group", "ffn_mult")
    return instead
