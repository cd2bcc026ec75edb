// Rows of operators: sorts by a click on a head, selects by a click, Enter or Space; arrows move between rows.
// Every text is set as text, never as markup.
const SHAPES = { memory: "●", compute: "■", link: "▲" };

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

  // The operators as the kernel sent them: names and kinds, cells as text, and their numbers in columns of float64.
  const rows = () => {
    const { buffer, byteOffset, byteLength } = model.get("numbers");
    const numbers = new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
    const operators = JSON.parse(model.get("operators"));
    const texts = model.get("texts").split("\n");
    return operators.map(([name, kind], place) => {
      const [bound, ...cells] = texts[place].split("\t");
      return { name, kind, place, bound, cells, numbers: cells.map((_, column) => numbers[column * operators.length + place]) };
    });
  };

  const ordered = () => {
    const found = rows();
    if (!sorted) return found;
    const column = sorted.column - 1;
    const by = column < 0 ? (a, b) => a.name.localeCompare(b.name) : (a, b) => a.numbers[column] - b.numbers[column];
    return found.sort((a, b) => sorted.direction * by(a, b) || a.place - b.place);
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

  const line = (row, chosen, first, longest) => {
    const selected = row.name === chosen;
    const focusable = selected || (!chosen && first);
    const tr = element("tr", { tabindex: focusable ? 0 : -1, "aria-selected": selected, "data-name": row.name });
    const name = element("th", { scope: "row", title: `${row.name}: ${row.kind}, ${row.bound}-bound` });
    const shapes = row.bound.split("/").map((bound) => SHAPES[bound]).join("");
    const mark = element("span", { class: "llmv-mark", "aria-label": `${row.bound}-bound` }, shapes);
    mark.style.color = model.get("colours")[row.kind];
    name.append(mark, element("span", {}, row.name));
    tr.append(name, ...row.cells.map((text) => element("td", {}, text)));
    tr.lastChild.style.setProperty("--share", (row.numbers.at(-1) / longest).toFixed(3));
    tr.lastChild.classList.add("llmv-share");
    return tr;
  };

  const drawBody = () => {
    const focused = body.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    const chosen = model.get("chosen");
    const found = ordered();
    const longest = Math.max(...found.map((row) => row.numbers.at(-1)));
    body.replaceChildren(...found.map((row, place) => line(row, chosen, place === 0, longest)));
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

  model.on("change:texts change:chosen change:caption", drawBody);
  drawHead();
  drawBody();
}

export default { render };
