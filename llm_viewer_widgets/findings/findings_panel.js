// Findings: a form, and the list a page at a time. Every text is set as text, never as markup; the notebook's own cells
// render their Markdown.
const SIGNS = { holds: "✓ holds", changed: "✗ changed", "no longer applies": "∅ no longer applies", "": "…" };

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== false) node.setAttribute(name, value === true ? "" : value);
  node.append(...children);
  return node;
}

function render({ model, el }) {
  el.classList.add("llmv-notes");
  const id = `llmv-${Math.random().toString(36).slice(2)}`;
  const drafts = new Map(); // what somebody is about to write below a finding: [kind, text]
  const ask = (what, content = {}) => model.send({ do: what, ...content });
  const button = (text, title, act, more = {}) => {
    const node = element("button", { type: "button", title, ...more }, text);
    node.addEventListener("click", act);
    return node;
  };

  // The form keeps what was typed whatever the kernel sends.
  const text = element("textarea", { id: `${id}-text`, rows: 2, placeholder: "What do you see? Markdown is kept." });
  const pin = element("select", { id: `${id}-pin` });
  const condition = element("input", { id: `${id}-condition`, type: "text", placeholder: "such as tpot < 30 ms", spellcheck: false });
  const author = element("input", { id: `${id}-author`, type: "text", placeholder: "your name", maxlength: 100 });
  const measures = element("div", { class: "llmv-measures" });
  const region = element("div", { class: "llmv-region" });
  const refusal = element("p", { role: "alert", class: "llmv-refusal" });
  const chosen = new Map(); // for each kind of pin, the quantities that were ticked by hand
  const labelled = (name, field) => element("label", { for: field.id }, element("span", {}, name), field);
  const add = () => {
    const quantities = [...measures.querySelectorAll("input:checked")].map((box) => box.value);
    ask("add", { text: text.value, pin: pin.value, quantities, condition: condition.value });
  };
  const form = element(
    "div", { class: "llmv-form", role: "group", "aria-label": "new finding" },
    element("div", { class: "llmv-fields" }, labelled("finding", text)),
    element("div", { class: "llmv-fields" }, labelled("pinned to", pin), labelled("holds while (optional)", condition), labelled("author", author),
      button("Add finding", "pin the note to the state that is shown (Ctrl+Enter)", add, { class: "llmv-add" })),
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

  const summary = element("span");
  const where = element("p", { class: "llmv-hint" });
  const undo = button("Undo", "go back behind the last change of the list", () => ask("undo"));
  const pages = element("span", { class: "llmv-pages" });
  const list = element("ol");
  const whole = element("details", {}, element("summary", {}, "Findings", summary), form,
    element("div", { class: "llmv-bar" }, where, pages, undo), list);
  whole.open = model.get("unfolded");
  whole.addEventListener("toggle", () => {
    if (model.get("unfolded") !== whole.open) {
      model.set("unfolded", whole.open);
      model.save_changes();
    }
  });
  el.append(whole);

  const offers = () => JSON.parse(model.get("form"));
  const drawForm = () => {
    const found = offers();
    const before = pin.value;
    const operatorIsNew = found[0]?.kind === "operator" && ![...pin.options].some((option) => option.value === found[0].label);
    if (found.map((offer) => offer.label).join("\n") !== [...pin.options].map((option) => option.value).join("\n")) {
      pin.replaceChildren(...found.map((offer) => element("option", { value: offer.label }, offer.label)));
      // What was just selected on the board is what somebody means.
      pin.value = !operatorIsNew && found.some((offer) => offer.label === before) ? before : found[0]?.label ?? "";
    }
    drawMeasures();
  };
  const drawMeasures = () => {
    const offer = offers()[pin.selectedIndex];
    if (!offer) return;
    const ticked = chosen.get(offer.kind);
    const focused = measures.contains(document.activeElement) ? document.activeElement.value : null;
    measures.replaceChildren(...offer.measures.map(([name, meaning, value, usual]) => {
      const box = element("input", { type: "checkbox", value: name });
      box.checked = ticked ? ticked.has(name) : usual;
      box.addEventListener("change", () => chosen.set(offer.kind, new Set([...measures.querySelectorAll("input:checked")].map((one) => one.value))));
      return element("label", { title: `${meaning} (${name})` }, box, ` ${meaning} `, element("b", {}, value));
    }));
    if (focused) measures.querySelector(`input[value="${focused}"]`)?.focus();
    drawRegion(offer);
  };
  const drawRegion = (offer) => {
    if (offer.kind !== "region") region.replaceChildren();
    else if (!region.childElementCount) {
      const names = ["intensity from", "to [FLOP/B]", "performance from", "to [FLOP/s]"];
      region.replaceChildren(...names.map((name, place) => {
        const field = element("input", { type: "number", step: "any", id: `${id}-region-${place}`, value: offer.region[place] });
        field.addEventListener("change", () => ask("region", { region: [...region.querySelectorAll("input")].map((one) => Number(one.value)) }));
        return labelled(name, field);
      }), button("Draw it on the roofline", "then drag a box over the plot", () => ask("pick")));
    }
  };

  const draft = (row, kind, start) => {
    const field = element("textarea", { rows: 3, "aria-label": `${kind} of finding ${row.number}`, "data-key": `${row.id}-field` });
    field.value = drafts.get(row.id)?.[1] ?? start;
    field.addEventListener("input", () => drafts.set(row.id, [kind, field.value]));
    const close = () => {
      drafts.delete(row.id);
      drawRows();
    };
    const save = () => ask(kind, { id: row.id, text: field.value });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return element("div", { class: "llmv-draft" }, field,
      button("Save", "save (Ctrl+Enter)", save), button("Cancel", "leave it as it was (Escape)", close));
  };
  const begin = (row, kind) => {
    drafts.set(row.id, [kind, kind === "edit" ? row.text : ""]);
    drawRows();
    list.querySelector(`[data-key="${row.id}-field"]`)?.focus();
  };

  const line = (row) => {
    const act = (name, title, what, content = {}) =>
      button(name, title, () => ask(what, { id: row.id, ...content }), { "data-key": `${row.id}-${name}`, "aria-label": `${name} finding ${row.number}` });
    const open = (name, title, kind) =>
      button(name, title, () => begin(row, kind), { "data-key": `${row.id}-${name}`, "aria-label": `${name} finding ${row.number}` });
    const status = element("span", { class: `llmv-verdict llmv-${row.status.split(" ")[0] || "open"}` }, SIGNS[row.status]);
    const claims = row.claims.map(([claim, holds]) => element("span", { class: holds ? "" : "llmv-broken" }, claim));
    const [kind] = drafts.get(row.id) ?? [""];
    const actions = [
      act("Show", "show the state that it was written in", "restore"),
      row.whole ? open("Edit", "say it in other words", "edit") : "",
      open("Answer", "answer it", "answer"),
      act(row.resolved ? "Reopen" : "Resolve", row.resolved ? "it is not settled" : "it is settled", "resolve", { resolved: !row.resolved }),
      act("↑", "move up", "move", { by: -1 }),
      act("↓", "move down", "move", { by: 1 }),
      act("Delete", "delete; Undo brings it back", "delete"),
    ];
    return element(
      "li", { "data-id": row.id, class: `${row.here ? "llmv-here" : ""} ${row.resolved ? "llmv-resolved" : ""}` },
      element("span", { class: "llmv-number" }, String(row.number)),
      element("div", { class: "llmv-finding" },
        kind === "edit" ? draft(row, "edit", row.text) : element("p", { class: "llmv-text", dir: "auto" }, row.text),
        element("p", { class: "llmv-claims" }, status, ...claims, row.reason ? element("span", { class: "llmv-broken" }, row.reason) : ""),
        ...row.answers.map(([by, answer]) => element("blockquote", {}, element("p", { class: "llmv-text", dir: "auto" }, answer), element("small", {}, by))),
        kind === "answer" ? draft(row, "answer", "") : "",
        element("p", { class: "llmv-meta" },
          element("bdi", {}, row.where), " · ", element("bdi", {}, row.state), " · ", element("bdi", {}, row.by),
          row.here ? " · this state" : "", row.resolved ? " · resolved" : ""),
        element("div", { class: "llmv-actions" }, ...actions)),
    );
  };
  const drawRows = () => {
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const marks = focused?.endsWith("-field") ? [document.activeElement.selectionStart, document.activeElement.selectionEnd] : null;
    list.replaceChildren(...JSON.parse(model.get("rows")).map(line));
    if (!focused) return;
    const again = [...list.querySelectorAll("[data-key]")].find((node) => node.dataset.key === focused);
    again?.focus();
    if (marks) again?.setSelectionRange(...marks);
  };

  const drawCounts = () => {
    const { all = 0, here = 0, page = 0, pages: last = 1, undo: undoable = false, cells = null, unread = 0 } = JSON.parse(model.get("counts"));
    summary.textContent = all ? `${all.toLocaleString("en")}${here ? ` · ${here} about this state` : ""}` : "none yet: what do you notice?";
    undo.disabled = !undoable;
    const kept = cells
      ? "Each is a cell of this notebook, below the board."
      : "Nothing here keeps them with the notebook: v.findings.save() writes findings.json, v.findings shows them.";
    where.textContent = `${kept}${unread ? ` ${unread} could not be read: see v.findings.unread.` : ""}`;
    pages.replaceChildren(...(last > 1 ? [
      button("‹", "page before", () => ask("page", { page: page - 1 }), { disabled: page === 0 }),
      ` page ${page + 1} of ${last} `,
      button("›", "next page", () => ask("page", { page: page + 1 }), { disabled: page + 1 === last }),
    ] : []));
  };

  const drawRefusal = () => (refusal.textContent = model.get("refusal"));
  const heard = ({ done, reveal, region: edges, id: which }) => {
    if (edges) region.querySelectorAll("input").forEach((field, place) => (field.value = Number(edges[place].toPrecision(3))));
    if (done === "add") {
      text.value = condition.value = "";
      chosen.clear();
      drawMeasures();
    }
    if (done === "edit" || done === "answer") {
      drafts.delete(which);
      drawRows();
    }
    if (reveal) list.querySelector(`[data-id="${CSS.escape(reveal)}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const drawFold = () => (whole.open = model.get("unfolded"));
  const drawAuthor = () => (author.value = model.get("author"));

  const drawings = {
    "change:form": drawForm, "change:rows": drawRows, "change:counts": drawCounts, "change:refusal": drawRefusal,
    "change:unfolded": drawFold, "change:author": drawAuthor, "msg:custom": heard,
  };
  for (const [event, draw] of Object.entries(drawings)) model.on(event, draw);
  drawForm();
  drawRows();
  drawCounts();
  drawRefusal();
  return () => {
    for (const [event, draw] of Object.entries(drawings)) model.off(event, draw);
  };
}

export default { render };
