"""`Lab`: a notebook in a real JupyterLab, driven by a test.

Waits on conditions and never sleeps. What it asks of the page is in ``lab.js``; the server is in ``server.py``. A
condition that takes a promise is evaluated: ``wait_for_function`` takes the promise itself for true.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbformat import NotebookNode
    from playwright.sync_api import ConsoleMessage, Locator, Page

    from .server import LabServer

SCRIPT = Path(__file__).with_name("lab.js")
HEIGHT = 1000  # px
STILL = 400  # ms without a change before a picture: longer than the 300 ms that bqplot waits after a resize
LOOKS = tuple((width, f"JupyterLab {theme}") for width in (1200, 700) for theme in ("Light", "Dark"))  # px, themes
PICTURES = 8  # captures before two have to agree

# Console errors that are not ours, each with its reason.
ALLOWED_ERRORS: dict[str, str] = {}

_serial = itertools.count()


class Lab:
    """One page on one server; a test opens as many notebooks in it as it likes, one after the other.

    Attributes
    ----------
    page : playwright.sync_api.Page
        The page, for whatever the methods do not offer.
    server : LabServer
        The server; ``server.root`` is the folder of the notebooks.
    """

    def __init__(self, page: Page, server: LabServer) -> None:
        self.page, self.server = page, server
        self._errors: list[str] = []
        self._set = False  # whether a setting was changed
        page.on("console", self._note)
        page.on("pageerror", self._note_exception)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _note_exception(self, error: Exception) -> None:
        self._errors.append(f"uncaught: {error}")

    # -- notebooks ----------------------------------------------------------------------------------------------------

    def write_notebook(self, name: str, cells: Sequence[str | NotebookNode]) -> Path:
        """Write ``name.ipynb``; a string is a code cell, anything else a cell made by ``nbformat.v4``."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        )
        path = self.server.root / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    def copy_notebook(self, source: Path) -> str:
        """Copy a notebook of the project among those that the server shows, and return its name."""
        shutil.copy(source, self.server.root)
        return source.stem

    def open(self, name: str, *, run: bool = True, reload: bool = False) -> None:
        """Open ``name.ipynb`` alone, wait for its kernel and run all cells unless told not to.

        JupyterLab stays, since loading it takes as long as all the rest, but comes anew where it may not be as it was,
        and where a test is about that.
        """
        self._errors.clear()
        if not reload and self.page.evaluate("window.harness?.stays()"):
            self.page.evaluate("path => window.harness.open(path)", f"{name}.ipynb")
            self.set_theme("JupyterLab Light")
        else:
            place = f"lab/workspaces/test-{next(_serial)}/tree/{name}.ipynb"
            self.page.goto(f"{self.server.url}/{place}?token={self.server.token}")
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.page.wait_for_function("path => window.harness.path() === path", arg=f"{name}.ipynb")
        self.page.evaluate("window.harness.foldSideBars()")
        self.page.wait_for_function("window.harness.ready()")
        if run:
            self.run_all()

    def run_all(self, *, allow_errors: bool = False) -> None:
        """Run every cell and wait until the kernel is done; a cell that raised fails the test unless allowed."""
        self.command("notebook:run-all-cells")
        self.wait_idle()
        errors = [] if allow_errors else self.page.evaluate("window.harness.errors()")
        assert not errors, _plain("\n".join(errors))

    def wait_idle(self) -> None:
        """Wait until the kernel has finished everything that the page asked of it, slider moves included."""
        self.page.evaluate("window.harness.idle()")

    def kernel(self, code: str) -> str:
        """What the code prints, or its last value's repr, run in the notebook's own kernel; errors fail the test."""
        answer = self.page.evaluate("code => window.harness.execute(code)", code)
        assert answer["error"] is None, _plain(answer["error"])
        return str(answer["text"]).strip()

    def restart(self) -> None:
        """Restart the kernel; the page stays as it is."""
        self.page.evaluate("window.harness.restart()")
        self.page.wait_for_function("window.harness.ready()")
        self.wait_idle()  # JupyterLab's debugger asks the new kernel, and logs an error where the page leaves before

    def save(self) -> NotebookNode:
        """Save the notebook and return what is on the disk now."""
        self.wait_idle()
        self.command("docmanager:save")
        return nbformat.read(self.server.root / self.page.evaluate("window.harness.path()"), as_version=4)

    def command(self, name: str, **arguments: Any) -> None:
        """Run a command of JupyterLab and wait for its promise."""
        self.page.evaluate("([name, args]) => window.harness.run(name, args).then(() => null)", [name, arguments])

    # -- looks --------------------------------------------------------------------------------------------------------

    def cell(self, index: int) -> Locator:
        """The cell at an index, from 0."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def output(self, index: int) -> Locator:
        """The whole output area of the code cell at an index, from 0."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def set_theme(self, theme: str) -> None:
        """Choose ``"JupyterLab Light"`` or ``"JupyterLab Dark"`` and wait until it shows."""
        self.command("apputils:change-theme", theme=theme)
        self.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)

    def set_width(self, width: int) -> None:
        """Make the notebook's outputs this wide, to a pixel or two, by resizing the window."""
        self.wait_still(STILL)
        for _ in range(3):  # the notebook's margins change a little with the window
            size = self.page.viewport_size or {"width": width, "height": HEIGHT}
            missing = round(width - self.page.evaluate("window.harness.outputWidth()"))
            if missing == 0:
                return
            self.page.set_viewport_size({"width": size["width"] + missing, "height": size["height"]})
            self.wait_still(STILL)
        assert abs(self.page.evaluate("window.harness.outputWidth()") - width) <= 2, "the output did not take the width"

    def screenshot_cell(self, index: int, path: Path) -> bytes:
        """Write and return a picture of a code cell's first output, without its prompt."""
        return self.screenshot(self.output(index).locator(".jp-OutputArea-output").first, path)

    def screenshot(self, target: Locator, path: Path) -> bytes:
        """Write and return a picture of any element, whole, taken when two captures agree."""
        self.wait_idle()
        self._make_room(target)
        self.page.mouse.move(0, 0)
        before = b""
        for _ in range(PICTURES):
            self.wait_still(STILL)
            picture = target.screenshot(animations="disabled", caret="hide")
            if picture == before:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(picture)
                return picture
            before = picture
        raise AssertionError(f"no two of {PICTURES} pictures agree: the page does not come to rest")

    def _make_room(self, target: Locator) -> None:
        """Make the window high enough: the notebook scrolls inside the page, and what is scrolled away is cut off."""
        target.scroll_into_view_if_needed()
        box, size = target.bounding_box(), self.page.viewport_size
        if box and size and box["height"] + 200 > size["height"]:
            self.page.set_viewport_size({"width": size["width"], "height": round(box["height"]) + 200})
            self.wait_still(STILL)
            target.scroll_into_view_if_needed()

    def wait_still(self, quiet: int) -> None:
        """Wait until nothing has changed in the notebook for a while [ms]."""
        self.page.evaluate("quiet => window.harness.still(quiet)", quiet)

    # -- what went wrong, and the end ---------------------------------------------------------------------------------

    def console_errors(self) -> list[str]:
        """Console errors and uncaught exceptions since the notebook was opened, less those that are not ours."""
        return [error for error in self._errors if not any(known in error for known in ALLOWED_ERRORS)]

    def forget_errors(self) -> None:
        """Drop the errors seen so far, where a test provoked them."""
        self._errors.clear()

    def change_setting(self, plugin: str, **values: Any) -> None:
        """Set a plugin's settings for the notebooks opened from now on in this test."""
        self._leave()
        self._set = True
        self.server.api("PUT", f"lab/api/settings/{plugin}", {"raw": json.dumps(values)})

    def _leave(self) -> None:
        """Let JupyterLab come anew for the next notebook."""
        self.page.goto("about:blank")

    def close(self) -> None:
        """Close all notebooks, end all kernels, and take away notebooks and settings."""
        if self._errors or self._set or not self.page.evaluate("window.harness?.stays()"):
            self._leave()
        else:
            self.page.evaluate("window.harness.closeAll()")
        self.page.remove_listener("console", self._note)
        self.page.remove_listener("pageerror", self._note_exception)
        self.server.clear()


def _plain(text: str) -> str:
    """A traceback without its terminal colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
