import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { enter, load, Model, openPage, show } from "./page.js";

const panel = await load("techniques_panel.js");
const parameter = (name, more = {}) => ({ name, label: name, unit: "", choices: 0, whole: false, ...more });
const technique = (name, parameters) => ({ name, label: name, mechanism: "<b>what</b>", citation: "who", parameters });
const SECTIONS = {
  "model compression": [
    technique("pruning", [parameter("share", { unit: "1" })]),
    technique("quantisation", [parameter("format", { choices: 1 }), parameter("bits", { whole: true })]),
  ],
  hardware: [technique("draft", [parameter("model", { choices: 2 })])],
};
const LISTS = [[], ["int4", "fp8"], Array.from({ length: 20 }, (_, place) => `model-${place}`)];
const VALUES = { pruning: { share: 0.3 }, quantisation: { format: "int4", bits: 4 }, draft: { model: "model-1" } };
const chosen = (on = [], values = {}) => JSON.stringify({ on, values: { ...VALUES, ...values } });

let model;
let el;
let end;

beforeEach(() => {
  openPage();
  const map = JSON.stringify({ sections: SECTIONS, lists: LISTS });
  model = new Model({ map, chosen: chosen(), effects: "{}", unfolded: true });
  ({ el, end } = show(panel, model));
});

const row = (name) => el.querySelector(`[data-name=${name}]`);
const box = (name) => row(name).querySelector("[type=checkbox]");
const inputs = (name) => [...row(name).querySelectorAll(".llmv-parameters input, .llmv-parameters select")];
const summaries = () => [...el.querySelectorAll("summary span")].map((node) => node.textContent);

test("sections, names and texts are there, as texts", () => {
  const heads = [...el.querySelectorAll("summary")].map((node) => node.firstChild.textContent);
  assert.deepEqual(heads, ["Optimisations", "Model compression", "Hardware"]);
  assert.equal(row("pruning").querySelector("p").textContent, "<b>what</b> who");
  assert.deepEqual(
    inputs("quantisation").map((node) => [node.tagName, node.value]),
    [
      ["SELECT", "int4"],
      ["INPUT", "4"],
    ],
  );
  assert.equal(row("draft").querySelectorAll("datalist option").length, 20);
  assert.deepEqual(summaries(), ["none is on", "2", "1"]);
});

test("a switch shows at once and asks for one technique alone", () => {
  box("pruning").click();
  assert.deepEqual(
    model.sent.map(({ technique: name, on, values }) => [name, on, values]),
    [["pruning", true, undefined]],
  );
  assert.equal(row("pruning").classList.contains("llmv-on"), true);
  assert.deepEqual(summaries(), ["pruning", "1 of 2 on", "1"]);
});

test("a click right after a field is not undone by the answer to the field", () => {
  enter(inputs("pruning")[0], "0.5");
  box("pruning").click();
  model.answer(model.sent[0], { chosen: chosen([], { pruning: { share: 0.5 } }) });
  assert.equal(box("pruning").checked, true);
  box("draft").click();
  model.answer(model.sent[1], { chosen: chosen(["pruning"], { pruning: { share: 0.5 } }) });
  assert.deepEqual([box("pruning").checked, box("draft").checked], [true, true]);
  model.answer(model.sent[2], { chosen: chosen(["pruning", "draft"], { pruning: { share: 0.5 } }) });
  assert.deepEqual([box("pruning").checked, box("draft").checked, inputs("pruning")[0].value], [true, true, "0.5"]);
});

test("what is refused goes back once its answer is there", () => {
  enter(inputs("pruning")[0], "2");
  box("draft").click();
  model.answer(model.sent[0]);
  assert.equal(inputs("pruning")[0].value, "2");
  model.answer(model.sent[1]);
  assert.deepEqual([inputs("pruning")[0].value, box("draft").checked], ["0.3", false]);
});

test("a number that is being typed stays while the panel changes", () => {
  enter(inputs("pruning")[0], "0.", ["input"]);
  model.update({ chosen: chosen(["draft"], { quantisation: { format: "fp8", bits: 8 } }) });
  assert.deepEqual([box("draft").checked, inputs("quantisation")[1].value], [true, "8"]);
  assert.equal(inputs("pruning")[0].value, document.activeElement.value);
  inputs("pruning")[0].blur();
  model.update({ chosen: chosen() });
  assert.equal(inputs("pruning")[0].value, "0.3");
});

test("numbers are asked for as numbers, names as names", () => {
  enter(inputs("quantisation")[1], "8");
  enter(inputs("quantisation")[0], "fp8");
  assert.deepEqual(
    model.sent.map(({ values }) => values),
    [{ bits: 8 }, { format: "fp8" }],
  );
});

test("effects show with their verdict, and what is refused is disabled with its reason", () => {
  const effects = { pruning: { figures: [["TPOT", "0.7×", "better"]] }, draft: { reason: "<i>no</i>" } };
  model.update({ effects: JSON.stringify(effects) });
  const figure = row("pruning").querySelector("dd");
  assert.deepEqual(
    [figure.textContent, figure.className, figure.getAttribute("aria-label")],
    ["0.7×", "llmv-better", "0.7×, better"],
  );
  assert.equal(row("draft").querySelector(".llmv-reason").textContent, "Cannot be switched on: <i>no</i>");
  assert.deepEqual([box("draft").disabled, box("pruning").disabled], [true, false]);
});

test("its end is the end of its listening", () => {
  end();
  assert.equal(model.listening, 0);
});
