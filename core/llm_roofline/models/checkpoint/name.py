"""The name of a stored tensor, in parts."""

from __future__ import annotations

from typing import NamedTuple

LAYERS = frozenset(
    {
        "blk",
        "block",
        "blocks",
        "deepstack_merger_list",
        "h",
        "layer",
        "layers",
        "mtp",
        "mtp_block",
        "mtp_layers",
        "resblocks",
        "transformer_blocks",
    }
)
"""What stands before the number of a layer."""
BESIDE = frozenset({"mtp_emb_norm", "mtp_hidden_norm", "mtp_linear_proj"})
"""What ERNIE 4.5 numbers beside the layer that it is a part of."""
FIRST = "midlayer"  # the one layer of an EAGLE-3 draft, which has no number
MOST_PARTS = 12  # of a name, from its end


class Name(NamedTuple):
    """Name of a tensor.

    Parameters
    ----------
    before : tuple of str
        Parts before the number of its layer; empty where it is in none.
    layer : int or None
        Its layer, counted from 0 [1].
    parts : tuple of str
        Parts behind that.
    """

    before: tuple[str, ...]
    layer: int | None
    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Name:
        """The parts of a name.

        Parameters
        ----------
        text : str
            The name, such as ``"model.layers.3.mlp.gate_proj.weight"``.
        """
        parts = tuple(text.split(".")[-MOST_PARTS:])
        if FIRST in parts[:-1]:
            place = parts.index(FIRST)
            return cls(parts[: place + 1], 0, parts[place + 1 :])
        for i in range(1, len(parts)):
            if parts[i].isdecimal() and parts[i - 1] in LAYERS:
                return cls(parts[:i], int(parts[i][:9]), parts[i + 1 :])
            if parts[i].isdecimal() and parts[i - 1] in BESIDE:
                return cls(parts[:i], int(parts[i][:9]), (parts[i - 1], *parts[i + 1 :]))
        return cls((), None, parts)
