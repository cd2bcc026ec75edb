"""The board's wheel, in an empty environment."""

from __future__ import annotations

import pytest

from llm_roofline import __version__
from tests.packaging.environments import Environment, wheel

pytestmark = [pytest.mark.smoke, pytest.mark.slow]

LLAMA = ("llama-3.1-8b", "h100-sxm")


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    built = wheel("dist")
    fresh = Environment.new(tmp_path_factory.mktemp("board") / "environment")
    fresh.install(built)
    return fresh


def test_nothing_that_it_asks_for_is_missing(environment):
    assert environment.said("python", "-m", "pip", "check") == "No broken requirements found.\n"


@pytest.mark.parametrize("package", ["llm_roofline", "llm_viewer_widgets"])
def test_a_package_tells_the_version(environment, package):
    assert environment.said("python", "-c", f"import {package}; print({package}.__version__)") == f"{__version__}\n"


def test_the_board_is_made_so_that_data_scripts_and_styles_are_there(environment):
    code = f"from llm_viewer_widgets import LLMViewer; print(LLMViewer{LLAMA}.estimate.decode.bound)"
    assert environment.said("python", "-W", "ignore", "-c", code) == "memory\n"


@pytest.mark.parametrize("arguments", [LLAMA, ("--list-hardware",), ("--list-models",), ("--version",)])
def test_the_command_answers(environment, arguments):
    assert environment.said("llm-viewer", *arguments)


def test_the_command_refuses_with_its_exit_code(environment):
    refused = environment.run("llm-viewer", LLAMA[0], "h10")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("llm-viewer: Unknown hardware 'h10'. Did you mean 'h100")
