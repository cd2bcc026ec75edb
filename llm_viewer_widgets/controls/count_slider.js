// A slider over the stops and a field beside it. What is chosen goes to the kernel, which shows what it accepted.
function render({ model, el }) {
  el.classList.add("llmv-count");
  const stops = model.get("stops");
  const label = document.createElement("label");
  const both = document.createElement("div");
  el.append(label, both);
  const input = (attributes) => {
    const node = document.createElement("input");
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    both.append(node);
    return node;
  };
  const slider = input({ type: "range", min: 0, max: stops.length - 1, step: 1 });
  const field = input({ type: "number", min: 1, step: 1, inputmode: "numeric" });

  const name = () => {
    label.textContent = model.get("label");
    for (const node of [slider, field]) node.setAttribute("aria-label", label.textContent);
  };
  const show = () => {
    const value = model.get("value");
    const distance = (stop) => Math.abs(stop - value);
    slider.value = stops.reduce((best, stop, place) => (distance(stop) < distance(stops[best]) ? place : best), 0);
    slider.setAttribute("aria-valuetext", value);
    field.value = value;
  };
  const ask = (value) => {
    model.set("value", value);
    model.save_changes();
  };
  slider.addEventListener("input", () => ask(stops[slider.valueAsNumber]));
  const typed = () => (Number.isNaN(field.valueAsNumber) ? show() : ask(field.valueAsNumber));
  field.addEventListener("change", typed);
  field.addEventListener("keydown", ({ key }) => key === "Enter" && typed());
  model.on("change:label", name);
  model.on("change:value", show);
  name();
  show();
}

export default { render };
