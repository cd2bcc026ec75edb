"""The cost of an operator, and the one table of its columns: each field of :class:`Cost` that holds counts is a row.

Everything else that goes by column follows from here: the matrix of a compiled model, the bytes that a column moves,
the share of it that a part of an operator has, the words that explain it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .counts import Count

    Linear = Mapping[Count, float]

BYTES = ("weight_bytes", "activation_read_bytes", "activation_write_bytes", "kv_read_bytes", "kv_write_bytes")
"""Traffic with the memory, by what is moved."""
LINK = "link_bytes"
"""What crosses a link."""


class Column(NamedTuple):
    """What is counted in a column.

    Parameters
    ----------
    name : str
        Field of :class:`Cost`.
    label : str
        Name for people.
    unit : str
        ``"FLOP"``, ``"1"`` for elements, or ``"s"``.
    storage : str
        Storage kind of the elements, such as ``"kv_cache"``; empty for FLOP and seconds.
    bytes : str
        Where their bytes are added: a name of :data:`BYTES`, or :data:`LINK`.
    is_stored : bool
        Whether the elements are those of the operator's own weights, which a checkpoint may store otherwise.
    share : str
        Which share of a part of an operator they belong to, a field of :class:`llm_roofline.operators.Part`; empty for
        what is not shared out.
    """

    name: str
    label: str
    unit: str
    storage: str = ""
    bytes: str = ""
    is_stored: bool = False
    share: str = ""


def _counted(label: str, unit: str, share: str = "") -> Any:  # noqa: ANN401 - a field
    return field(default_factory=dict, metadata={"label": label, "unit": unit, "share": share})


def _moved(label: str, storage: str, into: str, share: str = "", *, is_stored: bool = False) -> Any:  # noqa: ANN401 - a field
    traffic = {"storage": storage, "bytes": into, "is_stored": is_stored, "share": share}
    return field(default_factory=dict, metadata={"label": label, "unit": "1", **traffic})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one operator costs in one layer; each column is linear in the counts of the step.

    Parameters
    ----------
    matrix_flops, vector_flops : mapping from Count to float
        Work on the matrix units and on the vector lanes [FLOP].
    weight_read, head_read, wide_weight_read : mapping
        Elements of quantised weights, of embedding and head, and of norm weights and biases that are read [1].
    activation_read, activation_write : mapping
        Elements of the operands of matrix products [1].
    wide_read, wide_write : mapping
        Elements that quantisation leaves alone: residual stream, scores [1].
    kv_read, kv_write : mapping
        Elements of the KV cache [1].
    state_read, state_write : mapping
        Elements of states of a constant size a sequence, such as that of a state-space layer [1].
    wide_state_read, wide_state_write : mapping
        Elements of such states that are results as they were made, such as the last tokens that a convolution sees [1].
    adapter_read : mapping
        Elements of weights beside those of the checkpoint, in 16 bit, that are read [1].
    wide_sent, weight_sent, kv_sent, state_sent, wide_state_sent : mapping
        Elements of the residual stream, of the operator's weights, of KV cache and states that cross its link [1].
    latency : mapping
        What the link takes before the first byte [s].
    link : str
        Name of the link that they cross, such as ``"network"`` or ``"host"``; empty for none.
    stored : str
        Storage kind of ``weight_read``: ``"weights"``, ``"attention_weights"`` or ``"experts"``.
    operands : tuple of str
        Storage kinds of the operands of the matrix product, which decide its peak; empty for vector work.
    formula : str
        The FLOP as a formula for people.
    source : str
        Where the formula comes from.
    """

    matrix_flops: Linear = _counted("matrix work", "FLOP", "work")
    vector_flops: Linear = _counted("vector work", "FLOP", "work")
    weight_read: Linear = _moved("weights", "weights", "weight_bytes", "weights", is_stored=True)
    head_read: Linear = _moved("embedding or head", "head", "weight_bytes", "weights", is_stored=True)
    wide_weight_read: Linear = _moved("norm weights and biases", "wide", "weight_bytes", "weights", is_stored=True)
    activation_read: Linear = _moved("activations in", "activations", "activation_read_bytes", "read")
    wide_read: Linear = _moved("16-bit activations in", "wide", "activation_read_bytes", "read")
    activation_write: Linear = _moved("activations out", "activations", "activation_write_bytes", "written")
    wide_write: Linear = _moved("16-bit activations out", "wide", "activation_write_bytes", "written")
    kv_read: Linear = _moved("KV cache in", "kv_cache", "kv_read_bytes", "cache")
    kv_write: Linear = _moved("KV cache out", "kv_cache", "kv_write_bytes", "cache")
    state_read: Linear = _moved("state in", "state", "kv_read_bytes", "cache")
    state_write: Linear = _moved("state out", "state", "kv_write_bytes", "cache")
    wide_state_read: Linear = _moved("16-bit state in", "wide_state", "kv_read_bytes", "cache")
    wide_state_write: Linear = _moved("16-bit state out", "wide_state", "kv_write_bytes", "cache")
    adapter_read: Linear = _moved("adapters", "adapters", "weight_bytes", "weights")
    wide_sent: Linear = _moved("16-bit activations sent", "wide", LINK)
    weight_sent: Linear = _moved("weights sent", "weights", LINK, "weights", is_stored=True)
    kv_sent: Linear = _moved("KV cache sent", "kv_cache", LINK, "cache")
    state_sent: Linear = _moved("states sent", "state", LINK, "cache")
    wide_state_sent: Linear = _moved("16-bit states sent", "wide_state", LINK, "cache")
    latency: Linear = _counted("latency of the link", "s")
    link: str = ""
    stored: str = "weights"
    operands: tuple[str, ...] = ()
    formula: str
    source: str


COLUMNS = tuple(Column(entry.name, **entry.metadata) for entry in fields(Cost) if entry.metadata)
"""Every column, in the order of the fields."""
NAMES = tuple(column.name for column in COLUMNS)
"""Their names."""
