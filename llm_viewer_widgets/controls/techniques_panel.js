// The survey's mind map: a section a category, a row a technique. Every text is set as text, never as markup.
import { capital, element, listen, unfoldWith, uniqueName } from "../browser/dom.js";
import { requests } from "../browser/requests.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {{ name: string, label: string, unit: string, choices: number, whole: boolean }} Parameter */
/**
 * @typedef {object} Technique
 * @property {string} name
 * @property {string} label
 * @property {string} mechanism
 * @property {string} citation
 * @property {Parameter[]} parameters
 */
/** @typedef {{ on: string[], values: Record<string, Record<string, unknown>> }} Chosen */
/** @typedef {{ figures?: [string, string, string][], reason?: string }} Effects */
/** @typedef {HTMLInputElement | HTMLSelectElement} Field */
/**
 * @typedef {object} Line
 * @property {Technique} technique
 * @property {HTMLElement} node
 * @property {HTMLInputElement} box
 * @property {HTMLElement} effects
 * @property {HTMLElement} reason
 * @property {Map<string, Field>} inputs
 */

/** @param {{ model: AnyModel, el: HTMLElement }} context */
function render({ model, el }) {
  el.classList.add("llmv-map");
  const id = uniqueName();
  /** @type {{ sections: Record<string, Technique[]>, lists: string[][] }} */
  const { sections, lists } = JSON.parse(model.get("map"));
  /** @type {Map<string, Line>} */
  const rows = new Map(); // what changes of a technique, by its name
  /** @type {Map<HTMLElement, string[]>} */
  const counts = new Map(); // the summary of a section, and its techniques
  /** @type {Field | null} */
  let typing = null; // the field with something that the kernel has not been asked for

  /** @returns {Chosen} */
  const held = () => ({ on: [], values: {}, ...JSON.parse(model.get("chosen")) });
  let chosen = held(); // what is shown

  /** @param {Technique} technique @param {boolean} on */
  const turn = ({ name }, on) => {
    chosen.on = [...chosen.on.filter((other) => other !== name), ...(on ? [name] : [])];
    asked.ask({ technique: name, on });
    drawChosen();
  };
  /** @param {Technique} technique @param {string} parameter @param {unknown} value */
  const set = ({ name }, parameter, value) => {
    chosen.values[name] = { ...chosen.values[name], [parameter]: value };
    asked.ask({ technique: name, values: { [parameter]: value } });
    drawChosen();
  };

  /** @param {Technique} technique @param {Parameter} parameter @returns {[string, HTMLElement, Field]} */
  const field = (technique, parameter) => {
    const choices = lists[parameter.choices];
    const label = `${parameter.label}${parameter.unit ? ` [${parameter.unit}]` : ""}`;
    const attributes = { "aria-label": `${technique.label}: ${label}` };
    /** @type {Field} */
    let input;
    if (choices.length > 12) {
      // Too many for a menu: a field that completes names.
      input = element("input", {
        type: "text",
        list: `${id}-${technique.name}-${parameter.name}`,
        spellcheck: "false",
        ...attributes,
      });
    } else if (choices.length) {
      input = element("select", attributes, ...choices.map((choice) => element("option", { value: choice }, choice)));
    } else {
      input = element("input", { type: "number", step: parameter.whole ? 1 : "any", ...attributes });
    }
    input.addEventListener("input", () => {
      typing = input;
    });
    input.addEventListener("change", () => {
      typing = null;
      set(technique, parameter.name, choices.length ? input.value : Number(input.value));
    });
    input.addEventListener("blur", () => {
      if (typing === input) typing = null;
    });
    const line = element("label", {}, element("span", {}, label), input);
    const names = input.getAttribute("list");
    if (names) {
      line.append(element("datalist", { id: names }, ...choices.map((choice) => element("option", { value: choice }))));
    }
    return [parameter.name, line, input];
  };

  /** @param {Technique} technique */
  const row = (technique) => {
    const box = element("input", {
      type: "checkbox",
      id: `${id}-${technique.name}`,
      "aria-describedby": `${id}-${technique.name}-text`,
    });
    box.addEventListener("change", () => turn(technique, box.checked));
    const effects = element("dl");
    const fields = technique.parameters.map((parameter) => field(technique, parameter));
    const text = element(
      "p",
      { id: `${id}-${technique.name}-text` },
      `${technique.mechanism} `,
      element("cite", {}, technique.citation),
    );
    const reason = element("p", { class: "llmv-reason" });
    const node = element(
      "div",
      { class: "llmv-technique", "data-name": technique.name },
      element(
        "div",
        { class: "llmv-technique-head" },
        box,
        element("label", { for: box.id }, capital(technique.label)),
        effects,
      ),
      text,
      reason,
      element("div", { class: "llmv-parameters" }, ...fields.map(([, line]) => line)),
    );
    rows.set(technique.name, {
      technique,
      node,
      box,
      effects,
      reason,
      inputs: new Map(fields.map(([name, , input]) => [name, input])),
    });
    return node;
  };

  const parts = Object.entries(sections).map(([title, techniques], place) => {
    const count = element("span");
    const part = element(
      "details",
      { open: place === 0 },
      element("summary", {}, capital(title), count),
      ...techniques.map(row),
    );
    counts.set(
      count,
      techniques.map(({ name }) => name),
    );
    return part;
  });
  const summary = element("span");
  const whole = element(
    "details",
    { class: "llmv-map-whole" },
    element("summary", {}, "Optimisations", summary),
    ...parts,
  );
  const stopFolding = unfoldWith(model, whole);
  el.append(whole);

  const drawChosen = () => {
    const { on, values } = chosen;
    for (const [name, { node, box, inputs }] of rows) {
      box.checked = on.includes(name);
      node.classList.toggle("llmv-on", box.checked);
      for (const [parameter, input] of inputs) {
        const value = String(values[name]?.[parameter] ?? "");
        if (input !== typing && input.value !== value) input.value = value;
      }
    }
    for (const [count, names] of counts) {
      const few = names.filter((name) => on.includes(name)).length;
      count.textContent = few ? `${few} of ${names.length} on` : `${names.length}`;
    }
    const labels = on.map((name) => rows.get(name)?.technique.label ?? name);
    summary.textContent = labels.length ? labels.join(", ") : "none is on";
  };

  const drawEffects = () => {
    /** @type {Record<string, Effects>} */
    const told = JSON.parse(model.get("effects"));
    for (const [name, { box, effects, reason, node }] of rows) {
      const { figures = [], reason: why = "" } = told[name] ?? {};
      effects.replaceChildren(
        ...figures.flatMap(([label, text, verdict]) => [
          element("dt", {}, label),
          element(
            "dd",
            { class: verdict ? `llmv-${verdict}` : "", "aria-label": `${text}${verdict ? `, ${verdict}` : ""}` },
            text,
          ),
        ]),
      );
      reason.textContent = why ? `Cannot be switched on: ${why}` : "";
      node.classList.toggle("llmv-refused", Boolean(why));
      box.disabled = Boolean(why) && !box.checked;
    }
  };

  const show = () => {
    if (asked.areOpen()) return;
    chosen = held();
    drawChosen();
  };
  const asked = requests(model, show);
  const stop = listen(model, { "change:chosen": show, "change:effects": drawEffects });
  drawChosen();
  drawEffects();
  return () => {
    stopFolding();
    stop();
    asked.stop();
  };
}

export default { render };
