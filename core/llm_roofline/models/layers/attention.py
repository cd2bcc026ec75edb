"""Attention with keys and values of its own for each KV head."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ...operators import Attention, Elementwise, Linear, Norm, Operator, Rope, flop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .dimensions import Dimensions

PROJECTION, STORED = "attention projection", "attention_weights"
TOGETHER = frozenset({"both ways", "windows"})
"""Reaches whose keys and values no later step reads."""


class _Shared(TypedDict):
    bias: bool
    stored: str


def attention(  # noqa: PLR0913 - families differ in all of these
    d: Dimensions,
    source: str,
    *,
    qkv_bias: bool = False,
    out_bias: bool = False,
    qk_norm: bool = False,
    norm_whole: bool = False,
    norm_affine: bool = True,
    rotary: bool = True,
    rotary_size: int | None = None,
    window: int | None = None,
    reach: str = "causal",
    sinks: bool = False,
    capped: bool = False,
    value_size: int | None = None,
    value_proj: bool = True,
    value_norm: bool = False,
    gated: bool = False,
    head_gate: str = "",
    out_name: str = "o_proj",
) -> Iterator[Operator]:
    """Attention with a projection each for queries, keys and values.

    Parameters
    ----------
    d : Dimensions
        Its dimensions.
    source : str
        The operator whose result it reads.
    qkv_bias, out_bias : bool
        Projections have biases.
    qk_norm, norm_whole, norm_affine : bool
        Queries and keys are normalised: each head apart, or all heads of a token as a whole; by norms with weights.
    rotary : bool
        Queries and keys are rotated, ``rotary_size`` elements of a head, or all [1].
    window, reach, sinks, capped
        As in :class:`llm_roofline.operators.Attention`.
    value_size : int or None
        Elements of a head's value [1]; None for those of its key.
    value_proj, value_norm : bool
        Values have a projection of their own, else they are the keys before norm and rotation; each head of them is
        normalised, without weights.
    gated : bool
        The query's projection also makes a gate, which the result is multiplied by.
    head_gate : str
        Name of a projection that makes one gate a head; empty for none.
    out_name : str
        Name of the last projection.
    """
    q, k, v = "q_proj", "k_proj", "v_proj"
    turned = rotary or qk_norm or gated
    values = value_size or d.head_size
    cached = reach in {"causal", "chunk", "selected"}
    size = d.head_size if rotary_size is None else rotary_size
    shared: _Shared = {"bias": qkv_bias, "stored": STORED}
    yield Linear(q, (source,), d.hidden, d.query_width * (1 + gated), PROJECTION, to_product=not turned, **shared)
    key, value = d.kv_width, d.kv_heads * values
    rotated = d.kv_heads * size * rotary * cached
    unkept = reach in TOGETHER
    kept, rest = key * cached, key * unkept
    yield Linear(k, (source,), d.hidden, key, PROJECTION, cached=kept, rotated=rotated, unkept=rest, **shared)
    if value_proj:
        kept, rest = value * (cached and not value_norm), value * (unkept and not value_norm)
        made = not cached
        yield Linear(v, (source,), d.hidden, value, PROJECTION, cached=kept, unkept=rest, to_product=made, **shared)
    if qk_norm:
        groups = (1, 1) if norm_whole else (d.heads, d.kv_heads)
        yield Norm("q_norm", (q,), d.query_width, groups=groups[0], role="query", affine=norm_affine)
        yield Norm("k_norm", (k,), d.kv_width, groups=groups[1], role="key", affine=norm_affine)
        q, k = "q_norm", "k_norm"
    if value_norm:
        role = "value" if cached else "block"
        yield Norm("v_norm", (v if value_proj else "k_proj",), value, groups=d.kv_heads, role=role, affine=False)
        v = "v_norm"
    seen = q, k, v
    if rotary:
        yield Rope("rotary_emb", (q, k), d.heads * size, d.kv_heads * size, cached)
        seen = (*((q,) if size < d.head_size else ()), "rotary_emb", v)  # what is not rotated is read where it was made
    heads = d.heads, d.kv_heads, d.head_size, values
    yield Attention("attention", tuple(dict.fromkeys(seen)), *heads, window, reach, sinks, capped=capped)
    result, width = "attention", d.heads * values
    if head_gate:
        yield Linear(head_gate, (source,), d.hidden, d.heads, PROJECTION, stored=STORED)
    if gated or head_gate:
        gate = output_gate(head_gate or "q_proj", d.heads if head_gate else width, width)
        yield gate
        result = gate.name
    yield Linear(out_name, (result,), width, d.hidden, PROJECTION, bias=out_bias, stored=STORED)


def output_gate(source: str, gates: int, width: int) -> Elementwise:
    """The product of attention's result with the sigmoid of gates that ``source`` has made."""
    work = flop.SIGMOID * gates + flop.GATE * width
    inputs = source, "attention"
    return Elementwise("attention_gate", inputs, gates + width, width, work, "arXiv 2505.06708", to_product=True)


def fused_attention(  # noqa: PLR0913 - likewise
    d: Dimensions,
    source: str,
    *,
    names: tuple[str, str],
    bias: bool = False,
    out_bias: bool = False,
    rotary_size: int = 0,
    window: int | None = None,
    reach: str = "causal",
    alibi: bool = False,
) -> Iterator[Operator]:
    """Attention with one projection for queries, keys and values.

    ``rotary_size`` elements of a head are rotated [1]; ``window``, ``reach`` and ``alibi`` are as in
    :class:`llm_roofline.operators.Attention`.
    """
    qkv, out = names
    cached = reach not in TOGETHER
    yield Linear(
        qkv,
        (source,),
        d.hidden,
        d.query_width + 2 * d.kv_width,
        PROJECTION,
        bias=bias,
        cached=2 * d.kv_width * cached,
        rotated=d.kv_heads * rotary_size * cached,
        to_product=not rotary_size,
        unkept=2 * d.kv_width * (not cached),
        parts=(("q_proj", d.query_width), ("k_proj", d.kv_width), ("v_proj", d.kv_width)),
        stored=STORED,
    )
    query = qkv
    if rotary_size:
        query = "rotary_emb"
        yield Rope(query, (qkv,), d.heads * rotary_size, d.kv_heads * rotary_size, cached)
    heads = d.heads, d.kv_heads, d.head_size, d.head_size
    yield Attention("attention", tuple(dict.fromkeys((query, qkv))), *heads, window, reach, alibi=alibi)
    yield Linear(out, ("attention",), d.query_width, d.hidden, PROJECTION, bias=out_bias, stored=STORED)
