"""The two builds, the citation and the registry's page agree with one another."""

from __future__ import annotations

import re
from itertools import chain

import pytest
import yaml

import llm_roofline
import llm_viewer_widgets
from tests.checkout import REPOSITORY
from tests.packaging.distributions import metadata

BOARD, CORE = metadata("."), metadata("core")
PUBLISHED = metadata(".", REPOSITORY="https://example.org/it")


def read(path):
    return (REPOSITORY / path).read_text(encoding="utf-8")


def test_both_packages_tell_the_version_of_the_distribution():
    assert llm_viewer_widgets.__version__ == llm_roofline.__version__ == BOARD["version"]


def test_the_core_is_the_same_distribution_under_a_label_so_that_pip_replaces_one_with_the_other():
    assert CORE["name"] == BOARD["name"]
    assert CORE["version"] == f"{BOARD['version']}+core"


def test_the_core_needs_numpy_alone():
    assert [re.match(r"[\w-]+", line)[0] for line in CORE["install_requires"]] == ["numpy"]


def test_the_core_asks_for_the_versions_that_the_board_asks_for():
    board = {*BOARD["install_requires"], *chain(*BOARD["extras_require"].values())}
    assert {*CORE["install_requires"], *chain(*CORE["extras_require"].values())} <= board


@pytest.mark.parametrize(
    "argument", ["author", "entry_points", "license_expression", "license_files", "python_requires"]
)
def test_the_builds_say_the_same_of(argument):
    assert CORE[argument] == BOARD[argument]


def test_the_core_has_the_files_of_data_that_the_board_has():
    assert CORE["package_data"]["llm_roofline"] == BOARD["package_data"]["llm_roofline"]


def test_the_licences_are_one():
    assert read("core/LICENSE") == read("LICENSE")


@pytest.mark.parametrize("build", [BOARD, PUBLISHED], ids=["no address", "an address"])
def test_no_link_of_the_page_on_a_registry_leads_nowhere(build):
    page = build["long_description"]
    assert re.findall(r"\]\((?!https?://)|(?:src|srcset)=\"(?!https?://)", page) == []
    assert "The quickstart" in page


def test_with_an_address_the_page_leads_into_the_repository():
    page, version = PUBLISHED["long_description"], PUBLISHED["version"]
    assert f"](https://example.org/it/blob/v{version}/GLOSSARY.md)" in page
    assert f'src="https://example.org/it/raw/v{version}/docs/board-light.png"' in page
    assert PUBLISHED["project_urls"] == {"Source": "https://example.org/it"}


def test_the_citation_names_this_version_and_the_survey():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= citation.keys()
    assert citation["title"] == BOARD["name"]
    assert citation["version"] == BOARD["version"]
    assert citation["license"] == BOARD["license_expression"]
    assert [entry["value"] for entry in citation["references"][0]["identifiers"]] == ["arXiv:2402.16363"]


def test_entries_of_the_changelog_have_a_kind_that_it_knows():
    kinds = {"added", "changed", "deprecated", "removed", "fixed", "security"}
    entries = [path.name for path in (REPOSITORY / "changelog.d").iterdir() if path.name != "README.md"]
    assert [name for name in entries if not re.fullmatch(rf"\+[\w-]+\.({'|'.join(kinds)})\.md", name)] == []
