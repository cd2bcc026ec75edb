import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load, Model, openPage, press, show } from "./page.js";

const operators = await load("operator_table.js");
const NAMES = ["q_proj", "up_proj", "<b>x</b>"];

/** Numbers as the kernel sends them: not at the start of their buffer. */
function state(flops, time, chosen = "") {
  const numbers = new Float64Array([0, ...flops, ...time]);
  return {
    operators: JSON.stringify(NAMES.map((name) => [name, "linear"])),
    texts: NAMES.map((_, place) => ["memory/compute", `${flops[place]} FLOP`, `${time[place]} s`].join("\t")).join(
      "\n",
    ),
    numbers: new DataView(numbers.buffer, 8),
    chosen,
  };
}

let model;
let el;
let end;
let atFirst;

beforeEach(() => {
  openPage();
  const fixed = { columns: ["operator", "FLOP", "time"], colours: { linear: "red" }, caption: "Operators of decode" };
  model = new Model({ ...fixed, ...state([3, 1, 2], [1, 2, 4]) });
  ({ el, end } = show(operators, model));
  atFirst = names();
  head(2).click();
  head(2).click();
});

const rows = () => [...el.querySelectorAll("tbody tr")];
const names = () => rows().map((row) => row.dataset.name);
const selected = () =>
  rows()
    .filter((row) => row.getAttribute("aria-selected") === "true")
    .map((row) => row.dataset.name);
const head = (column) => el.querySelectorAll("thead button")[column];

test("the largest share comes first at first", () => {
  assert.deepEqual(atFirst, ["<b>x</b>", "up_proj", "q_proj"]);
});

test("rows are those of the forward pass, as texts", () => {
  assert.deepEqual(names(), NAMES);
  assert.equal(rows()[2].querySelector("th").textContent, "●■<b>x</b>");
  assert.deepEqual(
    [...rows()[0].querySelectorAll("td")].map((cell) => cell.textContent),
    ["3 FLOP", "1 s"],
  );
  assert.equal(rows()[1].lastChild.style.getPropertyValue("--share"), "0.500");
  assert.equal(el.querySelector("caption").textContent, "Operators of decode");
});

test("a head sorts: largest first, smallest first, as they were", () => {
  const orders = [
    ["descending", [0, 2, 1]],
    ["ascending", [1, 2, 0]],
    ["none", [0, 1, 2]],
  ];
  for (const [sort, order] of orders) {
    head(1).click();
    assert.equal(el.querySelectorAll("thead th")[1].getAttribute("aria-sort"), sort);
    assert.deepEqual(
      names(),
      order.map((place) => NAMES[place]),
    );
    assert.equal(document.activeElement, head(1));
  }
  head(0).click();
  assert.deepEqual(names(), [...NAMES].sort());
});

test("one row can be reached by Tab, arrows move, and Enter and Space select", () => {
  assert.deepEqual(
    rows().map((row) => row.tabIndex),
    [0, -1, -1],
  );
  rows()[0].focus();
  press(document.activeElement, "ArrowDown");
  assert.equal(document.activeElement, rows()[1]);
  press(document.activeElement, "Enter");
  assert.deepEqual([selected(), rows().map((row) => row.tabIndex)], [["up_proj"], [-1, 0, -1]]);
  press(document.activeElement, "ArrowUp");
  press(document.activeElement, "ArrowUp");
  press(document.activeElement, " ");
  assert.deepEqual(
    model.sent.map(({ select }) => select),
    ["up_proj", "q_proj"],
  );
  assert.equal(press(document.activeElement, "x").defaultPrevented, false);
});

test("a selection shows at once and older answers do not undo it", () => {
  rows()[0].click();
  rows()[1].click();
  model.answer(model.sent[0], { chosen: "q_proj" });
  assert.deepEqual(selected(), ["up_proj"]);
  rows()[1].click();
  model.answer(model.sent[1], { chosen: "up_proj" });
  assert.deepEqual(selected(), []);
  model.answer(model.sent[2], { chosen: "" });
  assert.deepEqual([selected(), model.sent.map(({ select }) => select)], [[], ["q_proj", "up_proj", ""]]);
});

test("a row that is drawn anew stays the same element, with its focus, so that a click on it is heard", () => {
  const before = rows();
  const cells = [...el.querySelectorAll("tbody *")];
  before[1].focus();
  model.update(state([1, 2, 3], [3, 2, 1], "up_proj"));
  assert.deepEqual(rows(), before);
  assert.deepEqual([...el.querySelectorAll("tbody *")], cells);
  assert.equal(document.activeElement, before[1]);
  assert.equal(before[0].lastChild.textContent, "3 s");
  head(2).click();
  head(2).click();
  before[2].focus();
  model.update(state([1, 2, 3], [3, 2, 9]));
  assert.deepEqual(names(), ["up_proj", "q_proj", "<b>x</b>"]);
  assert.equal(document.activeElement, before[2]);
});

test("its end is the end of its listening", () => {
  end();
  assert.equal(model.listening, 0);
});
