"""What the README says is printed is printed, and its commands are accepted."""

from __future__ import annotations

import ast
import re
import shlex

from llm_roofline import hardware, models
from llm_roofline.cli.arguments import parser
from tests.checkout import REPOSITORY

TEXT = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))


def stated(line: str) -> object:
    """Value that a comment states; None where it is prose."""
    try:
        return ast.literal_eval(line.partition("  # ")[2].strip())
    except (SyntaxError, ValueError):
        return None


def test_every_value_beside_a_line_of_python_is_what_the_line_gives():
    namespace: dict[str, object] = {}
    compared = 0
    for line in BLOCKS["python"].splitlines():
        if (expected := stated(line)) is None:
            exec(line, namespace)  # noqa: S102 - the README is ours
            continue
        assert eval(line, namespace) == expected, line  # noqa: S307 - the README is ours
        compared += 1
    assert compared >= 5


def test_the_session_of_the_readme_is_ten_lines_or_so():
    assert len([line for line in BLOCKS["python"].splitlines() if line]) <= 12


def test_the_commands_of_the_readme_name_what_exists():
    commands = [shlex.split(line) for line in TEXT.splitlines() if line.startswith("llm-viewer ")]
    assert commands
    assert ["llm-viewer", "check", "notebook.ipynb"] in commands
    for command in commands:
        if command[1] == "check":
            continue
        asked = parser().parse_args(command[1:])
        assert asked.hardware in hardware
        assert asked.model in models or asked.model.endswith("config.json")


def test_the_readme_is_one_screen_of_prose():
    assert len(TEXT.splitlines()) <= 70
