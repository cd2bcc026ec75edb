"""Hardware: the figures of a device, its catalogue, and what-if devices."""

from __future__ import annotations

import json
import math
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .catalogue import Catalogue
from .errors import HardwareError, did_you_mean
from .units import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent / "data" / "hardware"
_PEAKS = ("peak_flops_per_s", "vector_flops_per_s")
_NUMBERS = (
    "memory_bytes",
    "memory_bandwidth",
    "l2_bytes",
    "l3_bytes",
    "local_memory_bytes",
    "register_bytes",
    "multiprocessors",
    "interconnect_bandwidth",
    "tdp",
)


@dataclass(frozen=True, kw_only=True)
class Hardware:
    """A device.

    Parameters
    ----------
    name, title, vendor, architecture, kind : str
        Key of the catalogue, name for people, vendor, architecture, and ``"gpu"``, ``"cpu"``, ``"npu"``, ``"soc"`` or
        ``"tpu"``.
    year : int or None
        Of the launch [year].
    memory_bytes : float
        Capacity of the device memory [byte].
    memory_bandwidth : float
        Its bandwidth [byte/s].
    memory_type : str
        Such as ``"HBM3"``.
    peak_flops_per_s : mapping of str to float
        Dense peaks of the matrix units by compute format [FLOP/s].
    vector_flops_per_s : mapping of str to float
        Peaks of the vector lanes [FLOP/s].
    l2_bytes, l3_bytes, local_memory_bytes, register_bytes : float or None
        Caches of the chip; memory and registers of one multiprocessor [byte].
    multiprocessors : float or None
        How many there are [1].
    interconnect, host_link : str
        Link to other devices and to the host.
    interconnect_bandwidth : float or None
        Of one device in one direction [byte/s].
    tdp : float or None
        Thermal design power [W].
    peaks : str
        ``"dense"``: no peak here counts on sparsity.
    source, url, confidence, note, checked_against : str
        Where the figures come from, and how sure they are (``"datasheet"``, ``"derived"``, ``"secondary"``,
        ``"what-if"``).
    aliases : tuple of str
        Other names.
    based_on : str
        Of a what-if device: the catalogue's device that it changes.

    Raises
    ------
    HardwareError
        If a figure is not a finite positive number.

    Examples
    --------
    >>> from llm_roofline import hardware
    >>> faster = hardware["h100-sxm"].with_(memory_bandwidth=4.8e12)
    >>> faster.name, round(faster.ridge_point("bf16"))
    ('h100-sxm*', 206)
    """

    name: str
    title: str
    memory_bytes: float
    memory_bandwidth: float
    peak_flops_per_s: Mapping[str, float]
    vector_flops_per_s: Mapping[str, float] = field(default_factory=dict)
    vendor: str = ""
    architecture: str = ""
    kind: str = ""
    year: int | None = None
    memory_type: str = ""
    peaks: str = "dense"
    l2_bytes: float | None = None
    l3_bytes: float | None = None
    local_memory_bytes: float | None = None
    register_bytes: float | None = None
    multiprocessors: float | None = None
    interconnect: str = ""
    interconnect_bandwidth: float | None = None
    host_link: str = ""
    tdp: float | None = None
    source: str = ""
    url: str = ""
    confidence: str = "what-if"
    note: str = ""
    checked_against: str = ""
    aliases: tuple[str, ...] = ()
    based_on: str = ""

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name in _PEAKS:
                object.__setattr__(self, entry.name, _peaks(self.name, entry.name, value))
            elif entry.name in _NUMBERS:
                if value is not None or entry.default is MISSING:
                    object.__setattr__(self, entry.name, _positive(f"{self.name}: '{entry.name}'", value))
            elif entry.name == "aliases":
                object.__setattr__(self, entry.name, _texts(f"{self.name}: 'aliases'", value))
            elif entry.name == "year":
                _refuse_no_year(f"{self.name}: 'year'", value)
            elif not isinstance(value, str) or (not value and entry.default is MISSING):
                raise HardwareError(f"{entry.name!r} of a device must be a text (got {value!r}).")
        if not self.peak_flops_per_s:
            raise HardwareError(f"{self.name}: 'peak_flops_per_s' must give at least one compute format.")

    def ridge_point(self, compute_format: str) -> float:
        """Intensity from which on an operator is compute-bound [FLOP/byte].

        Parameters
        ----------
        compute_format : str
            A format of ``peak_flops_per_s``.
        """
        if compute_format not in self.peak_flops_per_s:
            known = ", ".join(self.peak_flops_per_s)
            raise HardwareError(f"{self.name} has no {compute_format!r} peak; it has {known}.")
        return self.peak_flops_per_s[compute_format] / self.memory_bandwidth

    def with_(self, **changes: Any) -> Hardware:  # noqa: ANN401 - figures and texts
        """Return a what-if device with some figures changed; peaks merge, and a peak of None goes.

        Raises
        ------
        HardwareError
            If a figure is unknown or not accepted.
        """
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        _refuse_unknown(changes)
        for name in _PEAKS:
            if name in changes:
                if not hasattr(changes[name], "items"):
                    raise HardwareError(f"{self.name}: '{name}' must map formats to FLOP/s (got {changes[name]!r}).")
                merged = {**values[name], **changes[name]}
                changes[name] = {k: v for k, v in merged.items() if v is not None}
        base = self.based_on or self.name
        told = {
            "name": f"{base}*",
            "title": f"{self.title.removesuffix(' (what-if)')} (what-if)",
            "confidence": "what-if",
        }
        return Hardware(**{**values, **told, "aliases": (), "based_on": base, **changes})

    def to_json(self) -> str | dict[str, Any]:
        """Name of a catalogue device, or the figures of another one, for :meth:`from_json`."""
        if self.name in hardware and hardware[self.name] == self:
            return self.name
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        plain = {k: dict(v) if k in _PEAKS else v for k, v in values.items() if v not in ("", None, ())}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in plain.items()}

    @classmethod
    def from_json(cls, data: object) -> Hardware:
        """Make a device of :meth:`to_json`'s data; nothing in it is executed.

        Raises
        ------
        HardwareError
            If a figure is missing, unknown or not accepted.
        """
        if isinstance(data, str):
            return hardware[data]
        if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
            raise HardwareError(f"A device is a name or an object of figures (got {type(data).__name__}).")
        _refuse_unknown(data)
        missing = [
            e.name for e in fields(cls) if e.default is MISSING and e.default_factory is MISSING and e.name not in data
        ]
        if missing:
            raise HardwareError(f"A device needs {', '.join(missing)}.")
        return cls(**data)

    def __hash__(self) -> int:
        """Hash of name and bandwidth."""
        return hash((self.name, self.memory_bandwidth))

    def __repr__(self) -> str:
        """One line."""
        peaks = ", ".join(f"{name} {quantity(value, 'FLOP/s')}" for name, value in self.peak_flops_per_s.items())
        memory = f"{quantity(self.memory_bytes, 'B')}, {quantity(self.memory_bandwidth, 'B/s')}"
        return f"Hardware({self.name!r}: {memory}; {peaks})"


