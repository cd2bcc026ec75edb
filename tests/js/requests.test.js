import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load, Model, openPage } from "./page.js";

const { requests } = await load("requests.js");

let model;
let settled;
let asked;

beforeEach(() => {
  openPage();
  model = new Model();
  settled = 0;
  asked = requests(model, () => {
    settled += 1;
  });
});

test("only the answer to the newest request settles a view", () => {
  for (const value of [1, 2, 3]) asked.ask({ value });
  assert.equal(new Set(model.sent.map(({ request }) => request)).size, 3);
  for (const request of model.sent) {
    assert.deepEqual([asked.areOpen(), settled], [true, 0]);
    model.answer(request);
  }
  assert.deepEqual([asked.areOpen(), settled], [false, 1]);
});

test("answers to another view of the same model settle nothing", () => {
  asked.ask({});
  const other = requests(model, () => {});
  other.ask({});
  model.answer(model.sent[1]);
  assert.deepEqual([asked.areOpen(), other.areOpen(), settled], [true, false, 0]);
  model.answer(model.sent[0]);
  assert.deepEqual([asked.areOpen(), settled], [false, 1]);
  model.answer({ request: "somebody else's" });
  assert.equal(settled, 1);
});

test("of what is asked while a request is open, only the newest is sent", () => {
  for (const value of [1, 2, 3, 4]) asked.askNewest({ value });
  assert.deepEqual(
    model.sent.map(({ value }) => value),
    [1],
  );
  model.answer(model.sent[0]);
  assert.deepEqual(
    model.sent.map(({ value }) => value),
    [1, 4],
  );
  assert.deepEqual([asked.areOpen(), settled], [true, 0]);
  model.answer(model.sent[1]);
  assert.deepEqual([asked.areOpen(), settled], [false, 1]);
});

test("a view that ends hears no more", () => {
  asked.stop();
  assert.equal(model.listening, 0);
});
