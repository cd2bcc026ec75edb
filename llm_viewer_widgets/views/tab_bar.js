// Tabs: a click, Enter or Space opens one or closes it; arrows, Home and End move between them.
import { button, listen } from "../browser/dom.js";
import { requests } from "../browser/requests.js";

/** @import { AnyModel } from "@anywidget/types" */

/** @param {{ model: AnyModel, el: HTMLElement }} context */
function render({ model, el }) {
  el.classList.add("llmv-tabs");
  el.setAttribute("role", "tablist");
  el.setAttribute("aria-label", "Details");
  /** @type {string} */
  let open = model.get("chosen"); // what is shown as open
  /** @type {Map<string, HTMLButtonElement>} */
  const tabs = new Map();

  const draw = () => {
    const [first] = tabs.keys();
    for (const [name, tab] of tabs) {
      tab.setAttribute("aria-selected", String(name === open));
      tab.tabIndex = name === (open || first) ? 0 : -1;
    }
  };
  /** @param {string} name */
  const turn = (name) => {
    open = name === open ? "" : name;
    draw();
    asked.ask({ open });
  };
  const label = () => {
    /** @type {[string, string][]} */
    const labels = JSON.parse(model.get("labels"));
    for (const [name, text] of labels) {
      const tab = tabs.get(name) ?? button("", "open or close", () => turn(name), { role: "tab", "data-name": name });
      tab.textContent = text;
      if (!tabs.has(name)) el.append(tab);
      tabs.set(name, tab);
    }
    draw();
  };
  const show = () => {
    if (asked.areOpen()) return;
    open = model.get("chosen");
    draw();
  };
  const asked = requests(model, show);
  el.addEventListener("keydown", (event) => {
    const all = [...tabs.values()];
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const places = { ArrowRight: at + 1, ArrowLeft: at - 1 + all.length, Home: 0, End: all.length - 1 };
    if (at < 0 || !(event.key in places)) return;
    all[places[event.key] % all.length].focus();
    event.preventDefault();
    event.stopPropagation();
  });

  const stop = listen(model, { "change:chosen": show, "change:labels": label });
  label();
  return () => {
    stop();
    asked.stop();
  };
}

export default { render };
