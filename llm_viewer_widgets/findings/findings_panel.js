// Findings: a form, and the list a page at a time. Every text is set as text, never as markup; the notebook's own cells
// render their Markdown.
import { arrange, button, element, listen } from "../browser/dom.js";
import { findingForm } from "./findings_form.js";

/** @import { AnyModel } from "@anywidget/types" */
/**
 * @typedef {object} Row
 * @property {string} id
 * @property {number} number
 * @property {string} text
 * @property {boolean} whole
 * @property {string} where
 * @property {string} state
 * @property {string} by
 * @property {boolean} here
 * @property {boolean} resolved
 * @property {[by: string, text: string][]} answers
 * @property {string} status
 * @property {[claim: string, holds: boolean][]} claims
 * @property {string} reason
 */
/**
 * @typedef {object} Counts
 * @property {number} [all]
 * @property {number} [here]
 * @property {number} [page]
 * @property {number} [pages]
 * @property {boolean} [undo]
 * @property {boolean} [cells]
 * @property {number} [unread]
 * @property {number} [unwritten]
 */
/** @typedef {{ done?: string, refused?: string, reveal?: string, id?: string }} Heard */

/** @type {Record<string, string>} */
const SIGNS = { holds: "✓ holds", changed: "✗ changed", "no longer applies": "∅ no longer applies", "": "…" };

