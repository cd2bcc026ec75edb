"""Which rule is for which module: names are looked up, patterns with ``*`` are tried."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from fnmatch import translate
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from ..checkpoint import PREDICTOR
from .modules import ONE
from .place import ABSENT, MOST_BEYOND, TEXT, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .modules import Module
    from .statement import Rule

MOST_TRIED = 3_000_000  # pairs of a pattern with wildcards and a name
_IS_NORM = re.compile(r"norm(?:\.(?:weight|bias))?$")  # no quantiser has a norm's weights
_NUMBER = re.compile(r"model\.layers\.(\d+)")
_EXPERT = re.compile(r"(?P<before>(?:.*\.)?experts\.)(?P<number>\d+)(?P<behind>(?:\..*)?)")


class _Hit(NamedTuple):
    """A name that a rule states."""

    rule: int
    text: str


Named = dict[str, list[_Hit]]
Tried = list[tuple["Callable[[str], object]", _Hit]]


class RuleMatcher:
    """Rules by where they point, for one stack.

    Parameters
    ----------
    rules : sequence of Rule
        In the order of their precedence.
    stack : str
        ``"vision"``, ``"encoder"``, ``"text"`` or ``"predictor"``.
    layers : int
        Layers of the stack [1].
    is_behind : bool
        It is numbered behind the text, whose names are its own then.

    Attributes
    ----------
    matched : set of str
        The texts that were found to name a module, or need not.
    """

    def __init__(self, rules: Sequence[Rule], stack: str, layers: int, *, is_behind: bool = False) -> None:
        self.matched: set[str] = set()
        self._anywhere: Named = defaultdict(list)
        self._in_layer: dict[str, dict[int, list[_Hit]]] = defaultdict(lambda: defaultdict(list))
        self._experts: dict[int | None, dict[str, dict[int, _Hit]]] = defaultdict(lambda: defaultdict(dict))
        self._wild: Tried = []
        self._wild_in_layer: dict[int, Tried] = defaultdict(list)
        self._numbered: Tried = []
        self._tried, self._layers = 0, layers
        for number, rule in enumerate(rules):
            for name, text in rule.names:
                place = Place.of(name)
                if _is_for(place, stack, is_behind=is_behind):
                    self._add(place, _Hit(number, text))
                elif place.stack == "aside":
                    self.matched.add(text)

    def _add(self, place: Place, hit: _Hit) -> None:
        beyond = place.layer if place.layer is not None else _first_layer(place)
        if self._layers <= beyond < self._layers + MOST_BEYOND:
            self.matched.add(hit.text)
        if ABSENT.intersection(re.findall(r"\w+", hit.text)) or _IS_NORM.search(hit.text):
            self.matched.add(hit.text)
        if place.is_wild:
            tried = (_pattern(place.name), hit)
            if place.layer is not None:
                self._wild_in_layer[place.layer].append(tried)
            else:
                (self._numbered if place.is_numbered else self._wild).append(tried)
        elif match := _EXPERT.fullmatch(place.name):
            name = f"{match['before']}{ONE}{match['behind']}"
            self._experts[place.layer][name].setdefault(int(match["number"][:9]), hit)
        elif place.layer is not None:
            self._in_layer[place.name][place.layer].append(hit)
        else:
            self._anywhere[place.name].append(hit)

    def rules_of(self, module: Module) -> Counter[int | None]:
        """The rules of a module, None for the default, each with the layers that it is for, or the share of one [1].

        Parameters
        ----------
        module : Module
            The module.

        Raises
        ------
        ValueError
            If too many names would have to be tried.
        """
        everywhere = list(self._everywhere(module))
        self.matched.update(hit.text for hit in everywhere)
        usual = min((hit.rule for hit in everywhere), default=None)
        inner = {"", *(beginning for name in module.names for beginning in _beginnings(name))}
        named = self._named(inner)
        layers = module.layers or (None,)
        stated = [layer for layer in layers if layer in named or self._concerns(layer)]
        found = Counter[int | None]({usual: len(layers) - len(stated)})
        for layer in stated:
            hits = [*everywhere, *named.get(layer, ()), *self._tried_in(module, layer)]
            self.matched.update(hit.text for hit in hits)
            rule = min((hit.rule for hit in hits), default=None)
            single = self._of_experts(module, layer, rule, inner)
            found.update(single)
            found[rule] += 1 - sum(single.values())
        return +found  # those that any layer has

    def _named(self, inner: set[str]) -> dict[int | None, list[_Hit]]:
        """What names a module, or one that it lies in, in a layer, by the layer."""
        hits: dict[int | None, list[_Hit]] = defaultdict(list)
        for name in self._in_layer.keys() & inner:
            for layer, own in self._in_layer[name].items():
                hits[layer] += own
        return hits

    def _concerns(self, layer: int | None) -> bool:
        """Whether a pattern is to be tried in a layer, or something stated for its experts."""
        in_layer = layer in self._wild_in_layer or layer in self._experts
        return in_layer or bool(self._numbered) or None in self._experts

    def _everywhere(self, module: Module) -> Iterator[_Hit]:
        for run in {run for name in module.names for run in _runs(name)} if self._anywhere else ():
            yield from self._anywhere.get(run, ())
        if "" in self._anywhere:
            yield from self._anywhere[""]
        if self._wild:
            yield from self._tries(self._wild, [_whole(name, ONE if module.layers else None) for name in module.names])

    def _tried_in(self, module: Module, layer: int | None) -> Iterator[_Hit]:
        if self._numbered:
            yield from self._tries(self._numbered, [_whole(name, layer) for name in module.names])
        if layer is not None:
            yield from self._tries(self._wild_in_layer.get(layer, []), module.names)

    def _of_experts(self, module: Module, layer: int | None, rule: int | None, inner: set[str]) -> Counter[int | None]:
        """Shares of a layer's experts that rules of their own are for, where these come before the module's."""
        found: dict[int, _Hit] = {}
        for place in {layer, None}:
            if place not in self._experts:
                continue
            stated = self._experts[place]
            for name in stated.keys() & inner:
                for number, hit in stated[name].items():
                    if number < module.matrices and (number not in found or hit.rule < found[number].rule):
                        found[number] = hit
        self.matched.update(hit.text for hit in found.values())
        shares = Counter[int | None]()
        for hit in found.values():
            if rule is None or hit.rule < rule:
                shares[hit.rule] += 1 / module.matrices  # type: ignore[assignment]  # a share
        return shares

    def _tries(self, patterns: Tried, names: Iterable[str]) -> Iterator[_Hit]:
        names = list(names) if patterns else []
        self._tried += len(patterns) * len(names)
        if self._tried > MOST_TRIED:
            raise ValueError("more names with wildcards than are tried; name modules in full")
        for match, hit in patterns:
            if any(match(name) for name in names):
                yield hit


def _is_for(place: Place, stack: str, *, is_behind: bool) -> bool:
    """Whether a pattern is for a stack; layers that predict have the names of the text where they stand behind it."""
    if stack != PREDICTOR or place.stack == stack:
        return place.stack in ("", stack)
    if is_behind:
        return place.stack in ("", "text")
    return place.stack == "" and place.layer is None and not place.name.startswith(TEXT)


def _first_layer(place: Place) -> int:
    """The number that a pattern such as ``model.layers.61*`` begins with; -1 where it has none."""
    found = _NUMBER.match(place.name) if place.is_numbered else None
    return int(found[1][:9]) if found else -1


def _pattern(name: str) -> Callable[[str], object]:
    """Whether a name, or one that it lies in, fits a pattern; of a pattern only ``*``, ``?`` and classes are run."""
    own, inside = re.compile(translate(name)).match, re.compile(translate(f"{name}.*")).match
    return lambda text: own(text) or inside(text)


def _whole(name: str, layer: int | str | None) -> str:
    return f"model.{name}" if layer is None else f"model.layers.{layer}.{name}"


def _beginnings(name: str) -> Iterator[str]:
    return accumulate(name.split("."), "{}.{}".format)


def _runs(name: str) -> Iterator[str]:
    """Every name that lies in a name between two dots."""
    parts = name.split(".")
    for start in range(len(parts)):
        yield from accumulate(parts[start:], "{}.{}".format)
