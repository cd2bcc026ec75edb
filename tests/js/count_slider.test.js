import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { enter, load, Model, openPage, press, show } from "./page.js";

const slider = await load("count_slider.js");
const STOPS = [1, 2, 3, 4, 6, 8, 12, 16];

let model;
let range;
let field;
let end;

beforeEach(() => {
  openPage();
  model = new Model({ label: "batch size", stops: STOPS, value: 4 });
  let el;
  ({ el, end } = show(slider, model));
  [range, field] = el.querySelectorAll("input");
});

const drag = (place) => enter(range, String(place), ["input"]);
const shown = () => [STOPS[Number(range.value)], Number(field.value), Number(range.getAttribute("aria-valuetext"))];

test("the slider stands at the nearest stop, the field shows the number", () => {
  assert.deepEqual(shown(), [4, 4, 4]);
  model.update({ value: 11 });
  assert.deepEqual(shown(), [12, 11, 11]);
});

test("both have the label as their name", () => {
  model.update({ label: "patches" });
  assert.deepEqual(
    [range, field].map((node) => node.getAttribute("aria-label")),
    ["patches", "patches"],
  );
});

test("a slider that is dragged on is not thrown back by older answers", () => {
  for (const place of [4, 5, 6]) drag(place);
  assert.deepEqual(
    model.sent.map(({ value }) => value),
    [6],
  );
  model.answer(model.sent[0], { value: 6 });
  assert.deepEqual(shown(), [12, 12, 12]);
  assert.deepEqual(
    model.sent.map(({ value }) => value),
    [6, 12],
  );
  drag(7);
  model.answer(model.sent[1], { value: 12 });
  assert.deepEqual(shown(), [16, 16, 16]);
  model.answer(model.sent[2], { value: 16 });
  assert.deepEqual(shown(), [16, 16, 16]);
});

test("what is refused goes back once its answer is there", () => {
  enter(field, "0");
  assert.deepEqual(shown(), [1, 0, 0]);
  model.answer(model.sent[0]);
  assert.deepEqual(shown(), [4, 4, 4]);
  enter(field, "0");
  assert.equal(model.sent.length, 2);
});

test("a number that is being typed stays, whatever the kernel sends", () => {
  enter(field, "1", ["input"]);
  model.update({ value: 8 });
  assert.deepEqual([range.value, field.value], ["5", "1"]);
  enter(field, "12");
  assert.equal(model.sent[0].value, 12);
});

test("Enter asks, once", () => {
  enter(field, "7", ["input"]);
  press(field, "Enter");
  field.dispatchEvent(new Event("change"));
  assert.deepEqual(
    model.sent.map(({ value }) => value),
    [7],
  );
});

test("no number goes back", () => {
  enter(field, "");
  assert.deepEqual([shown(), model.sent], [[4, 4, 4], []]);
});

test("its end is the end of its listening", () => {
  end();
  assert.equal(model.listening, 0);
});
