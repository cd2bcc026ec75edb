"""A JupyterLab server of its own for the browser tests: nothing of the user's is read or written.

Holds the process and its REST calls; knows nothing of browsers and may be used outside pytest (benchmarks do).
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 90
STOP_SECONDS = 20


@dataclass(frozen=True)
class LabServer:
    """A running server.

    Parameters
    ----------
    url : str
        Address without a slash at the end.
    token : str
        The secret that its REST calls and pages need.
    root : Path
        Folder whose notebooks it serves.
    """

    url: str
    token: str
    root: Path
    settings: Path

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Answer of one REST call, decoded."""
        request = urllib.request.Request(  # noqa: S310 - the address is our own server's
            f"{self.url}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - as above
            text = response.read()
        return json.loads(text) if text else None

    def shut_down_kernels(self) -> None:
        """End every session and its kernel."""
        for session in self.api("GET", "api/sessions"):
            self.api("DELETE", f"api/sessions/{session['id']}")
        for kernel in self.api("GET", "api/kernels"):
            self.api("DELETE", f"api/kernels/{kernel['id']}")

    def clear(self) -> None:
        """End every kernel and remove notebooks and changed settings: the server is as it was when it started."""
        self.shut_down_kernels()
        for folder in (self.root, self.settings):
            for entry in folder.iterdir() if folder.exists() else ():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


@contextmanager
def lab_server(folder: Path, overrides: Path = REPOSITORY / "binder" / "overrides.json") -> Iterator[LabServer]:
    """Run JupyterLab inside a folder, with the settings that `make lab` and Binder give it."""
    root, token, port = folder / "root", secrets.token_hex(16), _free_port()
    root.mkdir(parents=True)
    (folder / "app-settings").mkdir()
    shutil.copy(overrides, folder / "app-settings" / "overrides.json")
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        f"--ServerApp.root_dir={root}",
        f"--LabApp.app_settings_dir={folder / 'app-settings'}",
        # The tests run commands of the front end (run all, save) instead of guessing where a menu is.
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
    ]
    process = subprocess.Popen(
        command,
        cwd=root,
        env=_environment(folder, token),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    log = _Log(process)
    try:
        log.wait_for_address()
        yield LabServer(f"http://127.0.0.1:{port}", token, root, folder / "settings")
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


class _Log:
    """The server's log, read as it is written so that the pipe never fills."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process, self._lines, self._settled = process, list[str](), threading.Event()
        self._up = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for line in self._process.stderr or ():
            self._lines.append(line)
            if "/lab?token=" in line:
                self._up = True
                self._settled.set()
        self._settled.set()  # the process ended: whoever waits must not wait on

    def wait_for_address(self) -> None:
        self._settled.wait(START_SECONDS)
        if not self._up:
            raise RuntimeError(f"JupyterLab did not start within {START_SECONDS} s:\n{''.join(self._lines[-30:])}")

    def close(self) -> None:
        self._thread.join(STOP_SECONDS)
        if self._process.stderr:
            self._process.stderr.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path, token: str) -> dict[str, str]:
    """Environment of the server: its own Jupyter and IPython folders, and the checkout ahead of anything installed."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "JPY_", "IPYTHON"))
    }
    own = {
        name: str(folder / place)
        for name, place in {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }.items()
    }
    return {
        **inherited,
        **own,
        "JUPYTER_TOKEN": token,
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "core")]),
    }
