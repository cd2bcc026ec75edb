import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { enter, load, Model, openPage, press, show } from "./page.js";

const panel = await load("findings_panel.js");
const MEASURES = [
  ["ttft", "time to first token", "12 ms", true],
  ["tpot", "time per token", "3 ms", false],
];
const FORM = [
  { label: "decode", kind: "phase", region: [], measures: MEASURES },
  { label: "a region", kind: "region", region: [1, 100, 1e12, 1e14], measures: MEASURES.slice(1) },
];
const row = (id, more = {}) => ({
  id,
  number: 1,
  text: `text of ${id}`,
  whole: true,
  where: "decode",
  state: "llama on h100",
  by: "Ada, 2026-01-01",
  here: false,
  resolved: false,
  answers: [],
  status: "",
  claims: [],
  reason: "",
  ...more,
});
const state = (rows, counts = {}) => ({
  rows: JSON.stringify(rows),
  counts: JSON.stringify({ all: rows.length, pages: 1, cells: true, ...counts }),
});

let model;
let el;
let end;

beforeEach(() => {
  openPage();
  const fixed = { form: JSON.stringify(FORM), author: "Ada", refusal: "" };
  model = new Model({ ...fixed, ...state([row("a"), row("b", { number: 2 })]) });
  ({ el, end } = show(panel, model));
});

const note = () => el.querySelector(".llmv-form textarea");
const pin = () => el.querySelector("select");
const button = (text, within = el) => [...within.querySelectorAll("button")].find((node) => node.textContent === text);
const item = (id) => el.querySelector(`[data-id=${id}]`);
const ticks = () => [...el.querySelectorAll(".llmv-measures input")];
const region = () => [...el.querySelectorAll(".llmv-region input")];
const done = (what, more = {}) => model.trigger("msg:custom", { done: what, id: "", ...more });
const refused = (what) => model.trigger("msg:custom", { refused: what });
const asked = (what) => model.sent.filter((content) => content.do === what);

test("a finding is shown as text, whatever it says", () => {
  model.update(
    state([
      row("a", { text: "<img src=x>", answers: [["<b>", "<i>"]], claims: [["tpot < 3", false]], status: "changed" }),
    ]),
  );
  assert.equal(item("a").querySelector("img, i, b"), null);
  assert.equal(item("a").querySelector(".llmv-text").textContent, "<img src=x>");
  assert.match(item("a").querySelector(".llmv-claims").textContent, /✗ changed.*tpot < 3/);
});

test("a finding is added with what is ticked, and the form is empty then", () => {
  enter(note(), "slow");
  ticks()[1].click();
  button("Add finding").click();
  assert.deepEqual(asked("add"), [
    { do: "add", text: "slow", pin: "decode", quantities: ["ttft", "tpot"], condition: "" },
  ]);
  done("add");
  assert.deepEqual([note().value, ticks().map((box) => box.checked)], ["", [true, false]]);
});

test("pressed twice it is added once, and again after a refusal", () => {
  enter(note(), "slow");
  for (let time = 0; time < 2; time += 1) press(note(), "Enter", { ctrlKey: true });
  assert.equal(asked("add").length, 1);
  refused("add");
  model.update({ refusal: "<b>no</b>" });
  assert.deepEqual([note().value, el.querySelector("[role=alert]").textContent], ["slow", "<b>no</b>"]);
  press(note(), "Enter", { metaKey: true });
  assert.equal(asked("add").length, 2);
});

test("of two findings that are under way, the second stays until it is added too", () => {
  for (const text of ["first", "second"]) {
    enter(note(), text);
    button("Add finding").click();
  }
  done("add");
  assert.equal(note().value, "second");
  refused("add");
  assert.equal(note().value, "second");
  button("Add finding").click();
  done("add");
  assert.deepEqual([note().value, asked("add").length], ["", 3]);
});

test("what is typed while a finding is added stays", () => {
  enter(note(), "slow");
  button("Add finding").click();
  enter(note(), "slow, and the next one");
  done("add");
  assert.equal(note().value, "slow, and the next one");
});

test("quantities keep their boxes and ticks when their values change, so that a click is heard", () => {
  const before = ticks();
  before[1].click();
  before[1].focus();
  const measures = [["ttft", "time to first token", "50 ms", true], MEASURES[1]];
  model.update({ form: JSON.stringify([{ ...FORM[0], measures }, FORM[1]]) });
  assert.deepEqual(ticks(), before);
  assert.equal(document.activeElement, before[1]);
  assert.equal(before[0].parentElement.querySelector("b").textContent, "50 ms");
  assert.deepEqual(
    ticks().map((box) => box.checked),
    [true, true],
  );
});

