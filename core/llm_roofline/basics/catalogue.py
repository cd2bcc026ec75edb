"""Read-only catalogues: names to objects, loaded when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from .errors import UnknownNameError, did_you_mean, plain_spelling, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")


class Catalogue(Mapping[str, T]):
    """A mapping from name to object that loads each object once.

    Case, blanks, ``_`` and ``-`` make no difference, and the part of a hub id after the slash will do. What is written
    otherwise may still be clear; :meth:`reading` then says what it was taken for.

    Parameters
    ----------
    word : str
        What it holds, for messages: ``"hardware"``, ``"model"``.
    list_names : callable
        Gives the names; called at the first use.
    load : callable
        Makes the object of a name.
    list_aliases : callable, optional
        Gives other spellings and the names they stand for; called at the first name that is not found.
    named_like : callable, optional
        Gives the name that a spelling means which nobody has listed, or None; called when it is found nowhere else.
    """

    def __init__(
        self,
        word: str,
        list_names: Callable[[], Sequence[str]],
        load: Callable[[str], T],
        list_aliases: Callable[[], Mapping[str, str]] = dict,
        named_like: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self.word = word
        self._named_like = named_like
        self._list_names, self._list_aliases, self._load = list_names, list_aliases, load
        self._names: tuple[str, ...] | None = None
        self._spellings: dict[str, str] | None = None
        self._loaded: dict[str, T] = {}

    def names(self) -> tuple[str, ...]:
        """Every name, sorted as the catalogue lists it."""
        if self._names is None:
            self._names = tuple(self._list_names())
        return self._names

    def reading(self, spelling: object) -> str:
        """Sentence on what a name is taken for that is none of the catalogue's; empty where it is one, or unknown.

        Parameters
        ----------
        spelling : object
            What was asked for.
        """
        if not isinstance(spelling, str) or self._listed(spelling) or not (name := self._name(spelling)):
            return ""
        return f"{shown(spelling)} is read as {name}."

    def _name(self, spelling: str) -> str | None:
        return self._listed(spelling) or self._named_like(spelling)

    def _listed(self, spelling: str) -> str | None:
        if spelling in self._loaded or spelling in self.names():
            return spelling
        if self._spellings is None:
            self._spellings = {plain_spelling(alias): name for alias, name in self._list_aliases().items()}
            self._spellings |= {plain_spelling(name.rpartition("/")[2]): name for name in reversed(self.names())}
            self._spellings |= {plain_spelling(name): name for name in self.names()}
        return self._spellings.get(plain_spelling(spelling))

    def __getitem__(self, spelling: str) -> T:
        """Object of a name or of another spelling of it.

        Raises
        ------
        UnknownNameError
            If there is none; names the nearest.
        """
        name = self._name(spelling) if isinstance(spelling, str) else None
        if name is None:
            near = did_you_mean(spelling, self.names()) if isinstance(spelling, str) else ""
            plural = "hardware" if self.word == "hardware" else f"{self.word}s"
            raise UnknownNameError(f"Unknown {self.word} {shown(spelling)}.{near} See {plural}.names().")
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def __contains__(self, spelling: object) -> bool:
        """Whether a spelling is known, without loading what it stands for."""
        return isinstance(spelling, str) and self._name(spelling) is not None

    def __iter__(self) -> Iterator[str]:
        """Names."""
        return iter(self.names())

    def __len__(self) -> int:
        """Count of names."""
        return len(self.names())

    def __repr__(self) -> str:
        """One line."""
        return f"<{len(self)} {self.word} names: {', '.join(self.names()[:3])}, …>"
