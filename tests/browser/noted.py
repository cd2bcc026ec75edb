"""`Notes`: the findings of a board and their cells, as a person sees and uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from playwright.sync_api import Locator

    from .board import Board


class Notes:
    """The panel of findings of a board, open.

    Parameters
    ----------
    board : Board
        The board.
    """

    def __init__(self, board: Board) -> None:
        self.board, self.page = board, board.lab.page
        self.root: Locator = board.find(".llmv-notes")
        self.open()
        self.root.locator(".llmv-measures label").first.wait_for()

    def open(self) -> None:
        """Let their tab be seen."""
        self.board.open_tab("findings")

    def write(self, text: str, *, condition: str = "", pin: str | None = None) -> None:
        """Write a finding and wait until it is in the list and in the notebook."""
        self.open()
        before = self.root.locator("li").count()
        if pin:
            self.root.get_by_label("pinned to").select_option(pin)
        self.root.get_by_label("finding", exact=True).fill(text)
        self.root.get_by_label("holds while").fill(condition)
        self.root.get_by_role("button", name="Add finding").click()
        self.page.wait_for_function(
            "([root, count]) => root.querySelectorAll('li').length === count",
            arg=[self.root.element_handle(), before + 1],
        )
        self.settle()

    def settle(self) -> None:
        """Wait until kernel and notebook agree: a change of the notebook is told after a moment."""
        self.board.settle()
        self.page.evaluate("window.harness.told()")
        self.board.settle()

    def line(self, number: int) -> Locator:
        """The finding of a number in the list."""
        return self.root.locator("li").nth(number - 1)

    def act(self, name: str, number: int) -> None:
        """Press a button of a finding."""
        self.open()
        self.root.get_by_role("button", name=f"{name} finding {number}", exact=True).click()
        self.settle()

    def said(self) -> list[str]:
        """Texts of the list in the kernel."""
        return self.board.get("[f.text for f in v.findings]")

    def cells(self) -> list[NotebookNode]:
        """Cells of the notebook that hold findings, as they are on the disk once it is saved."""
        return [cell for cell in self.board.lab.save().cells if "finding" in cell.metadata.get("llm_viewer", {})]

    def type_into_cell(self, index: int, line: str, more: str) -> None:
        """Type at the end of a line of a Markdown cell, and leave its editor."""
        cell = self.board.lab.cell(index)
        cell.locator(".jp-MarkdownOutput").dblclick()
        cell.locator(".cm-line", has_text=line).first.click()
        self.page.keyboard.press("End")
        self.page.keyboard.type(more)
        self.settle()
        self.page.keyboard.press("Shift+Enter")
        self.settle()

    def delete_cell(self, index: int) -> None:
        """Delete a cell with the notebook's own keys."""
        self.board.lab.cell(index).locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Escape")
        self.page.keyboard.type("dd")
        self.settle()
