import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { enter, load, Model, openPage, press, show } from "./page.js";

const choice = await load("choice.js");
const GROUPS = { Llama: { "llama-2": "", "llama-3": "128k <b>" }, Mistral: { mistral: "7B" } };

let model;
let el;
let field;
let end;

beforeEach(() => {
  openPage();
  model = new Model({ label: "model", groups: JSON.stringify(GROUPS), value: "llama-2" });
  ({ el, end } = show(choice, model));
  field = el.querySelector("input");
});

const options = () => [...el.querySelectorAll("[role=option]")];
const names = () => options().map((line) => line.firstChild.textContent);
const selected = () => options().filter((line) => line.getAttribute("aria-selected") === "true");
const active = () => document.getElementById(field.getAttribute("aria-activedescendant"))?.firstChild.textContent;
const type = (text) => enter(field, text, ["input"]);

test("it is a combobox with a name, closed", () => {
  assert.equal(field.getAttribute("role"), "combobox");
  assert.equal(el.querySelector("label").htmlFor, field.id);
  assert.equal(field.getAttribute("aria-expanded"), "false");
  assert.equal(field.value, "llama-2");
});

test("a click opens all names with the chosen one active", () => {
  field.click();
  assert.equal(field.getAttribute("aria-expanded"), "true");
  assert.deepEqual(names(), ["llama-2", "llama-3", "mistral"]);
  assert.equal(active(), "llama-2");
  assert.equal(selected().length, 1);
});

test("what is typed filters by name, group and note, and names are no markup", () => {
  type("LLAMA 128k");
  assert.deepEqual(names(), ["llama-3"]);
  assert.equal(el.querySelector("small").textContent, "128k <b>");
  type("<img>");
  assert.equal(el.querySelector("[role=status]").textContent, "No model matches “<img>”.");
});

test("arrows move and stop at the ends, Enter chooses", () => {
  press(field, "ArrowDown");
  for (const [key, name] of [
    ["ArrowDown", "llama-3"],
    ["PageDown", "mistral"],
    ["ArrowDown", "mistral"],
    ["ArrowUp", "llama-3"],
  ]) {
    assert.equal(press(field, key).defaultPrevented, true);
    assert.equal(active(), name);
  }
  press(field, "Enter");
  assert.deepEqual(
    model.sent.map(({ value }) => value),
    ["llama-3"],
  );
  assert.deepEqual([field.value, field.getAttribute("aria-expanded")], ["llama-3", "false"]);
});

test("Escape goes back, and other keys are the field's", () => {
  type("mis");
  assert.equal(press(field, "x").defaultPrevented, false);
  press(field, "Escape");
  assert.deepEqual([field.value, model.sent], ["llama-2", []]);
});

test("a click on a name chooses it", () => {
  field.click();
  options()[2].click();
  assert.equal(model.sent[0].value, "mistral");
});

test("a list that was opened again is left alone by the answer, and so is what is typed", () => {
  type("mis");
  press(field, "Enter");
  type("llama");
  model.answer(model.sent[0], { value: "mistral" });
  assert.deepEqual([field.value, names()], ["llama", ["llama-2", "llama-3"]]);
  press(field, "Escape");
  assert.equal(field.value, "mistral");
});

test("the second of two choices stays when the first is answered", () => {
  for (const text of ["mis", "llama-3"]) {
    type(text);
    press(field, "Enter");
  }
  model.answer(model.sent[0], { value: "mistral" });
  assert.equal(field.value, "llama-3");
  model.answer(model.sent[1], { value: "llama-3" });
  assert.equal(field.value, "llama-3");
});

test("what is refused goes back", () => {
  type("mis");
  press(field, "Enter");
  model.answer(model.sent[0]);
  assert.equal(field.value, "llama-2");
});

test("an open list takes in a name of one's own", () => {
  type("l");
  model.update({ groups: JSON.stringify({ "your own": { lola: "" }, ...GROUPS }) });
  assert.deepEqual(names(), ["lola", "llama-2", "llama-3", "mistral"]);
});

test("its end closes it", () => {
  field.click();
  end();
  assert.deepEqual([field.getAttribute("aria-expanded"), model.listening], ["false", 0]);
});
