"""Multi-head latent attention (arXiv 2405.04434, section 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import LatentAttention, LatentExpansion, Linear, Norm, Rope
from .attention import PROJECTION, STORED, output_gate
from .dimensions import Dimensions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config

KV_A, KV_B = "kv_a_proj_with_mqa", "kv_b_proj"


@dataclass(frozen=True, slots=True)
class Latent:
    """The dimensions of latent attention.

    Parameters
    ----------
    hidden, heads : int
        Hidden size and heads [1].
    nope_size, rotated, value_size : int
        Elements of a head's key without its rotated part, of the rotated part that all heads share, and of a head's
        value [1].
    latent, query_latent : int
        Elements of the latent of keys and values, and of that of queries [1]; 0 where queries have none.
    bias : bool
        Projections from and to the hidden size have biases.
    """

    hidden: int
    heads: int
    nope_size: int
    rotated: int
    value_size: int
    latent: int
    query_latent: int = 0
    bias: bool = False

    @property
    def head_size(self) -> int:
        """Elements of a head's query and key [1]."""
        return self.nope_size + self.rotated


def latent_dimensions(config: Config) -> tuple[Dimensions, Latent]:
    """Dimensions of a decoder and of its latent attention, under the keys of DeepSeek-V2."""
    hidden, heads = config.count("hidden_size"), config.count("num_attention_heads")
    config.ignore("num_key_value_heads", "head_dim")  # every head has keys of its own, and sizes are those below
    nope, rotated, value, latent = (
        config.count(key) for key in ("qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim", "kv_lora_rank")
    )
    query = config.optional_count("q_lora_rank") or 0
    m = Latent(hidden, heads, nope, rotated, value, latent, query, bias=config.flag("attention_bias"))
    layers, ffn, vocabulary = (config.count(key) for key in ("num_hidden_layers", "intermediate_size", "vocab_size"))
    return Dimensions(hidden, layers, heads, heads, m.head_size, ffn, vocabulary), m


def latent_attention(  # noqa: PLR0913 - families differ in all of these
    m: Latent,
    source: str,
    *,
    rotary: bool = True,
    gated: bool = False,
    selected: int | None = None,
    indexer: Iterable[Operator] = (),
) -> Iterator[Operator]:
    """Attention to keys and values that one small vector of each token holds for all heads.

    Parameters
    ----------
    m : Latent
        Its dimensions.
    source : str
        The operator whose result it reads.
    rotary : bool
        The part of keys and queries that is there for it is rotated.
    gated : bool
        A projection makes a gate, which the result is multiplied by.
    selected : int or None
        Keys that a query selects [token]; None for all.
    indexer : iterable of Operator
        What selects them, where this layer has it; it may read ``q_a_layernorm``.
    """
    query = "q_proj"
    if m.query_latent:
        yield Linear("q_a_proj", (source,), m.hidden, m.query_latent, PROJECTION, bias=m.bias, stored=STORED)
        yield Norm("q_a_layernorm", ("q_a_proj",), m.query_latent)
        query = "q_b_proj"
    into, width = ("q_a_layernorm", m.query_latent) if m.query_latent else (source, m.hidden)
    yield Linear(query, (into,), width, m.heads * m.head_size, PROJECTION, to_product=not rotary, stored=STORED)
    yield Linear(
        KV_A,
        (source,),
        m.hidden,
        m.latent + m.rotated,
        PROJECTION,
        bias=m.bias,
        cached=m.rotated,
        rotated=m.rotated * rotary,
        stored=STORED,
    )
    yield Norm("kv_a_layernorm", (KV_A,), m.latent, cached=True)
    seen: tuple[str, ...] = (query,)
    if rotary:
        yield Rope("rotary_emb", (query, KV_A), m.heads * m.rotated, m.rotated)
        seen = query, "rotary_emb"
    selects = tuple(indexer)
    yield from selects
    sizes = m.latent, m.heads, m.nope_size, m.value_size, m.rotated
    yield LatentExpansion(KV_B, (query, "kv_a_layernorm"), *sizes, selected)
    yield LatentAttention(
        "attention",
        (*seen, *(operator.name for operator in selects[-1:]), KV_B),
        m.heads,
        m.heads,
        m.head_size,
        m.value_size,
        selected,
        "causal" if selected is None else "selected",
        latent=m.latent,
        rotated=m.rotated,
    )
    result, width = "attention", m.heads * m.value_size
    if gated:
        yield Linear("g_proj", (source,), m.hidden, width, PROJECTION, stored=STORED)
        gate = output_gate("g_proj", width, width)
        yield gate
        result = gate.name
    yield Linear("o_proj", (result,), width, m.hidden, PROJECTION, bias=m.bias, stored=STORED)
