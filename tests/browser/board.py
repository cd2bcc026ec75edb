"""`Board`: one LLMViewer in a notebook, as a person sees and uses it.

What it measures in the page is in ``board.js``; the notebook around it is `Lab`'s.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from .lab import Lab

MEASURES = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").rstrip(";\n")  # an expression
CELL = "from llm_viewer_widgets import LLMViewer\nv = LLMViewer({arguments})\nv"
HIGH = 2400  # px, room for a whole board of 700 px with the detail of an operator
QUIET = 100  # ms without a change after which bqplot has drawn what the kernel sent


class Board:
    """The board of an output.

    Parameters
    ----------
    lab : Lab
        The notebook it is in.
    cell : int
        Index of its cell.
    place : int
        Which of the boards of that cell.
    name : str
        Its name in the kernel.
    """

    def __init__(self, lab: Lab, cell: int = 0, place: int = 0, name: str = "v") -> None:
        self.lab, self.name = lab, name
        self.root: Locator = lab.output(cell).locator(".llmv").nth(place)
        self.root.locator(".llmv-roofline .dot").first.wait_for()
        self.root.locator(".llmv-table tbody tr").first.wait_for(state="attached")
        self.settle()

    @classmethod
    def open(cls, lab: Lab, arguments: str = "'llama-3.1-8b', 'h100-sxm', batch_size=8") -> Board:
        """Open a notebook with one board."""
        lab.write_notebook("board", [CELL.format(arguments=arguments)])
        lab.open("board")
        return cls(lab)

    def settle(self) -> None:
        """Wait until the kernel is idle and everything that it sent is drawn."""
        self.lab.wait_idle()
        self.lab.wait_still(QUIET)

    def open_tab(self, name: str) -> None:
        """Open a tab by a click on its name, unless it is open."""
        tab = self.find(f".llmv-tabs [data-name='{name}']")
        if tab.get_attribute("aria-selected") == "false":
            tab.click()
            self.settle()

    def set_width(self, width: int) -> None:
        """Give the board a width, in a window so high that all of it shows: bqplot lays out what is seen."""
        size = self.lab.page.viewport_size or {"width": width}
        self.lab.page.set_viewport_size({"width": size["width"], "height": HIGH})
        self.lab.set_width(width)

    def measure(self, what: str, *arguments: Any) -> Any:
        """Answer of a function of ``board.js``."""
        call = f"(root, rest) => ({MEASURES}).{what}(root, ...rest)"
        return self.root.evaluate(call, list(arguments))

    def update(self, **fields: Any) -> None:
        """Change traits in the kernel and wait until the change is drawn."""
        self.lab.kernel(f"{self.name}.update(**{fields!r})")
        self.settle()

    def get(self, expression: str) -> Any:
        """Value of an expression in the kernel that JSON can carry; the board is `v` there."""
        return json.loads(self.lab.kernel(f"import json; print(json.dumps((lambda v: {expression})({self.name})))"))

    def find(self, selector: str, **more: Any) -> Locator:
        """Elements of the board."""
        return self.root.locator(selector, **more)

    def row(self, name: str) -> Locator:
        """Row of an operator, in its tab."""
        self.open_tab("operators")
        return self.find(f".llmv-table tr[data-name='{name}']")

    def number(self, place: int) -> Locator:
        """Field beside a slider, where any number may be typed."""
        return self.root.get_by_role("spinbutton").nth(place)

    def choose(self, label: str, search: str) -> None:
        """Find a name in a list by typing, and choose the first one found."""
        self.root.get_by_role("combobox", name=label).fill(search)
        self.lab.page.keyboard.press("Enter")
        self.settle()

    def type_count(self, place: int, value: int) -> None:
        """Type a number beside a slider: batch size (0), prompt (1) or output tokens (2)."""
        self.number(place).fill(str(value))
        self.lab.page.keyboard.press("Enter")
        self.settle()

    def expect_selected(self, name: str | None) -> None:
        """Assert that kernel, row, ring and segments agree on the selected operator."""
        self.settle()
        assert self.get("v.selected") == name
        rows = self.find(".llmv-table tr[aria-selected=true]").evaluate_all("rows => rows.map(r => r.dataset.name)")
        assert rows == ([] if name is None else [name])
        bars = len(self.measure("bars"))
        phases = bars // len(self.measure("rows"))
        assert self.measure("faded") == (0 if name is None else bars - phases)
        if name is None:
            assert self.measure("rings") == 0
        elif self.get(f"float(v.estimate.decode.operators[{name!r}].flops)"):
            assert self.measure("rings") == phases
