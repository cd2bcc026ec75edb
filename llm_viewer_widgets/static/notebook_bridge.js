// Cells of findings in the notebook: tells the kernel what they hold, and writes what it asks for, as one step that the
// notebook can undo. JupyterLab and Notebook 7 give the notebook's model to a widget's manager; elsewhere there is none.
const KEY = "llm_viewer";
const MARKER = "<!-- llm-viewer finding -->";
const REST = 250; // ms without a change before the kernel is told

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
  const holding = (name) => notebook.cells.findIndex((cell) => cell.cell_type === "markdown" && nameOf(cell) === name);

  const tell = () => {
    const cells = notebook.cells.filter(isFinding).map((cell) => [cell.id, nameOf(cell), cell.getSource(), JSON.stringify(cell.getMetadata())]);
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

  // Before the finding that follows; else directly below the board, behind the findings that stand there already; at the
  // end where the board is gone.
  const place = (next, below) => {
    const following = next ? holding(next) : -1;
    if (following >= 0) return following;
    let at = notebook.cells.findIndex((cell) => cell.id === below) + 1;
    if (at === 0) return notebook.cells.length;
    while (at < notebook.cells.length && isFinding(notebook.cells[at])) at += 1;
    return at;
  };
  const put = (cell, source, metadata) => {
    if (cell.getSource() !== source) cell.setSource(source);
    cell.setMetadata(KEY, metadata);
  };
  const write = ([name, source, base, metadata, next], below) => {
    const at = holding(name);
    if (at >= 0) {
      // Where somebody has typed since, the kernel hears of that first.
      if (notebook.cells[at].getSource() === base || base === "") put(notebook.cells[at], source, metadata);
    } else if (base === "") {
      notebook.insertCell(place(next, below), { cell_type: "markdown", source, metadata: { [KEY]: metadata } });
    }
  };
  const remove = ([name, base]) => {
    const at = holding(name);
    if (at >= 0 && notebook.cells[at].getSource() === base) notebook.deleteCell(at);
  };
  // The places stay, what they hold is dealt out anew.
  const arrange = (names) => {
    const cells = names.map(holding).filter((at) => at >= 0).map((at) => notebook.cells[at]);
    const contents = cells.map((cell) => [cell.getSource(), own(cell)]);
    const places = [...cells].sort((a, b) => notebook.cells.indexOf(a) - notebook.cells.indexOf(b));
    places.forEach((cell, at) => put(cell, ...contents[at]));
  };

  const received = ({ n, below = "", steps = [] }) => {
    notebook.transact(() => {
      for (const [kind, content] of steps) {
        if (kind === "write") write(content, below);
        else if (kind === "remove") remove(content);
        else if (kind === "order") arrange(content);
      }
    });
    tell();
    model.send({ done: n });
  };

  model.on("msg:custom", received);
  notebook.ydoc.on("update", later);
  model.send({ ready: true });
  tell();
  return () => {
    clearTimeout(timer);
    model.off("msg:custom", received);
    notebook.ydoc.off("update", later);
  };
}

export default { initialize };
