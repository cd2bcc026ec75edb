// A combobox as the ARIA Authoring Practices describe it: the field keeps the focus, arrows move through the list, what
// is typed filters it, Enter chooses, Escape goes back. Every text is set as text, never as markup.
import { element, listen, uniqueName } from "../browser/dom.js";
import { requests } from "../browser/requests.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {{ name: string, line: HTMLElement }} Option */

const PAGE = 10;
const HIGHEST = 380; // px
/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };

/** @param {{ model: AnyModel, el: HTMLElement }} context */
function render({ model, el }) {
  el.classList.add("llmv-choice");
  const label = model.get("label");
  const id = uniqueName();
  const field = element("input", {
    role: "combobox",
    type: "text",
    id: `${id}-field`,
    "aria-controls": id,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  const list = element("div", { role: "listbox", id, "aria-label": label });
  const status = element("div", { role: "status" });
  // A popover lies above everything, so that neither the board nor the notebook cuts it off.
  const popup = element("div", { class: "llmv-choice-list", popover: "manual" }, list, status);
  el.append(element("label", { for: field.id }, label), field, popup);
  /** @type {Option[]} */
  let options = []; // the names in the list, in order
  let active = -1;
  let search = ""; // what is typed to find a name
  /** @type {string} */
  let chosen = model.get("value"); // what is shown

  const isOpen = () => field.getAttribute("aria-expanded") === "true";
  const fill = () => {
    const words = search.toLowerCase().split(/\s+/);
    options = [];
    /** @type {Record<string, Record<string, string>>} */
    const offered = JSON.parse(model.get("groups"));
    const groups = Object.entries(offered).map(([group, names], place) => {
      const found = Object.entries(names).filter(([name, note]) => {
        const text = `${group} ${name} ${note}`.toLowerCase();
        return words.every((word) => text.includes(word));
      });
      if (!found.length) return "";
      const head = element("div", { class: "llmv-choice-group", id: `${id}-${place}`, role: "presentation" }, group);
      const lines = found.map(([name, note]) => {
        const line = element(
          "div",
          { role: "option", id: `${id}-option-${options.length}`, "aria-selected": String(name === chosen) },
          name,
        );
        if (note) line.append(element("small", {}, note));
        options.push({ name, line });
        return line;
      });
      return element("div", { role: "group", "aria-labelledby": head.id }, head, ...lines);
    });
    list.replaceChildren(...groups);
    status.textContent = options.length ? "" : `No ${label} matches “${search}”.`;
    activate(search ? 0 : options.findIndex(({ name }) => name === chosen));
    popup.scrollTop = search || active < 0 ? 0 : options[active].line.offsetTop - popup.clientHeight / 2;
  };
  /** @param {number} place */
  const activate = (place) => {
    options[active]?.line.classList.remove("llmv-active");
    active = Math.max(-1, Math.min(place, options.length - 1));
    const line = options[active]?.line;
    line?.classList.add("llmv-active");
    field.setAttribute("aria-activedescendant", line?.id ?? "");
    if (line)
      popup.scrollTop = Math.min(
        line.offsetTop - 30,
        Math.max(popup.scrollTop, line.offsetTop + line.offsetHeight + 8 - popup.clientHeight),
      );
  };
  const settle = () => {
    const box = field.getBoundingClientRect();
    const below = window.innerHeight - box.bottom - 8;
    const above = box.top - 8;
    const height = Math.min(HIGHEST, Math.max(below, above));
    const upwards = below < height;
    Object.assign(popup.style, {
      left: `${box.left}px`,
      minWidth: `${box.width}px`,
      maxWidth: `${window.innerWidth - box.left - 8}px`,
      maxHeight: `${height}px`,
      top: upwards ? "auto" : `${box.bottom + 2}px`,
      bottom: upwards ? `${window.innerHeight - box.top + 2}px` : "auto",
    });
  };
  /** @param {string} typed */
  const open = (typed) => {
    search = typed;
    if (!isOpen()) {
      field.setAttribute("aria-expanded", "true");
      popup.showPopover();
      settle();
      window.addEventListener("scroll", settle, true);
      window.addEventListener("resize", settle);
    }
    fill();
  };
  const close = () => {
    window.removeEventListener("scroll", settle, true);
    window.removeEventListener("resize", settle);
    if (isOpen()) popup.hidePopover();
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-activedescendant", "");
    field.value = chosen;
  };
  /** @param {Option | undefined} option */
  const choose = (option) => {
    if (option && option.name !== chosen) {
      chosen = option.name;
      asked.ask({ value: chosen });
    }
    close();
    field.select();
  };
  const show = () => {
    if (asked.areOpen()) return;
    chosen = model.get("value");
    if (!isOpen()) field.value = chosen; // else somebody is typing
    for (const { name, line } of options) line.setAttribute("aria-selected", String(name === chosen));
  };
  const refresh = () => isOpen() && fill();
  const asked = requests(model, show);

  field.addEventListener("focus", () => field.select());
  field.addEventListener("click", () => isOpen() || open(""));
  field.addEventListener("input", () => open(field.value.trim()));
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (step && !isOpen()) open("");
    else if (step) activate(Math.max(0, active + step));
    else if (event.key === "Enter" && isOpen()) choose(options[active]);
    else if (event.key === "Escape" && isOpen()) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  popup.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  popup.addEventListener("click", (event) => {
    const line = event.target instanceof Element && event.target.closest("[role=option]");
    if (line) choose(options.find((option) => option.line === line));
  });

  const stop = listen(model, { "change:value": show, "change:groups": refresh });
  close();
  return () => {
    close();
    stop();
    asked.stop();
  };
}

export default { render };
