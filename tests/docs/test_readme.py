"""What the README and CONTRIBUTING show can be done as shown."""

import re
from pathlib import Path

import pytest

from tests.checkout import REPOSITORY

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
TARGETS = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
PAGES = [name for name in ("README.md", "CONTRIBUTING.md") if (REPOSITORY / name).exists()]


def test_the_python_of_the_readme_runs_from_top_to_bottom(tmp_path, monkeypatch):
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    assert blocks
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": "readme"}
    for block in blocks:
        padding = "\n" * text[: block.start(1)].count("\n")  # so that a traceback names the README's own line
        exec(compile(padding + block[1], "README.md", "exec"), namespace)  # noqa: S102 - the README is ours


@pytest.mark.parametrize("page", PAGES)
def test_the_make_commands_of_a_page_exist(page):
    shown = set(re.findall(r"(?:^|`)make ([a-z]+)", (REPOSITORY / page).read_text(encoding="utf-8"), re.MULTILINE))
    assert shown <= TARGETS


@pytest.mark.parametrize("page", PAGES)
def test_the_links_of_a_page_into_the_repository_lead_somewhere(page):
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not (REPOSITORY / Path(link)).exists()] == []
