// Cells of findings in the notebook: tells the kernel what they hold, and writes what it asks for, as one step that the
// notebook can undo. JupyterLab and Notebook 7 give the notebook's model to a widget's manager; elsewhere there is
// none. Two tabs are two notebooks with one kernel, which passes on to each what was done in the other.
import { uniqueName } from "../browser/dom.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {Record<string, any>} Metadata */
/**
 * @typedef {object} Cell
 * @property {string} id
 * @property {string} cell_type
 * @property {() => string} getSource
 * @property {(source: string) => void} setSource
 * @property {(key?: string) => Metadata} getMetadata
 * @property {(key: string, value: Metadata) => void} setMetadata
 */
/**
 * @typedef {object} Notebook
 * @property {Iterable<Cell>} cells
 * @property {(at: number, cell: object) => void} insertCell
 * @property {(at: number) => void} deleteCell
 * @property {(act: () => void) => void} transact
 * @property {{ on: (event: string, act: () => void) => void, off: (event: string, act: () => void) => void }} ydoc
 */
/** @typedef {[cell: string, finding: string, source: string, metadata: string]} Told */
/** @typedef {{ name: string, id?: string, cell?: Cell }} Entry a cell, or one that a step before has put there */

const KEY = "llm_viewer";
const MARKER = "<!-- llm-viewer finding -->";
const REST = 250; // ms without a change before the kernel is told

const SUPPRESS = "data-lm-suppress-shortcuts"; // heeded on the element that has the focus

// Keys typed on a board are the board's: two d's would delete its cell. Those with Ctrl or Cmd are the notebook's, such
// as the one that saves, but for Enter.
/** @param {KeyboardEvent} event */
function keepKeys({ target, key, ctrlKey, metaKey }) {
  if (!(target instanceof Element) || !target.closest(".llmv") || ((ctrlKey || metaKey) && key !== "Enter")) return;
  target.setAttribute(SUPPRESS, "true");
  setTimeout(() => target.removeAttribute(SUPPRESS));
}

