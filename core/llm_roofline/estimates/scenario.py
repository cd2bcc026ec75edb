"""A scenario: everything that an evaluation depends on, in one frozen value that goes to JSON and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from ..basics import Catalogue, RooflineError, did_you_mean, shown
from ..devices import Hardware, hardware
from ..formats import Conventions, Precision
from ..models import Workload, fitting, load_model, model_from_json, model_to_json, models, refuse_beyond
from ..techniques import FlashAttention, Technique, arranged, combined, techniques

if TYPE_CHECKING:
    from ..models import Model

VERSION = 2
"""Version of the JSON; older ones still open. The first named techniques without parameters."""

_NAMED: Mapping[str, Catalogue[Any]] = {"model": models, "hardware": hardware}
_FORMATS_OF_ANOTHER = " Its formats are those of that checkpoint, unless others are named."
_WORKLOAD = tuple(f.name for f in fields(Workload))
_PRECISION = tuple(f.name for f in fields(Precision))
FIELDS = ("model", "hardware", *_WORKLOAD, *_PRECISION, "flash_attention", "techniques", "conventions")
"""Names that :meth:`Scenario.update` and :func:`llm_roofline.sweep` take."""


@dataclass(frozen=True)
class Scenario:
    """A model on a device under a workload.

    Parameters
    ----------
    model : Model
        The model.
    hardware : Hardware
        The device.
    workload : Workload, optional
        Batch and tokens; left out, those that suit the model.
    precision : Precision, optional
        Storage formats; left out, those of the model's checkpoint.
    techniques : sequence of Technique, optional
        In any order; they are kept in the one in which they are applied. Left out, what the conventions run by default.
    conventions : Conventions
        How things are counted.
    readings : tuple of tuple
        Sentences on names of model and device that were not exact, by field; see :meth:`reading`.

    Raises
    ------
    WorkloadError
        If the context is longer than the model's.
    TechniqueError
        If two techniques do not go together.
    """

    model: Model
    hardware: Hardware
    workload: Workload = None  # type: ignore[assignment]  # stands for one that fits the model, and is replaced at once
    precision: Precision = None  # type: ignore[assignment]  # stands for the model's own, and is replaced at once
    techniques: tuple[Technique, ...] | None = None
    conventions: Conventions = Conventions.standard
    readings: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.workload is None:
            object.__setattr__(self, "workload", fitting(self.model))
        if self.precision is None:
            object.__setattr__(self, "precision", self.model.precision)
        chosen = self.techniques
        if chosen is None:
            chosen = (FlashAttention(),) if self.conventions.fused_attention else ()
        object.__setattr__(self, "techniques", arranged(tuple(chosen)))
        refuse_beyond(self.model, self.workload)

    @property
    def flash_attention(self) -> bool:
        """Whether FlashAttention is among the techniques."""
        return any(isinstance(technique, FlashAttention) for technique in self.techniques or ())

    def update(self, **changes: Any) -> Scenario:  # noqa: ANN401 - the door where text becomes objects
        """Return a scenario with some of :data:`FIELDS` changed; names of models, devices and techniques are looked up.

        Parameters
        ----------
        **changes
            Values by field: numbers, names of models, devices and formats, or the objects themselves.

        Raises
        ------
        RooflineError
            If a field or a value is not accepted; the sentence says what is.
        """
        unknown = [name for name in changes if name not in FIELDS]
        if unknown:
            raise RooflineError(
                f"Unknown field {unknown[0]!r}.{did_you_mean(unknown[0], FIELDS)} Accepted are {', '.join(FIELDS)}."
            )
        parts: dict[str, Any] = {}
        if "model" in changes:
            parts["model"] = load_model(changes["model"])
            if self.precision == self.model.precision:  # nobody chose formats: the new checkpoint's are as good
                parts["precision"] = parts["model"].precision
        if "hardware" in changes:
            parts["hardware"] = _device(changes["hardware"])
        if "conventions" in changes:
            parts["conventions"] = _conventions(changes["conventions"])
        if "techniques" in changes:
            parts["techniques"] = combined(changes["techniques"], techniques)
        if "flash_attention" in changes:
            parts["techniques"] = _with_flash_attention(
                parts.get("techniques", self.techniques), on=changes["flash_attention"]
            )
        if work := {k: v for k, v in changes.items() if k in _WORKLOAD}:
            parts["workload"] = replace(self.workload, **work)
        if stored := {k: v for k, v in changes.items() if k in _PRECISION}:
            parts["precision"] = parts.get("precision", self.precision).changed(stored)
        return replace(self, **parts).reading(**{name: changes[name] for name in _NAMED if name in changes})

    def reading(self, **asked: object) -> Scenario:
        """Return the same scenario, whose estimate notes which names were not exact and what they were taken for.

        Parameters
        ----------
        **asked
            What ``model`` and ``hardware`` were asked for as; anything but a name is exact.
        """
        sentences = dict(self.readings)
        for name, spelling in asked.items():
            catalogue = _NAMED[name]
            is_catalogued = isinstance(spelling, str) and catalogue.get(spelling) is getattr(self, name)
            sentences[name] = catalogue.reading(spelling) if is_catalogued else ""
        if sentences.get("model"):
            sentences["model"] = sentences["model"].removesuffix(_FORMATS_OF_ANOTHER) + _FORMATS_OF_ANOTHER
        return replace(self, readings=tuple((name, said) for name, said in sentences.items() if said))

    def using(self, technique: Technique) -> Scenario:
        """Return a scenario with a technique, in place of one of its name.

        Parameters
        ----------
        technique : Technique
            The technique.
        """
        return replace(self, techniques=(*self._without(technique.name), technique))

    def without(self, name: str) -> Scenario:
        """Return a scenario without a technique.

        Parameters
        ----------
        name : str
            Its name; one that is not there changes nothing.
        """
        return replace(self, techniques=self._without(name))

    def _without(self, name: str) -> tuple[Technique, ...]:
        return tuple(technique for technique in self.techniques or () if technique.name != name)

    def to_json(self) -> dict[str, Any]:
        """Plain data from which :meth:`from_json` makes an equal scenario."""
        catalogued = self.model.name in models and models[self.model.name] == self.model
        return {
            "version": VERSION,
            "model": self.model.name if catalogued else model_to_json(self.model),
            "hardware": self.hardware.to_json(),
            "workload": asdict(self.workload),
            "precision": asdict(self.precision),
            "techniques": [t.to_json() for t in self.techniques or ()],
            "conventions": self.conventions.differences(),
        }

    @classmethod
    def from_json(cls, data: str | Mapping[str, Any]) -> Scenario:
        """Make a scenario of :meth:`to_json`'s data or its text; nothing in it is executed.

        Parameters
        ----------
        data : str or mapping
            The text or the data.

        Raises
        ------
        RooflineError
            If something is missing or not accepted, with its place.
        """
        try:
            record = json.loads(data) if isinstance(data, str) else dict(data)
            _refuse_unreadable(record)
            return cls(
                model=model_from_json(record["model"]),
                hardware=Hardware.from_json(record["hardware"]),
                workload=Workload(**record["workload"]) if "workload" in record else None,  # type: ignore[arg-type]
                precision=Precision(**record["precision"]) if "precision" in record else None,  # type: ignore[arg-type]
                techniques=combined(record["techniques"], techniques) if "techniques" in record else None,
                conventions=_conventions(record.get("conventions", {})),
            )
        except RooflineError:
            raise
        except KeyError as error:
            raise RooflineError(f"not a scenario: {error} is missing.") from error
        except (TypeError, ValueError, RecursionError) as error:
            raise RooflineError(f"not a scenario: {error}.") from error


def _refuse_unreadable(record: object) -> None:
    """Refuse what is no object, or of a later release."""
    if not isinstance(record, dict):
        raise RooflineError("a scenario must be a JSON object.")
    version = record.get("version", VERSION)
    if isinstance(version, bool) or not isinstance(version, int):
        raise RooflineError(f"'version' of a scenario must be a whole number (got {shown(version)}).")
    if version > VERSION:
        raise RooflineError(f"this scenario has version {shown(version)}; this release reads up to {VERSION}.")


def _device(device: str | Hardware) -> Hardware:
    if isinstance(device, Hardware):
        return device
    return hardware[device]


def _conventions(chosen: str | Conventions | Mapping[str, bool]) -> Conventions:
    """Conventions from their name, themselves, or the switches that differ from the standard."""
    if isinstance(chosen, Conventions):
        return chosen
    if isinstance(chosen, str) and chosen in ("standard", "paper"):
        return Conventions.paper if chosen == "paper" else Conventions.standard
    names = [f.name for f in fields(Conventions)]
    if isinstance(chosen, str):
        raise RooflineError(f"Unknown conventions {chosen!r}. Accepted are 'standard' and 'paper'.")
    if not isinstance(chosen, Mapping):
        raise RooflineError(
            f"'conventions' must be 'standard', 'paper' or switches with true or false (got {shown(chosen)})."
        )
    for name, value in chosen.items():
        if name not in names or not isinstance(value, bool):
            raise RooflineError(
                f"conventions: {name!r} = {shown(value)} is no switch.{did_you_mean(str(name), names)} "
                "Values are true and false."
            )
    return Conventions(**chosen)


def _with_flash_attention(chosen: tuple[Technique, ...] | None, *, on: bool) -> tuple[Technique, ...]:
    if not isinstance(on, bool):
        raise RooflineError(f"'flash_attention' must be True or False (got {shown(on)}).")
    others = tuple(t for t in chosen or () if not isinstance(t, FlashAttention))
    fused = tuple(t for t in chosen or () if isinstance(t, FlashAttention)) or (FlashAttention(),)
    return (*fused, *others) if on else others
