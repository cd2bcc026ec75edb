// Rows of operators: sorts by a click on a head, selects by a click, Enter or Space; arrows move between rows.
// Every text is set as text, never as markup.
const SHAPES = { memory: "●", compute: "■" };

function element(tag, attributes = {}, text = "") {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

function render({ model, el }) {
  el.classList.add("llmv-table");
  const table = element("table");
  const caption = element("caption");
  const head = element("thead");
  const body = element("tbody");
  table.append(caption, head, body);
  el.append(table);
  let sorted = null; // column and direction, or the order of the forward pass

  const ordered = () => {
    const rows = JSON.parse(model.get("rows")).map((row, place) => ({ ...row, place }));
    if (!sorted) return rows;
    const by = sorted.column === 0 ? (a, b) => a.name.localeCompare(b.name) : (a, b) => a.sort[sorted.column - 1] - b.sort[sorted.column - 1];
    return rows.sort((a, b) => sorted.direction * by(a, b) || a.place - b.place);
  };

  const drawHead = () => {
    const row = element("tr");
    model.get("columns").forEach((name, column) => {
      const direction = sorted?.column === column ? sorted.direction : 0;
      const cell = element("th", { scope: "col", "aria-sort": direction ? (direction > 0 ? "ascending" : "descending") : "none" });
      const button = element("button", { type: "button", title: `sort by ${name}` }, name + (direction ? (direction > 0 ? " ▲" : " ▼") : ""));
      button.addEventListener("click", () => {
        const first = column === 0 ? 1 : -1;
        sorted = direction === 0 ? { column, direction: first } : direction === first ? { column, direction: -first } : null;
        drawHead();
        drawBody();
        head.querySelectorAll("button")[column].focus();
      });
      cell.append(button);
      row.append(cell);
    });
    head.replaceChildren(row);
  };

  const line = (row, chosen, first) => {
    const selected = row.name === chosen;
    const focusable = selected || (!chosen && first);
    const tr = element("tr", { tabindex: focusable ? 0 : -1, "aria-selected": selected, "data-name": row.name });
    const name = element("th", { scope: "row", title: `${row.kind}, ${row.bound}-bound` });
    const shapes = row.bound.split("/").map((bound) => SHAPES[bound]).join("");
    const mark = element("span", { class: "llmv-mark", "aria-label": `${row.bound}-bound` }, shapes);
    mark.style.color = model.get("colours")[row.kind];
    name.append(mark, element("span", {}, row.name));
    tr.append(name, ...row.text.map((text) => element("td", {}, text)));
    tr.lastChild.style.setProperty("--share", row.share);
    tr.lastChild.classList.add("llmv-share");
    return tr;
  };

  const drawBody = () => {
    const focused = body.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    const chosen = model.get("chosen");
    body.replaceChildren(...ordered().map((row, place) => line(row, chosen, place === 0)));
    if (focused) [...body.rows].find((tr) => tr.dataset.name === focused)?.focus();
    caption.textContent = model.get("caption");
  };

  const choose = (tr) => tr && model.send({ select: tr.dataset.name });
  body.addEventListener("click", (event) => choose(event.target.closest("tr")));
  body.addEventListener("keydown", (event) => {
    const tr = event.target.closest("tr");
    if (event.key === "Enter" || event.key === " ") choose(tr);
    else if (event.key === "ArrowDown") tr.nextElementSibling?.focus();
    else if (event.key === "ArrowUp") tr.previousElementSibling?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // Notebook shortcuts must not act on keys that are meant for the table.
  el.setAttribute("data-lm-suppress-shortcuts", "true");

  model.on("change:rows change:chosen change:caption", drawBody);
  drawHead();
  drawBody();
}

export default { render };
