// Cells of findings in the notebook: tells the kernel what they hold, and writes what it asks for, as one step that the
// notebook can undo. JupyterLab and Notebook 7 give the notebook's model to a widget's manager; elsewhere there is none.
const KEY = "llm_viewer";
const MARKER = "<!-- llm-viewer finding -->";
const REST = 250; // ms without a change before the kernel is told

const SUPPRESS = "data-lm-suppress-shortcuts"; // heeded on the element that has the focus

// Keys typed on a board are the board's: two d's would delete its cell. Those with Ctrl or Cmd are the notebook's, such as
// the one that saves, but for Enter.
function keepKeys({ target, key, ctrlKey, metaKey }) {
  if (!target.closest?.(".llmv") || ((ctrlKey || metaKey) && key !== "Enter")) return;
  target.setAttribute(SUPPRESS, "true");
  setTimeout(() => target.removeAttribute(SUPPRESS));
}

function initialize({ model }) {
  // Before the notebook hears of them. All boards of a page need it once.
  if (!window.llmvKeepsKeys) window.addEventListener("keydown", keepKeys, true);
  window.llmvKeepsKeys = true;
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

  // An answer to the kernel is told in any case: while its steps were under way it has not listened to anything else.
  const tell = (answer = {}) => {
    const found = [...notebook.cells].filter(isFinding);
    const cells = found.map((cell) => [cell.id, nameOf(cell), cell.getSource(), JSON.stringify(cell.getMetadata())]);
    const now = JSON.stringify(cells);
    if (now === told && !Object.keys(answer).length) return;
    told = now;
    model.send({ ...answer, cells });
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => tell(), REST);
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
    tell({ done: n });
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
