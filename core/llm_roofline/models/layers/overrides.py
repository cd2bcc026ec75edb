"""Dimensions that some layers have instead of those of the whole, as Transformers 5 writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from ..config import Config

Kind = TypeVar("Kind", bound="Hashable")


def kind_overrides(config: Config, kinds: Sequence[Kind], keys: Sequence[str]) -> dict[Kind, dict[str, int]] | None:
    """Dimensions by key that each kind of layer has instead of the configuration's [1]; None where nothing is written.

    Parameters
    ----------
    config : Config
        The configuration, whose ``per_layer_config`` has an object for the number of each layer that differs.
    kinds : sequence
        Kind of each layer; layers of one kind must differ alike.
    keys : sequence of str
        Keys that may differ.
    """
    if config.fields.get("per_layer_config") is None:
        return None
    part = config.part("per_layer_config")
    places = {int(name): name for name in part.fields if isinstance(name, str) and name.isdecimal()}
    if len(places) != len(part.fields) or any(place >= len(kinds) for place in places):
        part.problem(f"keys must be numbers of layers from 0 to {len(kinds) - 1:,}.")
        return None
    found: dict[Kind, dict[str, int]] = {}
    for place, kind in enumerate(kinds):
        own = {}
        if place in places:
            layer = part.part(places[place])
            own = {key: layer.count(key) for key in keys if layer.fields.get(key) is not None}
        if found.setdefault(kind, own) != own:
            part.problem(f"layers that are {kind} must differ alike from the others (got {own} beside {found[kind]}).")
            return None
    return found
