"""What setup.py and core/setup.py hand to setuptools, without a build."""

from __future__ import annotations

import re
import sys
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from tests.checkout import REPOSITORY


def metadata(folder: str, **constants: str) -> dict[str, Any]:
    """Arguments of the call of ``setup`` in a folder's setup.py; constants that it is to have instead of its own."""
    arguments: dict[str, Any] = {}
    setuptools = SimpleNamespace(setup=arguments.update, find_packages=lambda *_, **__: [])
    file = REPOSITORY / folder / "setup.py"
    source = file.read_text(encoding="utf-8")
    for name, value in constants.items():
        source, changed = re.subn(rf"^{name} = .*$", f"{name} = {value!r}", source, flags=re.MULTILINE)
        assert changed == 1, f"{file} has no constant {name}"
    with patch.dict(sys.modules, setuptools=setuptools):
        exec(compile(source, file, "exec"), {"__file__": str(file)})  # noqa: S102 - the file is ours
    return arguments
