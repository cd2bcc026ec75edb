"""The import graph of a package, read from its files without running them.

An edge leads from a module to the one that defines what it imports: a name that a package's ``__init__`` only passes on
is followed to its file. Imports inside functions and under ``TYPE_CHECKING`` are edges like all others, since a reader
follows them too. Modules are named within their package: ``kernel.session``; the package itself is the empty name.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Package:
    """The modules of a package.

    Parameters
    ----------
    root : Path
        Its folder.
    name : str
        The name that it is imported by.
    """

    root: Path
    name: str

    @cached_property
    def files(self) -> dict[str, Path]:
        """The file of each module."""
        return {_module(path.relative_to(self.root)): path for path in sorted(self.root.rglob("*.py"))}

    @cached_property
    def graph(self) -> dict[str, set[str]]:
        """For each module those of the same package that it imports from."""
        return {
            module: {self._definer(source, name) for source, name, _ in self.imports(module)} - {module}
            for module in self.files
        }

    def imports(self, module: str) -> Iterator[tuple[str, str, str]]:
        """Module, name there (empty for the module itself) and name here of all that a module imports."""
        for node in statements(self._trees[module]):
            if isinstance(node, ast.ImportFrom):
                source = self._source(module, node)
                if source is not None:
                    yield from ((source, alias.name, alias.asname or alias.name) for alias in node.names)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    inside = self._inside(alias.name)
                    if inside is not None:
                        yield inside, "", alias.asname or alias.name

    @cached_property
    def _trees(self) -> dict[str, ast.Module]:
        return {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in self.files.items()}

    @cached_property
    def _passed_on(self) -> dict[str, dict[str, tuple[str, str]]]:
        """For each ``__init__`` where the names that it imports come from."""
        return {
            module: {here: (source, name) for source, name, here in self.imports(module)}
            for module, path in self.files.items()
            if path.name == "__init__.py"
        }

    def _source(self, module: str, node: ast.ImportFrom) -> str | None:
        """Module that a ``from`` names; None where it lies outside the package."""
        if not node.level:
            return self._inside(node.module or "")
        here = [part for part in module.split(".") if part]
        above = node.level - (self.files[module].name == "__init__.py")
        return ".".join([*here[: len(here) - above], *filter(None, [node.module])])

    def _inside(self, name: str) -> str | None:
        """Name within the package of an absolute one."""
        return None if name != self.name and not name.startswith(f"{self.name}.") else name[len(self.name) + 1 :]

    def _definer(self, module: str, name: str) -> str:
        """Module that defines a name which another offers."""
        inner = ".".join(filter(None, (module, name)))
        passed_on = self._passed_on.get(module, {}).get(name)
        if passed_on is not None and passed_on != (module, name):
            return self._definer(*passed_on)
        return inner if inner in self.files else module


def statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Every statement in a module, wherever it stands; what it says is left unread, which is most of a file."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, ast.expr):
            yield from statements(node)


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other, directly or through others."""
    reach = {module: _reachable(graph, module) for module in graph}
    groups = {tuple(sorted(other for other in reach[module] if module in reach[other])) for module in graph}
    return [list(group) for group in sorted(groups) if group]


def longest_path(graph: Mapping[str, set[str]]) -> list[str]:
    """The longest chain of imports, from the module on top to the one below all.

    Raises
    ------
    graphlib.CycleError
        If there is a circle.
    """
    chains: dict[str, list[str]] = {}
    for module in TopologicalSorter(graph).static_order():
        below = max((chains[other] for other in sorted(graph[module])), key=len, default=[])
        chains[module] = [module, *below]
    return max(chains.values(), key=len, default=[])


def upward(graph: Mapping[str, set[str]], rooms: Sequence[str]) -> list[str]:
    """Imports that lead from a room to one that does not stand before it, as ``module -> module``.

    Parameters
    ----------
    graph : mapping
        The graph.
    rooms : sequence of str
        Folders, or files that lie flat, in the order of imports.
    """
    floors = {room: floor for floor, room in enumerate(rooms)}
    return [
        f"{module} -> {other}"
        for module in sorted(graph)
        for other in sorted(graph[module])
        if room(module) != room(other) and floors[room(module)] <= floors[room(other)]
    ]


def room(module: str) -> str:
    """Folder of a module, or the module itself where it lies flat."""
    return module.partition(".")[0]


def _reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """Every module that one leads to; itself only through others."""
    reached: set[str] = set()
    pending = [start]
    while pending:
        further = graph[pending.pop()] - reached
        reached |= further
        pending.extend(further)
    return reached


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
