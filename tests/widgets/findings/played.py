"""A notebook that is played here, as the script of the bridge plays it in a browser."""

from __future__ import annotations

import json
from itertools import count

from llm_roofline.findings import Findings
from tests.widgets.recording import browser_sends


class Notebook:
    """Cells of a notebook with one board."""

    def __init__(self, bridge, recorder, page="page") -> None:
        self.bridge, self.recorder, self.page, self._ids = bridge, recorder, page, count()
        self.cells: list[list] = []  # identifier, finding, source, metadata
        self.asked: list[dict] = []
        self.others: list[Notebook] = []  # the other tabs on this notebook, which hear all that this one hears
        self.broken: set[str] = set()  # findings of which no step can be carried out

    def tell(self, **answer):
        told = [[cell, finding, source, json.dumps(metadata)] for cell, finding, source, metadata in self.cells]
        browser_sends(self.bridge, cells=told, page=self.page, **answer)
        self.hear()

    def hear(self):
        sent = [m.state for m in self.recorder.messages if m.comm == self.bridge.model_id and m.kind == "custom"]
        for each in (self, *self.others):
            each.asked.extend(sent)
        self.recorder.clear()

    def run(self):
        """Carry out what the kernel has asked for, as the script does, and tell after each what has come of it."""
        self.hear()
        while self.asked:
            self.carry_out()

    def carry_out(self):
        """Carry out the oldest message and answer it."""
        message, failed = self.asked.pop(0), set()
        for kind, content in json.loads(message["steps"]) if message["done_by"] != self.page else ():
            names = content if kind == "order" else [content[0]]
            if self.broken & set(names):
                failed |= set(names)
            else:
                getattr(self, f"_{kind}")(content)
        self.tell(done=message["n"], failed=sorted(failed))

    def at(self, finding):
        return next((place for place, cell in enumerate(self.cells) if cell[1] == finding), None)

    def _write(self, content):
        finding, source, base, metadata, following = content
        place = self.at(finding)
        if place is None and base == "":
            where = self.at(following) if following else None
            made = [f"cell-{next(self._ids)}", finding, source, {"llm_viewer": metadata}]
            self.cells.insert(len(self.cells) if where is None else where, made)
        elif place is not None and self.cells[place][2] in {base, source}:
            self.cells[place][2:] = [source, {"llm_viewer": metadata}]

    def _remove(self, content):
        finding, base = content
        if (place := self.at(finding)) is not None and self.cells[place][2] == base:
            del self.cells[place]

    def _order(self, findings):
        places = sorted(self.at(finding) for finding in findings)
        contents = [self.cells[self.at(finding)][1:] for finding in findings]
        for place, content in zip(places, contents, strict=True):
            self.cells[place][1:] = content


def agree(board, notebook):
    """List and cells say the same, in the same order, under the same numbers."""
    notebook.run()
    read = Findings.from_markdown("\n\n".join(cell[2] for cell in notebook.cells))
    assert read == board.findings
    for number, cell in enumerate(notebook.cells, 1):
        assert f"**Finding {number} ·" in cell[2]
    return [finding.text for finding in board.findings]
