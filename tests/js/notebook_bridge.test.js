import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load, Model, openPage } from "./page.js";

const bridge = await load("notebook_bridge.js");
const MARKER = "<!-- llm-viewer finding -->";

class Cell {
  constructor(id, { cell_type = "markdown", source = "", metadata = {} } = {}) {
    Object.assign(this, { id, cell_type, source, metadata });
  }
  getSource() {
    return this.source;
  }
  setSource(source) {
    this.source = source;
  }
  getMetadata() {
    return this.metadata;
  }
  setMetadata(key, value) {
    this.metadata = { ...this.metadata, [key]: value };
  }
}

/** A notebook as JupyterLab shares it; its own list of cells follows only after a transaction. */
class Notebook {
  transactions = 0;
  ydoc = { on: (_, act) => this.acts.push(act), off: (_, act) => this.acts.splice(this.acts.indexOf(act), 1) };
  acts = [];
  constructor(...cells) {
    this.cells = cells;
    this.real = cells;
  }
  insertCell(at, { source, ...more }) {
    this.real = [...this.real.slice(0, at), new Cell(`new-${at}`, { source, ...more }), ...this.real.slice(at)];
  }
  deleteCell(at) {
    this.real = this.real.filter((_, place) => place !== at);
  }
  transact(act) {
    this.transactions += 1;
    act();
    this.cells = this.real;
  }
}

const finding = (name, source = name) =>
  new Cell(`cell-${name}`, { source, metadata: { llm_viewer: { finding: name } } });
const begin = (notebook) => {
  const model = new Model({}, { context: { model: { sharedModel: notebook } } });
  return [model, bridge.default.initialize({ model })];
};
const sources = (notebook) => notebook.cells.map((cell) => cell.source);
const carry = (model, steps) => model.trigger("msg:custom", { n: 7, below: "board", steps: JSON.stringify(steps) });

let board;

beforeEach(() => {
  openPage();
  board = new Cell("board", { cell_type: "code", source: "v" });
});

test("where there is no notebook, it says so", () => {
  const model = new Model();
  bridge.default.initialize({ model });
  assert.deepEqual(model.sent, [{ ready: false }]);
});

test("it tells the cells that hold findings, and no other", () => {
  const typed = new Cell("typed", { source: `by hand ${MARKER}` });
  const [model] = begin(new Notebook(board, finding("a"), new Cell("plain", { source: "# Title" }), typed));
  const { page } = model.sent[0];
  assert.match(page, /^llmv-./);
  assert.deepEqual(model.sent, [
    {
      ready: true,
      page,
      cells: [
        ["cell-a", "a", "a", '{"llm_viewer":{"finding":"a"}}'],
        ["typed", "", `by hand ${MARKER}`, "{}"],
      ],
    },
  ]);
});

test("new cells go below the board and its findings, or before the one that follows", () => {
  const notebook = new Notebook(board, finding("a"), new Cell("plain", { source: "# Title" }));
  const [model] = begin(notebook);
  const metadata = (name) => ({ finding: name });
  carry(model, [
    ["write", ["c", "c", "", metadata("c"), ""]],
    ["write", ["b", "b", "", metadata("b"), "c"]],
  ]);
  assert.deepEqual([sources(notebook), notebook.transactions], [["v", "a", "b", "c", "# Title"], 1]);
  assert.equal(model.sent.at(-1).done, 7);
});

test("a cell is written only where it says what it is taken to say, and deleted likewise", () => {
  const notebook = new Notebook(board, finding("a", "typed on"), finding("b"), finding("c", "typed on"), finding("d"));
  const [model] = begin(notebook);
  const write = (name) => ["write", [name, "new", name, { finding: name }, ""]];
  carry(model, [write("a"), write("b"), ["remove", ["c", "c"]], ["remove", ["d", "d"]], write("gone")]);
  assert.deepEqual(sources(notebook), ["v", "typed on", "new", "typed on"]);
});

test("what another page did is done here too, and what this one did is not done again", () => {
  const notebook = new Notebook(board, finding("a"));
  const [model] = begin(notebook);
  const { page } = model.sent[0];
  const steps = JSON.stringify([["remove", ["a", "a"]]]);
  model.trigger("msg:custom", { n: 1, steps, done_by: page });
  assert.deepEqual([sources(notebook), model.sent.at(-1).done], [["v", "a"], 1]);
  model.trigger("msg:custom", { n: 2, steps, done_by: "another" });
  assert.deepEqual([sources(notebook), model.sent.at(-1).done], [["v"], 2]);
});

test("findings change their places, and what stands between stays", () => {
  const notebook = new Notebook(
    board,
    finding("a"),
    new Cell("plain", { source: "# Title" }),
    finding("b"),
    finding("c"),
  );
  const [model] = begin(notebook);
  carry(model, [
    ["order", ["c", "a", "gone", "b"]],
    ["write", ["a", "new", "a", { finding: "a" }, ""]],
  ]);
  assert.deepEqual(sources(notebook), ["v", "c", "# Title", "new", "b"]);
  assert.deepEqual(
    notebook.cells.map((cell) => cell.metadata.llm_viewer?.finding),
    [undefined, "c", undefined, "a", "b"],
  );
});

test("a change by hand is told after a rest, once", async () => {
  const notebook = new Notebook(board, finding("a"));
  const [model, end] = begin(notebook);
  notebook.cells[1].setSource("typed");
  for (let time = 0; time < 3; time += 1) notebook.acts[0]();
  await new Promise((rested) => setTimeout(rested, 300));
  assert.deepEqual(
    model.sent.slice(1).map(({ cells }) => cells[0][2]),
    ["typed"],
  );
  end();
  assert.deepEqual([notebook.acts, model.listening], [[], 0]);
});

test("keys that are typed on a board are kept from the notebook, but for its own with Ctrl", () => {
  begin(new Notebook(board));
  document.body.innerHTML = "<div class=llmv><input></div><input id=elsewhere>";
  const suppressed = (node, init) => {
    node.dispatchEvent(new window.KeyboardEvent("keydown", { bubbles: true, ...init }));
    const found = node.hasAttribute("data-lm-suppress-shortcuts");
    node.removeAttribute("data-lm-suppress-shortcuts");
    return found;
  };
  const [field, elsewhere] = document.querySelectorAll("input");
  assert.equal(suppressed(field, { key: "d" }), true);
  assert.equal(suppressed(field, { key: "Enter", ctrlKey: true }), true);
  assert.equal(suppressed(field, { key: "s", ctrlKey: true }), false);
  assert.equal(suppressed(elsewhere, { key: "d" }), false);
});
