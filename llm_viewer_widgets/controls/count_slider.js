// A slider over the stops and a field beside it. What is chosen goes to the kernel, which shows what it accepted.
import { element, listen } from "../browser/dom.js";
import { requests } from "../browser/requests.js";

/** @import { AnyModel } from "@anywidget/types" */

/** @param {{ model: AnyModel, el: HTMLElement }} context */
function render({ model, el }) {
  el.classList.add("llmv-count");
  /** @type {number[]} */
  const stops = model.get("stops");
  const label = element("label");
  const slider = element("input", { type: "range", min: 0, max: stops.length - 1, step: 1 });
  const field = element("input", { type: "number", min: 1, step: 1, inputmode: "numeric" });
  el.append(label, element("div", {}, slider, field));
  let value = model.get("value"); // what is shown
  let typing = false; // something that the kernel has not been asked for

  const name = () => {
    label.textContent = model.get("label");
    for (const node of [slider, field]) node.setAttribute("aria-label", model.get("label"));
  };
  const draw = () => {
    /** @param {number} stop */
    const distance = (stop) => Math.abs(stop - value);
    const nearest = stops.reduce((best, stop, place) => (distance(stop) < distance(stops[best]) ? place : best), 0);
    slider.value = String(nearest);
    slider.setAttribute("aria-valuetext", String(value));
    if (!typing) field.value = String(value);
  };
  const show = () => {
    if (asked.areOpen()) return;
    value = model.get("value");
    draw();
  };
  const asked = requests(model, show);
  /** @param {number} wanted */
  const ask = (wanted) => {
    if (wanted !== value) asked.askNewest({ value: wanted });
    value = wanted;
    draw();
  };
  slider.addEventListener("input", () => ask(stops[slider.valueAsNumber]));
  const typed = () => {
    typing = false;
    if (Number.isNaN(field.valueAsNumber)) draw();
    else ask(field.valueAsNumber);
  };
  field.addEventListener("input", () => {
    typing = true;
  });
  field.addEventListener("change", typed);
  field.addEventListener("blur", () => typing && typed());
  field.addEventListener("keydown", ({ key }) => key === "Enter" && typed());
  const stop = listen(model, { "change:label": name, "change:value": show });
  name();
  draw();
  return () => {
    stop();
    asked.stop();
  };
}

export default { render };
