"""Modules of the page as anywidget takes them: one text without imports, since there is no build step.

Sources import by name, ``import { element } from "../browser/dom.js";``, as linters and tests read it.
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{(?P<names>[^{}]*)\} from "(?P<path>\.[^"]*)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (?P<name>[\w$]+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import\b|export (?!default\b)).*", re.MULTILINE)


def module(path: Path) -> str:
    """Text of a module with those that it imports before it, each once.

    Parameters
    ----------
    path : Path
        The file of the module.

    Returns
    -------
    str
        One module without imports, which exports what the file exports by default.

    Raises
    ------
    ImportError
        If it imports a file or a name that does not exist, or in another form than names from a relative path.
    """
    texts: dict[Path, str] = {}
    _collect(path.resolve(), texts)
    return "\n".join(texts.values())


def _collect(path: Path, texts: dict[Path, str]) -> frozenset[str]:
    """Put the texts of a module and of what it imports behind those that are there, and return what it exports."""
    source = path.read_text(encoding="utf-8")
    exported = frozenset(match["name"] for match in _EXPORT.finditer(source))
    if path in texts:
        return exported
    for match in _IMPORT.finditer(source):
        imported = (path.parent / match["path"]).resolve()
        if not imported.is_file():
            raise ImportError(f"{path.name} imports {match['path']}, which does not exist.")
        offered = _collect(imported, texts)
        for name in filter(None, (name.strip() for name in match["names"].split(","))):
            if name not in offered:
                raise ImportError(
                    f"{path.name} imports {name!r}; {imported.name} exports {', '.join(sorted(offered))}."
                )
    text = _EXPORT.sub("", _IMPORT.sub("", source))
    if other := _OTHER.search(text):
        raise ImportError(f"{path.name}: {other[0]!r} is no import of names from a relative path.")
    texts[path] = text
    return exported
