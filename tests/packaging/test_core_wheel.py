"""The core's wheel, in an environment with NumPy alone; and how the board's takes its place."""

from __future__ import annotations

import pytest

from llm_roofline import Scenario, __version__, evaluate, hardware, load_model
from tests.packaging.environments import Environment, wheel

pytestmark = [pytest.mark.smoke, pytest.mark.slow]

CODE = """
from llm_roofline import Scenario, evaluate, hardware, load_model
print(evaluate(Scenario(load_model("llama-3.1-8b"), hardware["h100-sxm"])).tpot)
"""


@pytest.fixture
def environment(tmp_path):
    built = wheel("dist/core")
    fresh = Environment.new(tmp_path / "environment")
    fresh.install(built)
    return fresh


def test_the_core_works_beside_numpy_alone_until_the_board_takes_its_place(environment):
    installed = environment.distributions()
    assert installed.keys() == {"llm-viewer-widgets", "numpy"}
    assert installed["llm-viewer-widgets"] == f"{__version__}+core"
    assert environment.said("python", "-m", "pip", "check") == "No broken requirements found.\n"

    expected = evaluate(Scenario(load_model("llama-3.1-8b"), hardware["h100-sxm"])).tpot
    assert float(environment.said("python", "-W", "error", "-c", CODE)) == expected

    without_rich = environment.run("llm-viewer", "llama-3.1-8b", "h100-sxm")
    assert (without_rich.returncode, without_rich.stdout) == (2, "")
    assert without_rich.stderr.count("\n") == 1
    assert "pip install rich" in without_rich.stderr

    environment.install(f"{wheel('dist/core')}[cli]")
    assert "TPOT" in environment.said("llm-viewer", "llama-3.1-8b", "h100-sxm")

    environment.install("--no-deps", wheel("dist"))
    assert environment.distributions()["llm-viewer-widgets"] == __version__
    owners = list(environment.folder.rglob("llm_viewer_widgets-*.dist-info"))
    assert [path.name for path in owners] == [f"llm_viewer_widgets-{__version__}.dist-info"]
