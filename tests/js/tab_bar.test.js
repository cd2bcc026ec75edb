import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load, Model, openPage, press, show } from "./page.js";

const bar = await load("tab_bar.js");
const LABELS = [
  ["operators", "operators"],
  ["explain", "<b>explain</b>"],
  ["findings", "findings"],
];

let model;
let el;
let end;

beforeEach(() => {
  openPage();
  model = new Model({ labels: JSON.stringify(LABELS), chosen: "operators" });
  ({ el, end } = show(bar, model));
});

const tabs = () => [...el.querySelectorAll("[role=tab]")];
const open = () => tabs().flatMap((tab) => (tab.getAttribute("aria-selected") === "true" ? [tab.dataset.name] : []));
const asked = () => model.sent.map((content) => content.open);

test("a click opens a tab, and closes the one that is open", () => {
  assert.deepEqual([tabs().map((tab) => tab.textContent), open()], [LABELS.map(([, label]) => label), ["operators"]]);
  tabs()[1].click();
  assert.deepEqual(open(), ["explain"]);
  model.answer(model.sent[0], { chosen: "explain" });
  tabs()[1].click();
  assert.deepEqual([open(), asked()], [[], ["explain", ""]]);
});

test("one tab can be reached by Tab, and arrows go around", () => {
  assert.deepEqual(
    tabs().map((tab) => tab.tabIndex),
    [0, -1, -1],
  );
  tabs()[0].focus();
  for (const [key, place] of [
    ["ArrowLeft", 2],
    ["ArrowRight", 0],
    ["End", 2],
    ["Home", 0],
  ]) {
    press(document.activeElement, key);
    assert.equal(document.activeElement, tabs()[place]);
  }
  assert.equal(press(document.activeElement, "x").defaultPrevented, false);
});

test("an older answer does not undo a touch, and a label changes in place", () => {
  tabs()[1].click();
  tabs()[2].click();
  model.answer(model.sent[0], { chosen: "explain" });
  assert.deepEqual(open(), ["findings"]);
  model.answer(model.sent[1], { chosen: "findings" });
  const before = tabs();
  model.update({ labels: JSON.stringify([...LABELS.slice(0, 2), ["findings", "findings · 3"]]) });
  assert.deepEqual([tabs(), tabs()[2].textContent, open()], [before, "findings · 3", ["findings"]]);
});

test("where none is open the first is reached by Tab", () => {
  model.update({ chosen: "" });
  assert.deepEqual([open(), tabs().map((tab) => tab.tabIndex)], [[], [0, -1, -1]]);
});

test("its end is the end of its listening", () => {
  end();
  assert.equal(model.listening, 0);
});
