"""Reading a ``config.json``: every key is checked, every problem is kept with its path, nothing is executed.

A family reads the keys it knows through :class:`Config`. Afterwards every key that nobody has read is known to be
without effect, or is a problem where it may change the cost, or is told, so that a number is never silently wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..basics import ConfigError, did_you_mean, shown
from .keys import SWITCHES, is_harmless, is_neutral, place, suggests_cost, unread_note

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST = 2**31  # no dimension of a model comes near it, and products of a few stay exact in float64
MOST_LAYERS = 10_000  # layers are told apart one by one, so that their number is work to be done
LAYER_KEYS = frozenset(
    {
        "decoder_layers",
        "depth",
        "encoder_layers",
        "layers",
        "n_layer",
        "n_layers",
        "num_decoder_layers",
        "num_hidden_layers",
        "num_layers",
    }
)
PREDICTING_KEYS = ("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules")
"""Keys of how many layers predict further tokens (MTP)."""
_MISSING: Any = object()
DEEPEST = 8  # objects inside one another of which every key is looked at


class Config:
    """Fields of a configuration, read with checks.

    Parameters
    ----------
    fields : mapping
        The parsed JSON.
    path : str
        What to call it in messages.
    defaults : mapping, optional
        What the family's class takes where a key is absent, and not null; of parts in objects of their names.
    spellings : mapping, optional
        Other names of keys that the class understands, and those by which the family reads them; likewise of parts.

    Attributes
    ----------
    fields : mapping
        The parsed JSON, and the defaults of keys that it lacks.
    problems, notes : list of str
        What is wrong with it, each with its path; and what a reader should know of what it makes.
    ignored : set of str
        Keys that a family has said to be without effect.
    """

    def __init__(
        self,
        fields: Mapping[str, Any],
        path: str = "config.json",
        defaults: Mapping[str, Any] | None = None,
        spellings: Mapping[str, Any] | None = None,
    ) -> None:
        self._defaults, self._spellings = defaults or {}, spellings or {}
        names = {other: key for other, key in self._spellings.items() if isinstance(key, str)}
        renamed = {names[key]: value for key, value in reversed([*fields.items()]) if key in names}
        self._given = renamed | {key: value for key, value in fields.items() if key not in names}
        usual = {key: value for key, value in self._defaults.items() if not isinstance(value, dict)}
        self.fields: Mapping[str, Any] = usual | self._given
        self.path = path
        self.problems: list[str] = []
        self.notes: list[str] = []
        self._read: set[str] = set()
        self._stood_in: set[str] = set()
        self._parts: dict[str, Config] = {}
        self.ignored: set[str] = set()
        for other, value in fields.items():
            if other in names:
                self._refuse_contradiction(names[other], other, value)

    def _refuse_contradiction(self, key: str, other: str, value: Any) -> None:  # noqa: ANN401 - JSON
        """Keep as a problem that two names of one key have different values."""
        stated = self._given[key]
        if value is not None and stated is not None and stated != value:
            self.problem(f"{other!r} and {key!r} must say the same (got {shown(value)} and {shown(stated)}).")

    def part(self, key: str) -> Config:
        """An object inside this one, such as ``text_config``; its problems are kept here."""
        return self.entry(key, self.fields.get(key))

    def entry(self, key: str, given: Any) -> Config:  # noqa: ANN401 - JSON
        """An object that stands under a key, or in a list under a name of its own; its problems are kept here."""
        if key not in self._parts:
            self._read.add(key)
            if not isinstance(given, dict):
                self.problem(f"{key!r} must be an object (got {shown(given)}).")
                given = {}
            self._parts[key] = Config(
                given, f"{self.path}, {place(key)}", self._defaults.get(key), self._spellings.get(key)
            )
            self._parts[key].problems, self._parts[key].notes = self.problems, self.notes
        return self._parts[key]

    def _raw(self, keys: tuple[str, ...], default: Any) -> tuple[str, Any]:  # noqa: ANN401 - JSON
        self._read.update(keys)
        for key in keys:
            if self.fields.get(key) is not None:
                return key, self.fields[key]
        if default is _MISSING:
            self._stood_in.update(keys)
            near = did_you_mean(keys[0], [key for key in self._given if key not in keys], limit=1)
            self.problem(f"{' or '.join(repr(k) for k in keys)} is missing.{near}")
        return keys[0], default

    def count(self, *keys: str, default: Any = _MISSING, least: int = 1) -> int:  # noqa: ANN401 - int or None
        """Whole number of at least ``least`` under the first of several keys; 1 stands in for a problem [1]."""
        key, value = self._raw(keys, default)
        if value is default:
            return 1 if value is _MISSING else value
        return self._checked(keys, key, value, least)

    def same_count(self, key: str, *, default: Any = _MISSING, least: int = 1) -> int:  # noqa: ANN401 - int or None
        """:meth:`count` of a key that may list a number for each layer, all of them alike [1]."""
        stated = self.fields.get(key)
        if isinstance(stated, list) and stated and stated.count(stated[0]) == len(stated):
            self._read.add(key)
            return self._checked((key,), key, stated[0], least)
        return self.count(key, default=default, least=least)

    def _checked(self, keys: tuple[str, ...], key: str, value: Any, least: int) -> int:  # noqa: ANN401 - JSON
        most = MOST_LAYERS if key in LAYER_KEYS or key in PREDICTING_KEYS else LARGEST
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.problem(f"{key!r} must be a whole number from {least} to {most:,} (got {shown(value)}).")
            self._stood_in.update(keys)
            return 1
        return value

    def optional_count(self, *keys: str) -> int | None:
        """Whole number of at least 1, or None where no key is set [1]."""
        return self.count(*keys, default=None)

    def text(self, key: str) -> str | None:
        """A text, or None where the key is not set."""
        _, value = self._raw((key,), None)
        if value is not None and not isinstance(value, str):
            self.problem(f"{key!r} must be a text (got {shown(value)}).")
            return None
        return value

    def sequence(self, key: str, *, length: int | None = None) -> list[Any] | None:
        """A list, one entry a layer where ``length`` says how many [1]; None where the key is not set."""
        _, value = self._raw((key,), None)
        if value is None:
            return None
        if not isinstance(value, list) or (length is not None and len(value) != length):
            many = "" if length is None else f" of {length:,}, one a layer"
            self.problem(f"{key!r} must be a list{many} (got {shown(value)}).")
            return None
        return value

    def layer_numbers(self, key: str) -> frozenset[int] | None:
        """Numbers of the layers that a list names [1]; None where the key is not set."""
        stated = self.sequence(key)
        if stated is None:
            return None
        if any(isinstance(number, bool) or not isinstance(number, int) for number in stated):
            self.problem(f"{key!r} must hold numbers of layers (got {shown(stated)}).")
            return frozenset()
        return frozenset(stated)

    def flag(self, *keys: str, default: bool = False) -> bool:
        """True or false."""
        key, value = self._raw(keys, default)
        if not isinstance(value, bool):
            self.problem(f"{key!r} must be true or false (got {shown(value)}).")
            return default
        return value

    def fraction(self, *keys: str, default: float) -> float:
        """A number from 0 to 1 [1]."""
        key, value = self._raw(keys, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.problem(f"{key!r} must be a number from 0 to 1 (got {shown(value)}).")
            return default
        return float(value)

    def choice(self, *keys: str, among: Mapping[str, str], default: str) -> str:
        """Meaning of a word, looked up among those that are understood."""
        key, value = self._raw(keys, default)
        if not isinstance(value, str) or value not in among:
            self.problem(f"{key!r} must be one of {', '.join(among)} (got {shown(value)}).")
            return among[default]
        return among[value]

    def divides(self, divisor: str, small: int, dividend: str, large: int) -> int:
        """Quotient of two dimensions of which one must divide the other [1]."""
        if large % small and self.is_sound(divisor, dividend):
            self.problem(f"{divisor!r} must divide {dividend!r} (got {small:,} and {large:,}).")
        return large // small or 1

    def within(self, part: str, small: int, whole: str, large: int) -> None:
        """Keep as a problem that a dimension exceeds the one of which it is a part."""
        if small > large and self.is_sound(part, whole):
            self.problem(f"{part!r} must not exceed {whole!r} (got {small:,} and {large:,}).")

    def again(self, key: str, value: int) -> None:
        """Keep as a problem that a key which repeats what others say does not."""
        if self.count(key, default=value) != value and self.is_sound(key):
            self.problem(f"{key!r} must be {value:,}, as other keys say (got {shown(self.fields[key])}).")

    def stated(self, key: str) -> Any:  # noqa: ANN401 - JSON
        """What stands under a key, unchecked; None where nothing does."""
        return self._raw((key,), None)[1]

    def is_sound(self, *keys: str) -> bool:
        """Whether counts are the configuration's own, so that comparing them is no echo of another problem."""
        return not self._stood_in.intersection(keys)

    def ignore(self, *keys: str) -> None:
        """Say that keys which are set have no effect in this family."""
        self._read.update(keys)
        self.ignored.update(keys)

    def leave_out(self, tower: str) -> None:
        """Note that a tower which is configured is none of those that are understood, if there is one."""
        if self.fields.get(tower) is not None:
            self.ignore(tower)
            if not isinstance(self.fields[tower], dict):
                self.problem(f"{tower!r} must be an object (got {shown(self.fields[tower])}).")
            self.notes.append(f"The tower of {tower!r} is not understood; the numbers are those of the text alone.")

    def problem(self, message: str) -> None:
        """Keep a problem for :meth:`finish`."""
        self.problems.append(f"{self.path}: {message}")

    def finish(self) -> tuple[str, ...]:
        """Raise all problems together, unread keys that may change the cost among them.

        Returns
        -------
        tuple of str
            What a reader should know, keys that are not understood among it.

        Raises
        ------
        ConfigError
            If there is any problem.
        """
        unread = tuple(dict.fromkeys(self._unread(0, DEEPEST)))
        if self.problems:
            raise ConfigError("\n".join(dict.fromkeys(self.problems)))  # a tower reads some keys again
        return (*dict.fromkeys(self.notes), *unread_note(unread))

    def _unread(self, layers: int, depth: int) -> Iterator[str]:
        """Keys here and in every part that nobody has read; those that may change the cost become problems."""
        layers = next((n for key in LAYER_KEYS if isinstance(n := self.fields.get(key), int)), layers)
        parts = dict(self._parts)
        for key, value in self._given.items():
            name = str(key)
            if key in self._read or is_harmless(name) or is_neutral(name, value) or self._is_off(name):
                continue
            if suggests_cost(name, value, layers):
                self.problem(f"{shown(name)} = {shown(value)} changes the cost, and this family does not read it.")
            elif isinstance(value, dict) and depth:
                parts[name] = self.part(key)
            else:
                yield name
        for key, part in parts.items():
            for inner in part._unread(layers, depth - 1):  # noqa: SLF001 - its own kind
                yield f"{key}.{inner}"

    def _is_off(self, key: str) -> bool:
        """Whether another key has switched this one off."""
        return key in SWITCHES and self._given.get(SWITCHES[key]) is False
