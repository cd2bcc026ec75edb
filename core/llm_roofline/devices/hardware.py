"""Hardware: the figures of a device, and the catalogue of devices."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from ..basics import Catalogue, HardwareError, did_you_mean, quantity, shown
from . import data_files
from .checks import PEAKS, checked, refuse_unknown
from .runtime_names import Described, device_named_like
from .what_if import TOLD, differences, merged, told


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

    See Also
    --------
    llm_roofline.devices.vocabulary : What a file of the catalogue may say; other devices are freer.

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
        for figure in fields(self):  # the name comes first, so that later messages can start with it
            object.__setattr__(self, figure.name, checked(self.name, figure, getattr(self, figure.name)))
        if self.based_on and self.based_on not in hardware.names():
            near = did_you_mean(self.based_on, hardware.names())
            raise HardwareError(
                f"{self.name}: 'based_on' must be a device of the catalogue (got {shown(self.based_on)}).{near}"
            )

    def ridge_point(self, compute_format: str) -> float:
        """Intensity from which on an operator is compute-bound [FLOP/byte].

        Parameters
        ----------
        compute_format : str
            A format of ``peak_flops_per_s``.

        Raises
        ------
        HardwareError
            If the device has no peak in it.
        """
        if compute_format not in self.peak_flops_per_s:
            known = ", ".join(self.peak_flops_per_s)
            raise HardwareError(f"{self.name} has no {compute_format!r} peak; it has {known}.")
        return self.peak_flops_per_s[compute_format] / self.memory_bandwidth

    def with_(self, /, **changes: Any) -> Hardware:  # noqa: ANN401 - figures and texts
        """Return a what-if device with some figures changed; peaks merge, and None takes a peak or a figure away.

        With all figures the catalogue's again it is the catalogue's device, unless ``name`` gave it a name of its own.

        Parameters
        ----------
        **changes
            Figures by the names of fields, in the units of these.

        Raises
        ------
        HardwareError
            If a figure is unknown or not accepted.
        """
        refuse_unknown(changes, _CHANGEABLE)
        values = self._values()
        base = self.based_on or (self.name if self._is_catalogued() else "")
        names = told(base or self.name, self.title)
        kept = {"name": self.name} if self.based_on else {}  # a further change keeps the name that its owner gave
        figures = merged(self.name, values, changes)
        device = Hardware(**{**values, **names, **kept, "aliases": (), "based_on": base, **figures})
        return hardware[base] if base and device.name == names["name"] and not device.changes() else device

    def changes(self) -> dict[str, Any]:
        """Figures of a what-if device that differ from those of the device it is based on, for :meth:`with_`.

        Examples
        --------
        >>> from llm_roofline import hardware
        >>> hardware["h100-sxm"].with_(memory_bandwidth=4.8e12, peak_flops_per_s={"fp8": None}).changes()
        {'memory_bandwidth': 4800000000000.0, 'peak_flops_per_s': {'fp8': None}}
        """
        if not self.based_on:
            return {}
        base = hardware[self.based_on]._values()  # noqa: SLF001 - of the same class
        return differences({name: value for name, value in self._values().items() if name in _CHANGEABLE}, base)

    def to_json(self) -> str | dict[str, Any]:
        """Name of a catalogue device, changes of a what-if device, or figures of another one, for :meth:`from_json`."""
        if self._is_catalogued():
            return self.name
        values = self._values()
        if self.based_on:
            names = told(self.based_on, hardware[self.based_on].title)
            renamed = {name: values[name] for name in TOLD if values[name] != names[name]}
            return {"based_on": self.based_on, **renamed, **self.changes()}
        plain = {name: value for name, value in values.items() if value not in ("", None, (), {})}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}

    @classmethod
    def from_json(cls, data: object) -> Hardware:
        """Make a device of :meth:`to_json`'s data or of its text; nothing in it is executed.

        Parameters
        ----------
        data : str or mapping
            A name of the catalogue, figures by name, or the JSON of them.

        Raises
        ------
        HardwareError
            If a figure is missing, unknown or not accepted.
        UnknownNameError
            If there is no device of that name.
        """
        if isinstance(data, str):
            return cls.from_json(_parsed(data)) if data.lstrip().startswith("{") else hardware[data]
        if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
            raise HardwareError(f"A device is a name or an object of figures (got {type(data).__name__}).")
        if data.get("based_on"):
            return hardware[data["based_on"]].with_(**{k: v for k, v in data.items() if k != "based_on"})
        refuse_unknown(data, [entry.name for entry in fields(cls)])
        needed = [e.name for e in fields(cls) if e.default is MISSING and e.default_factory is MISSING]
        if missing := [name for name in needed if name not in data]:
            raise HardwareError(f"A device needs {', '.join(missing)}.")
        return cls(**data)

    def _is_catalogued(self) -> bool:
        return self.name in hardware.names() and hardware[self.name] == self

    def _values(self) -> dict[str, Any]:
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {name: dict(value) if name in PEAKS else value for name, value in values.items()}

    def __reduce__(self) -> tuple[object, ...]:
        """Copy and pickle the figures: a read-only mapping does neither."""
        return _made, (self._values(),)

    def __hash__(self) -> int:
        """Hash of name and bandwidth."""
        return hash((self.name, self.memory_bandwidth))

    def __repr__(self) -> str:
        """One line."""
        peaks = ", ".join(f"{name} {quantity(value, 'FLOP/s')}" for name, value in self.peak_flops_per_s.items())
        memory = f"{quantity(self.memory_bytes, 'B')}, {quantity(self.memory_bandwidth, 'B/s')}"
        return f"Hardware({self.name!r}: {memory}; {peaks})"


_CHANGEABLE = tuple(entry.name for entry in fields(Hardware) if entry.name not in {"aliases", "based_on", "peaks"})


def _made(values: dict[str, Any]) -> Hardware:
    """Device of a pickle, which names this function."""
    return Hardware(**values)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HardwareError(f"The text of a device must be JSON ({error}).") from error


def _described() -> Iterator[Described]:
    for name in hardware.names():
        device = hardware[name]
        memory = f"{device.memory_bytes / 1e9:g}GB {device.memory_type}"
        yield Described(name, device.title, memory, device.aliases)


hardware: Catalogue[Hardware] = Catalogue(
    "hardware",
    data_files.names,
    lambda name: Hardware(**data_files.read(name)),
    lambda: {spelling: device.name for device in _described() for spelling in (device.title, *device.aliases)},
    lambda spelling: device_named_like(spelling, _described()),
)
"""Every device of the catalogue by its name, or as a driver prints it."""