/** @param {{ model: AnyModel }} context */
function initialize({ model }) {
  // Before the notebook hears of them. All boards of a page need it once.
  if (!("llmvKeepsKeys" in window)) window.addEventListener("keydown", keepKeys, true);
  Object.assign(window, { llmvKeepsKeys: true });
  /** @type {any} */
  const manager = model.widget_manager;
  /** @type {Notebook & Record<string, unknown>} */
  const notebook = manager?.context?.model?.sharedModel;
  const offers = ["insertCell", "deleteCell", "transact"].every((name) => typeof notebook?.[name] === "function");
  if (!offers || typeof notebook.ydoc?.on !== "function") {
    model.send({ ready: false });
    return undefined;
  }
  const page = uniqueName();
  let told = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let answers = {}; // what the kernel has not been told yet
  /** @type {Map<string, Told>} */
  let known = new Map(); // the cells that were told, by their names

  /** @param {Cell} cell */
  const own = (cell) => cell.getMetadata()?.[KEY];
  /** @param {Cell} cell */
  const nameOf = (cell) => {
    const name = own(cell)?.finding;
    return typeof name === "string" ? name : "";
  };
  /** @param {Cell} cell */
  const isFinding = (cell) =>
    cell.cell_type === "markdown" && (nameOf(cell) !== "" || cell.getSource().includes(MARKER));
  // A cell that cannot be read is as it was: one that is left out would be taken for deleted.
  /** @param {Cell} cell @returns {Told | undefined} */
  const read = (cell) => {
    try {
      if (!isFinding(cell)) return undefined;
      return [cell.id, nameOf(cell), cell.getSource(), JSON.stringify(cell.getMetadata())];
    } catch {
      return known.get(cell.id);
    }
  };

  // An answer to the kernel is told in any case: while its steps were under way it has not listened to anything else.
  // What cannot be told now is told later.
  /** @param {object} answer */
  const tell = (answer = {}) => {
    answers = { ...answers, ...answer };
    try {
      const cells = [...notebook.cells].map(read).filter((cell) => cell !== undefined);
      const now = JSON.stringify(cells);
      if (now === told && !Object.keys(answers).length) return;
      model.send({ ...answers, page, cells });
      told = now;
      answers = {};
      known = new Map(cells.map((cell) => [cell[0], cell]));
    } catch {
      later();
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => tell(), REST);
  };

  // The notebook's own list of cells follows only after a transaction, hence one of ours beside it.
  /** @param {[kind: string, content: any][]} steps @param {string} below @param {Set<string>} failed findings */
  const carryOut = (steps, below, failed) => {
    /** @type {Entry[]} */
    const listed = [...notebook.cells].map((cell) => {
      const found = read(cell);
      return { cell, id: cell.id, name: found ? found[1] || "?" : "" };
    });
    /** @param {string} name */
    const holding = (name) => listed.findIndex((entry) => entry.name === name);
    /** @param {Cell} cell @param {string} source @param {Metadata} metadata */
    const put = (cell, source, metadata) => {
      cell.setMetadata(KEY, metadata); // which may be refused, and then the text is as it was
      if (cell.getSource() !== source) cell.setSource(source);
    };
    // Before the finding that follows; else directly below the board, behind the findings that stand there already; at
    // the end where the board is gone.
    /** @param {string} next */
    const place = (next) => {
      const following = next ? holding(next) : -1;
      if (following >= 0) return following;
      let at = listed.findIndex((entry) => entry.id === below) + 1;
      if (at === 0) return listed.length;
      while (listed[at]?.name) at += 1;
      return at;
    };
    /** @type {Record<string, (content: any) => void>} */
    const doing = {
      /** @param {[name: string, source: string, base: string, metadata: Metadata, next: string]} content */
      write([name, source, base, metadata, next]) {
        const at = holding(name);
        const cell = listed[at]?.cell;
        if (at < 0 && base === "") {
          const to = place(next);
          notebook.insertCell(to, { cell_type: "markdown", source, metadata: { [KEY]: metadata } });
          listed.splice(to, 0, { name });
        } else if (cell && [base, source].includes(cell.getSource())) {
          put(cell, source, metadata); // where somebody has typed since, the kernel hears of that first
        }
      },
      /** @param {[name: string, base: string]} content */
      remove([name, base]) {
        const at = holding(name);
        if (at < 0 || listed[at].cell?.getSource() !== base) return;
        notebook.deleteCell(at);
        listed.splice(at, 1);
      },
      // The places stay, what they hold is dealt out anew.
      /** @param {string[]} names */
      order(names) {
        const from = names.flatMap((name) => {
          const at = holding(name);
          const cell = listed[at]?.cell;
          return cell ? [{ at, cell, name, source: cell.getSource(), metadata: own(cell) }] : [];
        });
        [...from]
          .sort((a, b) => a.at - b.at)
          .forEach(({ at, cell }, position) => {
            const { name, source, metadata } = from[position];
            put(cell, source, metadata);
            listed[at].name = name;
          });
      },
    };
    for (const [kind, content] of steps) {
      try {
        doing[kind]?.(content);
      } catch {
        for (const name of kind === "order" ? content : [content[0]]) failed.add(name);
      }
    }
  };

  // Each step stands for itself, and the kernel is answered whatever comes of them.
  /** @param {{ n: number, below?: string, steps?: string, done_by?: string | null }} content */
  const received = ({ n, below = "", steps = "[]", done_by = null }) => {
    /** @type {Set<string>} */
    const failed = new Set();
    /** @type {[kind: string, content: any][]} */
    let asked = [];
    try {
      asked = [JSON.parse(steps)].flat().filter((step) => Array.isArray(step) && Array.isArray(step[1]));
      if (done_by !== page) notebook.transact(() => carryOut(asked, below, failed));
    } catch {
      for (const [kind, content] of asked) if (kind === "write") failed.add(content[0]);
    }
    tell({ done: n, failed: [...failed] });
  };

  model.on("msg:custom", received);
  notebook.ydoc.on("update", later);
  tell({ ready: true });
  return () => {
    clearTimeout(timer);
    model.off("msg:custom", received);
    notebook.ydoc.off("update", later);
  };
}

export default { initialize };
