// The bridge and the notebook that JupyterLab shares, as it is (@jupyter/ydoc): what fails there is answered and told.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { YNotebook } from "@jupyter/ydoc";
import { load, Model, openPage } from "./page.js";

const bridge = await load("notebook_bridge.js");

let notebook;
let model;
let end;

beforeEach(() => {
  openPage();
  notebook = YNotebook.create();
  notebook.insertCell(0, { cell_type: "code", id: "board", source: "v" });
  model = new Model({}, { context: { model: { sharedModel: notebook } } });
  end = bridge.default.initialize({ model });
});

afterEach(() => {
  end();
  notebook.dispose();
});

const write = (name, metadata = {}, source = name, base = "") => [
  "write",
  [name, source, base, { finding: name, ...metadata }, ""],
];
const ask = (...steps) => model.trigger("msg:custom", { n: 1, below: "board", steps: JSON.stringify(steps) });
const answer = () => model.sent.findLast((message) => "done" in message);
const findings = () => answer().cells.map((cell) => cell[1]);
const rest = () => new Promise((rested) => setTimeout(rested, 300));

test("a notebook without the cells of findings begins with none", () => {
  assert.deepEqual(model.sent, [{ ready: true, page: model.sent[0].page, cells: [] }]);
});

test("a name of JavaScript's own in the metadata harms that finding alone, which is told", () => {
  ask(
    write("a"),
    write("bad", { constructor: 3 }),
    write("b", { toString: 1, "": { ["__proto__"]: 2, constructor: 4 } }),
  );
  assert.deepEqual([answer().failed, findings()], [["bad"], ["a", "b"]]);
  ask(write("c"));
  assert.deepEqual(findings(), ["a", "b", "c"]);
});

test("an update that fails leaves the cell readable, and the answer comes", () => {
  ask(write("a"));
  ask(write("a", { more: 1, constructor: 3 }, "new", "a"), write("b"));
  assert.deepEqual([answer().failed, findings()], [["a"], ["a", "b"]]);
});

test("half a surrogate pair is a text like any other", () => {
  ask(write("a", { name: "\ud800" }, "\udc00"), write("b"));
  assert.deepEqual([answer().failed, findings()], [[], ["a", "b"]]);
});

test("steps of nonsense are answered", () => {
  for (const steps of ["{", "null", "[3]", '[["write"]]', '[["nothing", 1]]', '[["toString", 1]]']) {
    model.trigger("msg:custom", { n: 2, steps });
    assert.equal(answer().done, 2);
    model.sent.length = 0;
  }
});

for (const name of ["insertCell", "transact", "deleteCell"]) {
  test(`where ${name} fails once, the answer comes and the next finding is kept`, () => {
    ask(write("first"));
    const real = notebook[name];
    notebook[name] = () => {
      notebook[name] = real;
      throw new Error("no ink");
    };
    ask(write("a"), ["remove", ["first", "first"]]);
    assert.equal(answer().failed.length > 0, true);
    notebook[name] = real;
    ask(write("b"));
    assert.equal(findings().includes("b"), true);
  });
}

test("a message that cannot be sent is sent later, with the answer", async () => {
  const real = model.send;
  model.send = () => {
    model.send = real;
    throw new Error("no line");
  };
  ask(write("a"));
  assert.equal(answer(), undefined);
  await rest();
  assert.deepEqual([answer().done, findings()], [1, ["a"]]);
});

test("a cell that cannot be read is told as it was, not left out", async () => {
  ask(write("a"), write("b"));
  const cell = notebook.cells.find((one) => one.getSource() === "a");
  cell.getSource = () => {
    throw new Error("torn");
  };
  notebook.cells.at(-1).setSource("typed");
  await rest();
  assert.deepEqual(
    model.sent.at(-1).cells.map((told) => told[2]),
    ["a", "typed"],
  );
});

test("metadata of a stranger that are no text name no finding", () => {
  for (const finding of [3, { toString: 1, valueOf: 1 }, ["a"], null]) {
    notebook.insertCell(1, { cell_type: "markdown", source: "x", metadata: { llm_viewer: { finding } } });
  }
  ask(write("a"));
  assert.deepEqual(findings(), ["a"]);
});