test("an operator that was selected just now is what a finding is pinned to", () => {
  enter(pin(), "a region", ["change"]);
  model.update({ form: JSON.stringify([{ ...FORM[0], label: "q_proj", kind: "operator" }, ...FORM]) });
  assert.equal(pin().value, "q_proj");
  enter(pin(), "decode", ["change"]);
  model.update({ form: JSON.stringify([{ ...FORM[0], label: "q_proj", kind: "operator" }, FORM[0]]) });
  assert.equal(pin().value, "decode");
});

test("edges of a region that are typed on are not overwritten by older answers", () => {
  enter(pin(), "a region", ["change"]);
  enter(region()[0], "2");
  enter(region()[1], "50");
  assert.deepEqual(
    asked("region").map((content) => content.region),
    [
      [2, 100, 1e12, 1e14],
      [2, 50, 1e12, 1e14],
    ],
  );
  model.trigger("msg:custom", { region: [2, 100, 1e12, 1e14] });
  done("region");
  assert.deepEqual(
    region().map((field) => Number(field.value)),
    [2, 50, 1e12, 1e14],
  );
  model.trigger("msg:custom", { region: [2, 50, 1e12, 1e14] });
  done("region");
  model.trigger("msg:custom", { region: [4.56789, 60, 2e12, 3e13] });
  assert.deepEqual(
    region().map((field) => Number(field.value)),
    [4.57, 60, 2e12, 3e13],
  );
});

test("rows that say the same stay the same elements, others are drawn anew with the focus where it was", () => {
  const [a, b] = [item("a"), item("b")];
  button("Show", b).focus();
  model.update(state([row("b", { number: 1, status: "holds" }), row("a")]));
  assert.equal(item("a"), a);
  assert.notEqual(item("b"), b);
  assert.equal(document.activeElement, button("Show", item("b")));
  assert.deepEqual(
    [...el.querySelectorAll("li")].map((node) => node.dataset.id),
    ["b", "a"],
  );
});

test("an edit keeps what is typed while the list changes, and is sent once", () => {
  button("Edit", item("a")).click();
  const field = () => item("a").querySelector("textarea");
  assert.deepEqual([document.activeElement, field().value], [field(), "text of a"]);
  enter(field(), "in other words", ["input"]);
  model.update(state([row("a", { status: "holds" })]));
  assert.deepEqual([document.activeElement, field().value], [field(), "in other words"]);
  for (let time = 0; time < 2; time += 1) press(field(), "Enter", { ctrlKey: true });
  assert.deepEqual(asked("edit"), [{ do: "edit", id: "a", text: "in other words" }]);
  enter(field(), "in other words, again", ["input"]);
  done("edit", { id: "a" });
  assert.equal(field().value, "in other words, again");
  button("Save", item("a")).click();
  done("edit", { id: "a" });
  assert.equal(field(), null);
});

test("Escape leaves an answer unsaid", () => {
  button("Answer", item("b")).click();
  const event = press(item("b").querySelector("textarea"), "Escape");
  assert.deepEqual([event.defaultPrevented, item("b").querySelector("textarea"), model.sent], [true, null, []]);
});

test("a row's buttons ask for what they say", () => {
  for (const name of ["Show", "Resolve", "↑", "↓", "Delete"]) button(name, item("b")).click();
  assert.deepEqual(model.sent, [
    { do: "restore", id: "b" },
    { do: "resolve", id: "b", resolved: true },
    { do: "move", id: "b", by: -1 },
    { do: "move", id: "b", by: 1 },
    { do: "delete", id: "b" },
  ]);
  assert.equal(button("↑", item("b")).getAttribute("aria-label"), "↑ finding 2");
});

test("pages are turned, and the ends are ends", () => {
  model.update(state([row("a")], { all: 45, here: 2, page: 0, pages: 3, undo: true }));
  assert.equal(el.querySelector(".llmv-bar span").textContent, "45 · 2 about this state");
  assert.deepEqual([button("‹").disabled, button("›").disabled, button("Undo").disabled], [true, false, false]);
  button("›").click();
  assert.deepEqual(model.sent, [{ do: "page", page: 1 }]);
});

test("the author is told", () => {
  const author = [...el.querySelectorAll(".llmv-fields input")].at(-1);
  enter(author, "Grace");
  assert.deepEqual(model.saved, [{ author: "Grace" }]);
});

test("its end is the end of its listening", () => {
  end();
  assert.equal(model.listening, 0);
});
