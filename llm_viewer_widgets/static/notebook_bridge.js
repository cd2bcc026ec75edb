// Cells of findings in the notebook: tells the kernel what they hold, and writes what it asks for, as one step that the
// notebook can undo. JupyterLab and Notebook 7 give the notebook's model to a widget's manager; elsewhere there is none.
const KEY = "llm_viewer";
const MARKER = "<!-- llm-viewer finding -->";
const REST = 250; // ms without a change before the kernel is told

const SUPPRESS = "data-lm-suppress-shortcuts";

// The views keep the notebook's shortcuts off the keys that are meant for them; the one that saves is still the notebook's.
function letSave(event) {
  const view = event.target.closest?.(`.llmv [${SUPPRESS}]`);
  if (!view || event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  view.removeAttribute(SUPPRESS);
  setTimeout(() => view.setAttribute(SUPPRESS, "true"));
}

function initialize({ model }) {
  const notebook = model.widget_manager?.context?.model?.sharedModel;
  const offers = ["insertCell", "deleteCell", "transact"].every((name) => typeof notebook?.[name] === "function");
  if (!offers || typeof notebook.ydoc?.on !== "function") {
    model.send({ ready: false });
    return undefined;
  }
  let told = null;
  let timer = null;

  const own = (cell) => cell.getMetadata()?.[KEY];
  const nameOf = (cell) => String(own(cell)?.finding ?? "");
  const isFinding = (cell) => cell.cell_type === "markdown" && (nameOf(cell) !== "" || cell.getSource().includes(MARKER));

  const tell = () => {
    const found = [...notebook.cells].filter(isFinding);
    const cells = found.map((cell) => [cell.id, nameOf(cell), cell.getSource(), JSON.stringify(cell.getMetadata())]);
    const now = JSON.stringify(cells);
    if (now !== told) {
      told = now;
      model.send({ cells });
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(tell, REST);
  };

  // The notebook's own list of cells follows only after a transaction, hence one of ours beside it.
  const carryOut = (steps, below) => {
    const listed = [...notebook.cells].map((cell) => ({ cell, id: cell.id, name: isFinding(cell) ? nameOf(cell) || "?" : "" }));
    const holding = (name) => listed.findIndex((entry) => entry.name === name);
    const put = (cell, source, metadata) => {
      if (cell.getSource() !== source) cell.setSource(source);
      cell.setMetadata(KEY, metadata);
    };
    // Before the finding that follows; else directly below the board, behind the findings that stand there already; at
    // the end where the board is gone.
    const place = (next) => {
      const following = next ? holding(next) : -1;
      if (following >= 0) return following;
      let at = listed.findIndex((entry) => entry.id === below) + 1;
      if (at === 0) return listed.length;
      while (listed[at]?.name) at += 1;
      return at;
    };
    const doing = {
      write([name, source, base, metadata, next]) {
        const at = holding(name);
        if (at < 0 && base === "") {
          const to = place(next);
          notebook.insertCell(to, { cell_type: "markdown", source, metadata: { [KEY]: metadata } });
          listed.splice(to, 0, { name });
        } else if (at >= 0 && [base, source].includes(listed[at].cell?.getSource())) {
          put(listed[at].cell, source, metadata); // where somebody has typed since, the kernel hears of that first
        }
      },
      remove([name, base]) {
        const at = holding(name);
        if (at < 0 || listed[at].cell?.getSource() !== base) return;
        notebook.deleteCell(at);
        listed.splice(at, 1);
      },
      // The places stay, what they hold is dealt out anew.
      order(names) {
        const from = names.map(holding).filter((at) => at >= 0 && listed[at].cell);
        const contents = from.map((at) => [listed[at].cell.getSource(), own(listed[at].cell), listed[at].name]);
        [...from].sort((a, b) => a - b).forEach((at, position) => {
          const [source, metadata, name] = contents[position];
          put(listed[at].cell, source, metadata);
          listed[at].name = name;
        });
      },
    };
    for (const [kind, content] of steps) doing[kind]?.(content);
  };

  const received = ({ n, below = "", steps = [] }) => {
    notebook.transact(() => carryOut(steps, below));
    tell();
    model.send({ done: n });
  };

  model.on("msg:custom", received);
  notebook.ydoc.on("update", later);
  window.addEventListener("keydown", letSave, true); // before the notebook's own; added twice it is there once
  model.send({ ready: true });
  tell();
  return () => {
    clearTimeout(timer);
    model.off("msg:custom", received);
    notebook.ydoc.off("update", later);
  };
}

export default { initialize };
