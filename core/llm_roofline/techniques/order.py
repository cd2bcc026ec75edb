"""Techniques together: read from names and data, put in their order, and refused where they contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..basics import TechniqueError, did_you_mean, shown
from .base import Technique
from .discovery import discovered

if TYPE_CHECKING:
    from ..basics import Catalogue


ORDER = (
    "model",  # another model
    "layers",  # widths, ranks, layers left out
    "adapters",  # what stands beside the layers that are left
    "attention",  # how attention runs and what it sees
    "activity",  # what of the layers a step touches
    "devices",  # what each of several devices has
    "tokens",  # what each has of the tokens
    "fusion",  # operators beside each other that become one
    "epilogues",  # operators that run on the result of the one before while it is on the chip
    "placement",  # where weights and caches lie
    "formats",  # how numbers are stored
    "hardware",  # figures of the device, and what runs elsewhere
    "steps",  # tokens of a pass
    "serving",  # which requests run together
)
"""Parts that techniques act on, in the order in which they are applied, whatever the order in which they were named.

What changes the layers comes before what divides them among devices; formats, device and steps then see the layers that
run. Two that act on the same are applied in the order of their names.
"""


def combined(techniques: object, catalogue: Catalogue[Technique]) -> tuple[Technique, ...]:
    """Techniques of a list of names, of data with name and parameters, or of themselves.

    Parameters
    ----------
    techniques : object
        The list.
    catalogue : Catalogue
        Every technique.

    Raises
    ------
    TechniqueError
        If it is no such list, or one of them is not accepted.
    UnknownNameError
        If there is none of a name.
    """
    if not isinstance(techniques, list | tuple):
        raise TechniqueError(f"'techniques' must be a list of names of techniques.names() (got {shown(techniques)}).")
    return arranged(tuple(_read(one, catalogue) for one in techniques))


def arranged(techniques: tuple[Technique, ...]) -> tuple[Technique, ...]:
    """The same techniques in the order in which they are applied.

    Parameters
    ----------
    techniques : tuple of Technique
        The techniques.

    Raises
    ------
    TechniqueError
        If one is there twice, or two do not go together; the sentence says why.
    """
    for technique in techniques:
        if technique.acts_on not in ORDER:
            near = did_you_mean(str(technique.acts_on), ORDER)
            accepted = f"must be one of {', '.join(ORDER)} (got {technique.acts_on!r})"
            raise TechniqueError(f"'acts_on' of {technique.name} {accepted}.{near}")
    if len(techniques) < 2:  # noqa: PLR2004 - nothing to put in order
        return techniques
    names = [technique.name for technique in techniques]
    for technique in techniques:
        if names.count(technique.name) > 1:
            raise TechniqueError(f"{technique.label} is there twice; a technique is applied once.")
        for other in techniques:
            both = f"both {technique.rivals}" if technique.rivals and technique.rivals == other.rivals else ""
            reason = technique.excludes.get(other.name) or both
            if reason and other is not technique:
                raise TechniqueError(f"{technique.label} does not go with {other.label}: {reason}.")
    places = list(discovered())
    return tuple(sorted(techniques, key=lambda t: (ORDER.index(t.acts_on), places.index(t.name))))


def _read(entry: object, catalogue: Catalogue[Technique]) -> Technique:
    if isinstance(entry, Technique):
        return entry
    if isinstance(entry, str):
        return catalogue[entry]
    if isinstance(entry, Mapping) and isinstance(entry.get("name"), str):
        changes = {str(key): value for key, value in entry.items() if key != "name"}
        return catalogue[entry["name"]].with_(**changes)
    raise TechniqueError(f"a technique must be a name, or an object with 'name' and parameters (got {shown(entry)}).")