def _refuse_unknown(given: Mapping[str, object]) -> None:
    names = [entry.name for entry in fields(Hardware)]
    unknown = [name for name in given if name not in names]
    if unknown:
        raise HardwareError(
            f"Unknown figure {unknown[0]!r}.{did_you_mean(unknown[0], names)} Accepted are {', '.join(names)}."
        )


def _positive(what: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise HardwareError(f"{what} must be a finite number above 0 (got {value!r}).")
    return float(value)


def _texts(what: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise HardwareError(f"{what} must be a list of texts (got {value!r}).")
    return tuple(value)


def _refuse_no_year(what: str, value: object) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise HardwareError(f"{what} must be a whole number (got {value!r}).")


def _peaks(name: str, what: str, value: object) -> Mapping[str, float]:
    if not hasattr(value, "items"):
        raise HardwareError(f"{name}: '{what}' must map formats to FLOP/s (got {value!r}).")
    return MappingProxyType({str(k): _positive(f"{name}: '{what}' of {k!r}", v) for k, v in value.items()})


def _load(name: str) -> Hardware:
    return Hardware.from_json(json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")))


hardware: Catalogue[Hardware] = Catalogue(
    "hardware",
    lambda: tuple(sorted(path.stem for path in _FOLDER.glob("*.json"))),
    _load,
    lambda: {alias: name for name in hardware.names() for alias in hardware[name].aliases},
)
"""Every device of the catalogue by its name."""