/** @param {{ model: AnyModel, el: HTMLElement }} context */
function render({ model, el }) {
  el.classList.add("llmv-notes");
  /** @type {Map<string, [kind: string, text: string]>} */
  const drafts = new Map(); // what somebody is about to write below a finding
  /** @type {Map<string, string>} */
  const saving = new Map(); // the text of a draft that is under way to the kernel, by its finding
  /** @param {string} what @param {object} content */
  const ask = (what, content = {}) => model.send({ do: what, ...content });
  const form = findingForm(model, ask);
  const summary = element("span");
  const where = element("p", { class: "llmv-hint" });
  const undo = button("Undo", "go back behind the last change of the list", () => ask("undo"));
  const pages = element("span", { class: "llmv-pages" });
  const list = element("ol");
  el.append(form.node, element("div", { class: "llmv-bar" }, summary, where, pages, undo), list);

  /** @param {Row} row @param {string} kind @param {string} start */
  const draft = (row, kind, start) => {
    const field = element("textarea", {
      rows: 3,
      "aria-label": `${kind} of finding ${row.number}`,
      "data-key": `${row.id}-field`,
    });
    field.value = drafts.get(row.id)?.[1] ?? start;
    field.addEventListener("input", () => drafts.set(row.id, [kind, field.value]));
    const close = () => {
      drafts.delete(row.id);
      drawRows();
    };
    const save = () => {
      if (saving.get(row.id) === field.value) return;
      saving.set(row.id, field.value);
      drafts.set(row.id, [kind, field.value]);
      ask(kind, { id: row.id, text: field.value });
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return element(
      "div",
      { class: "llmv-draft" },
      field,
      button("Save", "save (Ctrl+Enter)", save),
      button("Cancel", "leave it as it was (Escape)", close),
    );
  };
  /** @param {Row} row @param {string} kind */
  const begin = (row, kind) => {
    drafts.set(row.id, [kind, kind === "edit" ? row.text : ""]);
    drawRows();
    withKey(`${row.id}-field`)?.focus();
  };
  /** @param {string | undefined} key @returns {HTMLElement | undefined} */
  const withKey = (key) =>
    [...list.querySelectorAll("[data-key]")]
      .filter((node) => node instanceof HTMLElement)
      .find((node) => key && node.dataset.key === key);

  /** @param {Row} row */
  const line = (row) => {
    /** @param {string} name @param {string} title @param {string} what @param {object} content */
    const act = (name, title, what, content = {}) =>
      button(name, title, () => ask(what, { id: row.id, ...content }), {
        "data-key": `${row.id}-${name}`,
        "aria-label": `${name} finding ${row.number}`,
      });
    /** @param {string} name @param {string} title @param {string} kind */
    const open = (name, title, kind) =>
      button(name, title, () => begin(row, kind), {
        "data-key": `${row.id}-${name}`,
        "aria-label": `${name} finding ${row.number}`,
      });
    const status = element(
      "span",
      { class: `llmv-verdict llmv-${row.status.split(" ")[0] || "open"}` },
      SIGNS[row.status],
    );
    const claims = row.claims.map(([claim, holds]) => element("span", { class: holds ? "" : "llmv-broken" }, claim));
    const [kind] = drafts.get(row.id) ?? [""];
    const actions = [
      act("Show", "show the state that it was written in", "restore"),
      row.whole ? open("Edit", "say it in other words", "edit") : "",
      open("Answer", "answer it", "answer"),
      act(row.resolved ? "Reopen" : "Resolve", row.resolved ? "it is not settled" : "it is settled", "resolve", {
        resolved: !row.resolved,
      }),
      act("↑", "move up", "move", { by: -1 }),
      act("↓", "move down", "move", { by: 1 }),
      act("Delete", "delete; Undo brings it back", "delete"),
    ];
    return element(
      "li",
      { "data-id": row.id, class: `${row.here ? "llmv-here" : ""} ${row.resolved ? "llmv-resolved" : ""}` },
      element("span", { class: "llmv-number" }, String(row.number)),
      element(
        "div",
        { class: "llmv-finding" },
        kind === "edit" ? draft(row, "edit", row.text) : element("p", { class: "llmv-text", dir: "auto" }, row.text),
        element(
          "p",
          { class: "llmv-claims" },
          status,
          ...claims,
          row.reason ? element("span", { class: "llmv-broken" }, row.reason) : "",
        ),
        ...row.answers.map(([by, answer]) =>
          element(
            "blockquote",
            {},
            element("p", { class: "llmv-text", dir: "auto" }, answer),
            element("small", {}, by),
          ),
        ),
        kind === "answer" ? draft(row, "answer", "") : "",
        element(
          "p",
          { class: "llmv-meta" },
          element("bdi", {}, row.where),
          " · ",
          element("bdi", {}, row.state),
          " · ",
          element("bdi", {}, row.by),
          row.here ? " · this state" : "",
          row.resolved ? " · resolved" : "",
        ),
        element("div", { class: "llmv-actions" }, ...actions),
      ),
    );
  };
  /** @type {Map<string, { content: string, node: HTMLElement }>} */
  let lines = new Map(); // by the finding; one that says the same stays, so that neither click nor focus is lost
  const drawRows = () => {
    const focused = document.activeElement;
    const drawn = lines;
    lines = new Map();
    /** @type {Row[]} */
    const rows = JSON.parse(model.get("rows"));
    for (const row of rows) {
      const content = JSON.stringify([row, drafts.get(row.id)?.[0]]);
      const before = drawn.get(row.id);
      lines.set(row.id, before?.content === content ? before : { content, node: line(row) });
    }
    const within = focused instanceof HTMLElement && list.contains(focused);
    arrange(
      list,
      [...lines.values()].map(({ node }) => node),
    );
    if (!within || document.activeElement === focused) return;
    const again = withKey(focused.dataset.key);
    again?.focus();
    if (again instanceof HTMLTextAreaElement && focused instanceof HTMLTextAreaElement) {
      again.setSelectionRange(focused.selectionStart, focused.selectionEnd);
    }
  };

  const drawCounts = () => {
    /** @type {Counts} */
    const counts = JSON.parse(model.get("counts"));
    const { all = 0, here = 0, page = 0, pages: last = 1, undo: undoable = false, cells = false } = counts;
    const { unread = 0, unwritten = 0 } = counts;
    summary.textContent = all
      ? `${all.toLocaleString("en")}${here ? ` · ${here} about this state` : ""}`
      : "None yet: what do you notice?";
    undo.disabled = !undoable;
    const other = unwritten ? ` but for ${unwritten} that could not be written: v.findings.save() keeps them` : "";
    const kept = cells
      ? `Each is a cell of this notebook, below the board${other}.`
      : "Nothing here keeps them with the notebook: v.findings.save() writes findings.json, v.findings shows them.";
    where.textContent = `${kept}${unread ? ` ${unread} could not be read: see v.findings.unread.` : ""}`;
    pages.replaceChildren(
      ...(last > 1
        ? [
            button("‹", "page before", () => ask("page", { page: page - 1 }), { disabled: page === 0 }),
            ` page ${page + 1} of ${last} `,
            button("›", "next page", () => ask("page", { page: page + 1 }), { disabled: page + 1 === last }),
          ]
        : []),
    );
  };

  /** @param {Heard} heard */
  const hear = ({ done, refused, reveal, id = "" }) => {
    if (refused) saving.clear();
    if (done === "edit" || done === "answer") {
      if (saving.get(id) === drafts.get(id)?.[1]) drafts.delete(id); // else somebody has typed on since
      saving.delete(id);
      drawRows();
    }
    if (reveal) list.querySelector(`[data-id="${CSS.escape(reveal)}"]`)?.scrollIntoView({ block: "nearest" });
  };

  const stop = listen(model, { "change:rows": drawRows, "change:counts": drawCounts, "msg:custom": hear });
  drawRows();
  drawCounts();
  return () => {
    form.stop();
    stop();
  };
}

export default { render };
