"""A technique: a named transform of what runs, with parameters, its place in the survey and its citation."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

from ..basics import TechniqueError, did_you_mean
from ..models import Model, model_to_json
from .parameters import parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..models import Block
    from ..serving import Plan

CATEGORIES: Mapping[str, str] = {
    "compression": "model compression",
    "fast_decoding": "fast decoding",
    "system": "compiler and system",
    "hardware": "hardware",
}
"""The survey's four categories by the folders that hold their techniques (arXiv 2402.16363, figure 2)."""


@dataclass(frozen=True)
class Technique(ABC):
    """A technique of the survey's map. Subclasses are frozen dataclasses whose fields are made in ``parameters``.

    Attributes
    ----------
    name, label : str
        Its name in the catalogue, and for people.
    mechanism : str
        One sentence on what it changes.
    citation : str
        Where it comes from.
    acts_on : str
        A name of :data:`ORDER`.
    neutral : mapping or None
        Parameters at which it changes nothing, whatever the others are; None where there are none such.
    never_raises : tuple of str
        What it never makes larger, names of :data:`llm_roofline.estimates.QUANTITIES`: whatever its parameters, the
        model, the workload and the techniques beside it.
    never_raises_apart : tuple of str
        What else it never makes larger where prompts are read in passes of their own: beside a chunk of chunked prefill
        runs a decode step of other requests, with all that this technique adds to it.
    rivals : str
        What it has in common with the techniques that it does not go with, such as "guess tokens"; empty for none.
    excludes : mapping
        Further techniques that it does not go with, by name, each with the reason.
    decode_only : bool
        The layers of the prefill stay as they are.
    towers : bool
        It changes the layers of encoder and vision tower as well.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    mechanism: ClassVar[str]
    citation: ClassVar[str]
    acts_on: ClassVar[str]
    neutral: ClassVar[Mapping[str, Any] | None] = None
    never_raises: ClassVar[tuple[str, ...]] = ()
    never_raises_apart: ClassVar[tuple[str, ...]] = ()
    rivals: ClassVar[str] = ""
    excludes: ClassVar[Mapping[str, str]] = {}
    decode_only: ClassVar[bool] = False
    towers: ClassVar[bool] = True

    def __post_init__(self) -> None:
        for name, parameter in parameters(self).items():
            value = getattr(self, name)
            object.__setattr__(self, name, parameter.checked(f"'{name}' of {self.name}", value))

    @property
    def category(self) -> str:
        """Its category in the survey, a value of :data:`CATEGORIES`."""
        return CATEGORIES[type(self).__module__.split(".")[-2]]

    @property
    def values(self) -> dict[str, float | str]:
        """Its parameters as people read them, a model by its name [its own unit]."""
        stated = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {name: value.name if isinstance(value, Model) else value for name, value in stated.items()}

    @property
    def written(self) -> str:
        """Its name, and its parameters that are not the default, as the command line takes them."""
        usual = type(self)().values
        changed = ",".join(f"{key}={value}" for key, value in self.values.items() if value != usual[key])
        return f"{self.name}:{changed}" if changed else self.name

    def model(self, model: Model) -> Model:
        """Return the model that runs instead.

        Parameters
        ----------
        model : Model
            The model.
        """
        return model

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Return the layers that run instead; they may depend on nothing but these and the parameters.

        Parameters
        ----------
        blocks : tuple of Block
            The layers.
        """
        return blocks

    def plan(self, plan: Plan) -> Plan:
        """Return what runs instead, beside the layers.

        Parameters
        ----------
        plan : Plan
            What runs so far.

        Raises
        ------
        TechniqueError
            If it does not go with the model, the device or what else is in the plan; the sentence says why.
        """
        return plan

    def with_(self, /, **changes: Any) -> Technique:  # noqa: ANN401 - numbers and texts
        """Return the technique with other parameters.

        Parameters
        ----------
        **changes
            Values by parameter [its own unit].

        Raises
        ------
        TechniqueError
            If one is unknown or not accepted.
        """
        known = parameters(self)
        for name in changes:
            if name not in known:
                accepted = f" Accepted are {', '.join(known)}." if known else " It has none."
                raise TechniqueError(f"{self.name} has no parameter {name!r}.{did_you_mean(name, known)}{accepted}")
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Plain data: name and parameters, from which an equal technique is made."""
        stated = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        plain = {key: model_to_json(value) if isinstance(value, Model) else value for key, value in stated.items()}
        return {"name": self.name, **plain}
