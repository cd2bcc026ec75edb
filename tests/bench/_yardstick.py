"""The yardstick: the same arithmetic as a plain loop in Python, operator by operator and number by number.

It takes the formulas of arXiv 2402.16363 (Table 1, section 2.2) for one model with multi-head attention, in 16 bit:
both phases at one context each, eight totals of each, and the memory. What an evaluation of ours does besides (a
generation step by step, vector lanes, links, formats by operator, live results, the largest batch) it leaves out.
"""

from __future__ import annotations

from typing import NamedTuple

TWO_BYTES = 2.0
TOTALS = ("flops", "bytes", "weight_bytes", "read_bytes", "written_bytes", "kv_read_bytes", "kv_written_bytes", "time")


class Decoder(NamedTuple):
    """Dimensions of a decoder, and figures of a device [1, FLOP/s, byte/s]."""

    hidden: int = 4096
    ffn: int = 11008
    heads: int = 32
    layers: int = 32
    vocabulary: int = 32000
    peak: float = 989.4e12
    bandwidth: float = 3.35e12


def analysis(model: Decoder, batch: int, prompt: int, output: int) -> dict[str, dict[str, dict[str, object]]]:
    """Every operator of both phases, and their totals."""
    found: dict[str, dict[str, dict[str, object]]] = {}
    for phase, tokens, context in (("prefill", prompt, prompt), ("decode", 1, prompt + output)):
        rows = found[phase] = _layer(model, batch, tokens, context)
        totals: dict[str, object] = dict.fromkeys(TOTALS, 0.0)
        for row in rows.values():
            for name in TOTALS:
                totals[name] += row[name] * model.layers  # type: ignore[operator]
        head = _row(
            model,
            2 * batch * model.hidden * model.vocabulary,
            model.hidden * model.vocabulary,
            batch * model.hidden,
            batch * model.vocabulary,
        )
        for name in TOTALS:
            totals[name] += head[name]  # type: ignore[operator]
        rows["lm_head"] = head
        found[phase + " totals"] = {"all": totals}
    weights = sum(row["weight_bytes"] for row in found["prefill"].values())  # type: ignore[misc]
    cache = 2 * TWO_BYTES * batch * (prompt + output) * model.hidden * model.layers
    found["memory"] = {"all": {"weights": weights, "cache": cache, "total": weights + cache}}
    return found


def _layer(model: Decoder, batch: int, tokens: int, context: int) -> dict[str, dict[str, object]]:
    h, f, n = model.hidden, model.ffn, batch * tokens
    size = h // model.heads
    rows: dict[str, dict[str, object]] = {}
    for name, width_in, width_out in (
        ("q_proj", h, h),
        ("k_proj", h, h),
        ("v_proj", h, h),
        ("o_proj", h, h),
        ("gate_proj", h, f),
        ("up_proj", h, f),
        ("down_proj", f, h),
    ):
        is_cached = name in {"k_proj", "v_proj"}
        rows[name] = _row(
            model,
            2 * n * width_in * width_out,
            width_in * width_out,
            n * width_in,
            0 if is_cached else n * width_out,
            0,
            n * width_out if is_cached else 0,
        )
    pairs = batch * model.heads * tokens * context
    rows["qk_matmul"] = _row(model, 2 * pairs * size, 0, n * h, pairs, batch * context * h)
    rows["softmax"] = _row(model, 5 * pairs, 0, pairs, pairs)
    rows["sv_matmul"] = _row(model, 2 * pairs * size, 0, pairs, n * h, batch * context * h)
    for name in ("attn_norm", "mlp_norm"):
        rows[name] = _row(model, 7 * n * h, 0, n * h, n * h)
    for name in ("attn_add", "mlp_add"):
        rows[name] = _row(model, n * h, 0, n * h, n * h)
    rows["mlp_act"] = _row(model, 5 * n * f, 0, 2 * n * f, n * f)
    return rows


def _row(
    model: Decoder, flops: float, weights: float, read: float, written: float, kv_read: float = 0, kv_written: float = 0
) -> dict[str, object]:
    moved = TWO_BYTES * (weights + read + written + kv_read + kv_written)
    intensity = flops / moved
    ridge = model.peak / model.bandwidth
    if intensity < ridge:
        bound, attainable = "memory", intensity * model.bandwidth
    else:
        bound, attainable = "compute", model.peak
    return {
        "flops": flops,
        "bytes": moved,
        "intensity": intensity,
        "attainable": attainable,
        "bound": bound,
        "weight_bytes": TWO_BYTES * weights,
        "read_bytes": TWO_BYTES * read,
        "written_bytes": TWO_BYTES * written,
        "kv_read_bytes": TWO_BYTES * kv_read,
        "kv_written_bytes": TWO_BYTES * kv_written,
        "time": flops / attainable,
    }
