// The form for a finding: what is seen, what it is pinned to, what it rests on. It keeps what was typed whatever the
// kernel sends.
import { arrange, button, element, listen, uniqueName } from "../browser/dom.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {[name: string, meaning: string, value: string, usual: boolean]} Measure */
/** @typedef {{ label: string, kind: string, region: number[], measures: Measure[] }} Offer */
/** @typedef {{ text: string, pin: string, quantities: string[], condition: string }} Content */

const EDGES = ["intensity from", "to [FLOP/B]", "performance from", "to [FLOP/s]"];

/**
 * @param {AnyModel} model
 * @param {(what: string, content?: object) => void} ask asks the kernel
 */
export function findingForm(model, ask) {
  const id = uniqueName();
  /** @type {Content[]} */
  const adding = []; // findings that are under way to the kernel
  let framing = 0; // regions that are
  const text = element("textarea", { id: `${id}-text`, rows: 2, placeholder: "What do you see? Markdown is kept." });
  const pin = element("select", { id: `${id}-pin` });
  const condition = element("input", {
    id: `${id}-condition`,
    type: "text",
    placeholder: "such as tpot < 30 ms",
    spellcheck: "false",
  });
  const author = element("input", { id: `${id}-author`, type: "text", placeholder: "your name", maxlength: 100 });
  const measures = element("div", { class: "llmv-measures" });
  const region = element("div", { class: "llmv-region" });
  const refusal = element("p", { role: "alert", class: "llmv-refusal" });
  /** @type {Map<string, Set<string>>} */
  const chosen = new Map(); // for each kind of pin, the quantities that were ticked by hand
  /** @type {Map<string, { label: HTMLElement, box: HTMLInputElement, figure: HTMLElement }>} */
  const ticks = new Map(); // by kind and quantity
  const ticked = () => [...measures.querySelectorAll("input")].filter((box) => box.checked).map((box) => box.value);
  /** @param {string} name @param {HTMLElement} field */
  const labelled = (name, field) => element("label", { for: field.id }, element("span", {}, name), field);
  const add = () => {
    const content = { text: text.value, pin: pin.value, quantities: ticked(), condition: condition.value };
    if (JSON.stringify(adding.at(-1)) === JSON.stringify(content)) return; // pressed twice
    adding.push(content);
    ask("add", content);
  };
  const form = element(
    "div",
    { class: "llmv-form", role: "group", "aria-label": "new finding" },
    element("div", { class: "llmv-fields" }, labelled("finding", text)),
    element(
      "div",
      { class: "llmv-fields" },
      labelled("pinned to", pin),
      labelled("holds while (optional)", condition),
      labelled("author", author),
      button("Add finding", "pin the note to the state that is shown (Ctrl+Enter)", add, { class: "llmv-add" }),
    ),
    region,
    element("fieldset", {}, element("legend", {}, "rests on"), measures),
    refusal,
  );
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      add();
    }
  });
  author.value = model.get("author");
  author.addEventListener("change", () => {
    model.set("author", author.value);
    model.save_changes();
  });
  pin.addEventListener("change", () => drawMeasures());

  /** @returns {Offer[]} */
  const offers = () => JSON.parse(model.get("form"));
  const drawForm = () => {
    const found = offers();
    const before = pin.value;
    const operatorIsNew =
      found[0]?.kind === "operator" && ![...pin.options].some((option) => option.value === found[0].label);
    if (found.map((offer) => offer.label).join("\n") !== [...pin.options].map((option) => option.value).join("\n")) {
      pin.replaceChildren(...found.map((offer) => element("option", { value: offer.label }, offer.label)));
      // What was just selected on the board is what somebody means.
      pin.value = !operatorIsNew && found.some((offer) => offer.label === before) ? before : (found[0]?.label ?? "");
    }
    drawMeasures();
  };
  const drawMeasures = () => {
    const offer = offers()[pin.selectedIndex];
    if (!offer) return;
    const byHand = chosen.get(offer.kind);
    arrange(
      measures,
      offer.measures.map(([name, meaning, value, usual]) => {
        const { label, box, figure } = tick(offer.kind, name, meaning);
        box.checked = byHand ? byHand.has(name) : usual;
        figure.textContent = value;
        return label;
      }),
    );
    drawRegion(offer);
  };
  /** @param {string} kind @param {string} name @param {string} meaning */
  const tick = (kind, name, meaning) => {
    const known = ticks.get(`${kind} ${name}`);
    if (known) return known;
    const box = element("input", { type: "checkbox", value: name });
    box.addEventListener("change", () => chosen.set(kind, new Set(ticked())));
    const figure = element("b");
    const made = {
      label: element("label", { title: `${meaning} (${name})` }, box, ` ${meaning} `, figure),
      box,
      figure,
    };
    ticks.set(`${kind} ${name}`, made);
    return made;
  };
  /** @param {number} place @param {number} edge */
  const edgeField = (place, edge) => {
    const field = element("input", { type: "number", step: "any", id: `${id}-region-${place}`, value: edge });
    field.addEventListener("change", () => {
      framing += 1;
      ask("region", { region: [...region.querySelectorAll("input")].map((one) => Number(one.value)) });
    });
    return labelled(EDGES[place], field);
  };
  /** @param {Offer} offer */
  const drawRegion = (offer) => {
    if (offer.kind !== "region") region.replaceChildren();
    else if (!region.childElementCount) {
      const draw = button("Draw it on the roofline", "then drag a box over the plot", () => ask("pick"));
      region.replaceChildren(...EDGES.map((_, place) => edgeField(place, offer.region[place])), draw);
    }
  };
  const drawRefusal = () => {
    refusal.textContent = model.get("refusal");
  };
  const drawAuthor = () => {
    author.value = model.get("author");
  };
  /** @param {number[]} edges */
  const frame = (edges) => {
    region.querySelectorAll("input").forEach((field, place) => {
      field.value = String(Number(edges[place].toPrecision(3)));
    });
  };
  /** @param {{ done?: string, refused?: string, region?: number[] }} heard what the kernel says of a request */
  const hear = ({ done, refused, region: edges }) => {
    const over = done ?? refused;
    if (over === "region") framing -= 1;
    if (edges && framing <= 1) frame(edges); // else a newer one is under way
    const added = over === "add" && adding.shift();
    if (done && added && text.value === added.text) {
      text.value = condition.value = ""; // else somebody has typed on since
      chosen.clear();
      drawMeasures();
    }
  };

  const stop = listen(model, {
    "change:form": drawForm,
    "change:refusal": drawRefusal,
    "change:author": drawAuthor,
    "msg:custom": hear,
  });
  drawForm();
  drawRefusal();
  return { node: form, stop };
}
