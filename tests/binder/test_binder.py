"""Binder without Docker: an environment from binder/ alone, in which the quickstart runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import REPOSITORY, project_files

pytestmark = [pytest.mark.binder, pytest.mark.slow, pytest.mark.xdist_group("binder")]  # one environment for all

QUICKSTART = Path("notebooks") / "00-quickstart.ipynb"
WIDGET = "application/vnd.jupyter.widget-view+json"


def binder_python() -> str:
    """The Python that Binder will use where this machine has it, else the one that runs the tests."""
    version = (REPOSITORY / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    path = shutil.which(f"python{version}")
    if path and subprocess.run([path, "-c", "import ensurepip"], capture_output=True, check=False).returncode == 0:
        return path
    return sys.executable


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A copy of the repository, and a function that runs a command there in the environment that binder/ describes."""
    folder = tmp_path_factory.mktemp("binder")
    repository, environment = folder / "repository", folder / "environment"
    for path in project_files():
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / path, repository / path)

    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "PYTHONPATH", "VIRTUAL"))
    }
    variables = {
        **inherited,
        "PATH": os.pathsep.join([str(environment / "bin"), os.environ["PATH"]]),
        **{f"JUPYTER_{kind}_DIR": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")},
        "IPYTHONDIR": str(folder / "ipython"),
    }

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=repository, env=variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    run(binder_python(), "-m", "venv", str(environment))
    run("pip", "install", "--quiet", "--no-cache-dir", "-r", "binder/requirements.txt")
    run("./binder/postBuild")
    return repository, environment, run


def test_the_pins_contradict_nothing(image):
    _, _, run = image
    run("pip", "check")


def test_the_project_is_installed_and_not_merely_lying_beside_the_notebook(image):
    _, environment, run = image
    where = run(
        "python", "-I", "-c", "import llm_roofline as a, llm_viewer_widgets as b; print(a.__file__, b.__file__)"
    )
    assert all(Path(path).is_relative_to(environment) for path in where.split())


def test_widget_state_will_be_saved_and_no_news_asked_for(image):
    _, environment, _ = image
    installed = environment / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    settings = json.loads(installed.read_text(encoding="utf-8"))
    assert settings["@jupyter-widgets/jupyterlab-manager:plugin"]["saveState"] is True
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_the_quickstart_runs_and_shows_a_widget(image):
    repository, _, run = image
    run("jupyter", "nbconvert", "--to", "notebook", "--execute", "--output", "executed", str(QUICKSTART))
    executed = json.loads((repository / "notebooks" / "executed.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in executed["cells"] for output in cell.get("outputs", [])]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert any(WIDGET in output.get("data", {}) for output in outputs)
