// A combobox as the ARIA Authoring Practices describe it: the field keeps the focus, arrows move through the list, what is
// typed filters it, Enter chooses, Escape goes back. Every text is set as text, never as markup.
const PAGE = 10;
const HIGHEST = 380; // px

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function render({ model, el }) {
  el.classList.add("llmv-choice");
  const label = model.get("label");
  const id = `llmv-${Math.random().toString(36).slice(2)}`; // unique in the page, which may hold a board twice
  const field = element("input", {
    role: "combobox", type: "text", id: `${id}-field`, "aria-controls": id, "aria-autocomplete": "list", "aria-expanded": false,
    autocomplete: "off", autocapitalize: "off", spellcheck: false,
  });
  const list = element("div", { role: "listbox", id, "aria-label": label });
  const status = element("div", { role: "status" });
  // A popover lies above everything, so that neither the board nor the notebook cuts it off.
  const popup = element("div", { class: "llmv-choice-list", popover: "manual" }, list, status);
  el.append(element("label", { for: field.id }, label), field, popup);
  let options = []; // the names in the list, in order
  let active = -1;

  const isOpen = () => field.getAttribute("aria-expanded") === "true";
  const fill = (search) => {
    const words = search.toLowerCase().split(/\s+/);
    const chosen = model.get("value");
    options = [];
    const groups = Object.entries(JSON.parse(model.get("groups"))).map(([group, names], place) => {
      const found = Object.entries(names).filter(([name, note]) => {
        const text = `${group} ${name} ${note}`.toLowerCase();
        return words.every((word) => text.includes(word));
      });
      if (!found.length) return "";
      const head = element("div", { class: "llmv-choice-group", id: `${id}-${place}`, role: "presentation" }, group);
      const lines = found.map(([name, note]) => {
        const line = element("div", { role: "option", id: `${id}-option-${options.length}`, "aria-selected": name === chosen }, name);
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
  const activate = (place) => {
    options[active]?.line.classList.remove("llmv-active");
    active = Math.max(-1, Math.min(place, options.length - 1));
    const line = options[active]?.line;
    line?.classList.add("llmv-active");
    field.setAttribute("aria-activedescendant", line?.id ?? "");
    if (line) popup.scrollTop = Math.min(line.offsetTop - 30, Math.max(popup.scrollTop, line.offsetTop + line.offsetHeight + 8 - popup.clientHeight));
  };
  const settle = () => {
    const box = field.getBoundingClientRect();
    const below = window.innerHeight - box.bottom - 8;
    const above = box.top - 8;
    const height = Math.min(HIGHEST, Math.max(below, above));
    const upwards = below < height;
    Object.assign(popup.style, {
      left: `${box.left}px`, minWidth: `${box.width}px`, maxWidth: `${window.innerWidth - box.left - 8}px`, maxHeight: `${height}px`,
      top: upwards ? "auto" : `${box.bottom + 2}px`, bottom: upwards ? `${window.innerHeight - box.top + 2}px` : "auto",
    });
  };
  const open = (search) => {
    if (!isOpen()) {
      field.setAttribute("aria-expanded", true);
      popup.showPopover();
      settle();
      window.addEventListener("scroll", settle, true);
      window.addEventListener("resize", settle);
    }
    fill(search);
  };
  const close = () => {
    window.removeEventListener("scroll", settle, true);
    window.removeEventListener("resize", settle);
    if (isOpen()) popup.hidePopover();
    field.setAttribute("aria-expanded", false);
    field.setAttribute("aria-activedescendant", "");
    field.value = model.get("value");
  };
  const choose = (option) => {
    if (option) {
      model.set("value", option.name);
      model.save_changes();
    }
    close();
    field.select();
  };

  field.addEventListener("focus", () => field.select());
  field.addEventListener("click", () => isOpen() || open(""));
  field.addEventListener("input", () => open(field.value.trim()));
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }[event.key];
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
    const line = event.target.closest("[role=option]");
    if (line) choose(options.find((option) => option.line === line));
  });

  model.on("change:value", close);
  model.on("change:groups", () => isOpen() && fill(field.value));
  close();
  return close;
}

export default { render };
