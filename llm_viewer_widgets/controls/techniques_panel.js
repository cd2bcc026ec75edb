// The survey's mind map: a section a category, a row a technique. Every text is set as text, never as markup.
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== false) node.setAttribute(name, value === true ? "" : value);
  node.append(...children);
  return node;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function render({ model, el }) {
  el.classList.add("llmv-map");
  const id = `llmv-${Math.random().toString(36).slice(2)}`;
  const { sections, lists } = JSON.parse(model.get("map"));
  const rows = new Map(); // what changes of a technique, by its name
  const counts = new Map(); // the summary of a section, and its techniques

  const ask = (technique, content) => model.send({ technique, ...content });

  const field = (technique, parameter) => {
    const choices = lists[parameter.choices];
    const label = `${parameter.label}${parameter.unit ? ` [${parameter.unit}]` : ""}`;
    const attributes = { "aria-label": `${technique.label}: ${label}` };
    let input;
    if (choices.length > 12) {
      // Too many for a menu: a field that completes names.
      input = element("input", { type: "text", list: `${id}-${technique.name}-${parameter.name}`, spellcheck: false, ...attributes });
    } else if (choices.length) {
      input = element("select", attributes, ...choices.map((choice) => element("option", { value: choice }, choice)));
    } else {
      input = element("input", { type: "number", step: parameter.whole ? 1 : "any", ...attributes });
    }
    input.addEventListener("change", () => {
      const value = choices.length ? input.value : Number(input.value);
      ask(technique.name, { values: { [parameter.name]: value } });
    });
    const line = element("label", {}, element("span", {}, label), input);
    if (input.getAttribute("list")) {
      line.append(element("datalist", { id: input.getAttribute("list") }, ...choices.map((choice) => element("option", { value: choice }))));
    }
    return [line, input];
  };

  const row = (technique) => {
    const box = element("input", { type: "checkbox", id: `${id}-${technique.name}`, "aria-describedby": `${id}-${technique.name}-text` });
    box.addEventListener("change", () => ask(technique.name, { on: box.checked }));
    const effects = element("dl");
    const fields = technique.parameters.map((parameter) => [parameter.name, ...field(technique, parameter)]);
    const text = element("p", { id: `${id}-${technique.name}-text` }, `${technique.mechanism} `, element("cite", {}, technique.citation));
    const reason = element("p", { class: "llmv-reason" });
    const node = element(
      "div", { class: "llmv-technique", "data-name": technique.name },
      element("div", { class: "llmv-technique-head" }, box, element("label", { for: box.id }, capital(technique.label)), effects),
      text, reason,
      element("div", { class: "llmv-parameters" }, ...fields.map(([, line]) => line)),
    );
    rows.set(technique.name, { technique, node, box, effects, reason, inputs: new Map(fields.map(([name, , input]) => [name, input])) });
    return node;
  };

  const parts = Object.entries(sections).map(([title, techniques], place) => {
    const count = element("span");
    const part = element("details", { open: place === 0 }, element("summary", {}, capital(title), count), ...techniques.map(row));
    counts.set(count, techniques.map(({ name }) => name));
    return part;
  });
  const summary = element("span");
  const whole = element("details", { class: "llmv-map-whole" }, element("summary", {}, "Optimisations", summary), ...parts);
  whole.open = model.get("unfolded");
  whole.addEventListener("toggle", () => {
    if (model.get("unfolded") !== whole.open) {
      model.set("unfolded", whole.open);
      model.save_changes();
    }
  });
  el.append(whole);

  const drawChosen = () => {
    const { on, values } = JSON.parse(model.get("chosen"));
    for (const [name, { node, box, inputs }] of rows) {
      box.checked = on.includes(name);
      node.classList.toggle("llmv-on", box.checked);
      for (const [parameter, input] of inputs) {
        const value = String(values?.[name]?.[parameter] ?? "");
        if (input.value !== value) input.value = value;
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
    const told = JSON.parse(model.get("effects"));
    for (const [name, { box, effects, reason, node }] of rows) {
      const { figures = [], reason: why = "" } = told[name] ?? {};
      effects.replaceChildren(...figures.flatMap(([label, text, verdict]) => [
        element("dt", {}, label),
        element("dd", { class: verdict ? `llmv-${verdict}` : "", "aria-label": `${text}${verdict ? `, ${verdict}` : ""}` }, text),
      ]));
      reason.textContent = why ? `Cannot be switched on: ${why}` : "";
      node.classList.toggle("llmv-refused", Boolean(why));
      box.disabled = Boolean(why) && !box.checked;
    }
  };

  model.on("change:chosen", drawChosen);
  model.on("change:effects", drawEffects);
  model.on("msg:custom", drawChosen); // what was asked may have been refused
  drawChosen();
  drawEffects();
  return () => {
    model.off("change:chosen", drawChosen);
    model.off("change:effects", drawEffects);
    model.off("msg:custom", drawChosen);
  };
}

export default { render };
