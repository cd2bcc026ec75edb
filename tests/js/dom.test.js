import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load, Model, openPage } from "./page.js";

const { arrange, capital, element, listen, unfoldWith, uniqueName } = await load("dom.js");

beforeEach(openPage);

test("a text is a text, never markup", () => {
  const node = element("p", { title: "<b>" }, "<img src=x onerror=alert(1)>", element("b", {}, "&amp;"));
  assert.equal(node.textContent, "<img src=x onerror=alert(1)>&amp;");
  assert.equal(node.querySelector("img"), null);
  assert.equal(node.title, "<b>");
});

test("an attribute that is false is left out, one that is true has no value", () => {
  const node = element("input", { disabled: true, checked: false, min: 0, "aria-expanded": "false" });
  assert.equal(node.getAttribute("disabled"), "");
  assert.equal(node.hasAttribute("checked"), false);
  assert.equal(node.getAttribute("min"), "0");
  assert.equal(node.getAttribute("aria-expanded"), "false");
});

test("names are unique", () => {
  assert.equal(new Set(Array.from({ length: 100 }, uniqueName)).size, 100);
});

test("a capital is set, also on nothing", () => {
  assert.deepEqual(["fast decoding", ""].map(capital), ["Fast decoding", ""]);
});

test("children are brought to a list, and what stays keeps the focus", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => element("button", {}, name));
  const parent = element("div", {}, a, b, c);
  document.body.append(parent);
  b.focus();
  for (const wanted of [[a, b, d], [b, d], [d, b, a, c], [], [c, a]]) {
    arrange(parent, wanted);
    assert.deepEqual([...parent.children], wanted);
    if (wanted[1] === b) assert.equal(document.activeElement, b);
  }
});

test("what ends listening ends all of it", () => {
  const model = new Model({ a: 1 });
  const heard = [];
  const stop = listen(model, { "change:a": () => heard.push("a"), "msg:custom": (content) => heard.push(content) });
  model.update({ a: 2 });
  model.trigger("msg:custom", "told");
  stop();
  model.update({ a: 3 });
  assert.deepEqual(heard, ["a", "told"]);
  assert.equal(model.listening, 0);
});

test("details follow the trait, and the trait follows them", () => {
  const model = new Model({ unfolded: true });
  const details = element("details");
  const stop = unfoldWith(model, details);
  assert.equal(details.open, true);
  model.update({ unfolded: false });
  assert.equal(details.open, false);
  details.open = true;
  details.dispatchEvent(new Event("toggle"));
  assert.deepEqual(model.saved, [{ unfolded: true }]);
  details.dispatchEvent(new Event("toggle"));
  assert.equal(model.saved.length, 1);
  stop();
  assert.equal(model.listening, 0);
});
