// Rows of operators: sorts by a click on a head, selects by a click, Enter or Space; arrows move between rows.
// Every text is set as text, never as markup.
import { arrange, button, element, listen } from "../browser/dom.js";
import { requests } from "../browser/requests.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {{ name: string, kind: string, place: number, bound: string, cells: string[], numbers: number[] }} Row */

/**
 * @typedef {object} Line
 * @property {HTMLTableRowElement} tr
 * @property {HTMLElement} head
 * @property {HTMLElement} mark
 * @property {HTMLElement[]} cells
 */

/** @type {Record<string, string>} */
const SHAPES = { memory: "●", compute: "■", link: "▲" };

/** @param {{ model: AnyModel, el: HTMLElement }} context */
function render({ model, el }) {
  el.classList.add("llmv-table");
  const table = element("table");
  const caption = element("caption");
  const head = element("thead");
  const body = element("tbody");
  table.append(caption, head, body);
  el.append(table);
  /** @type {{ column: number, direction: number } | null} */
  let sorted = { column: model.get("columns").length - 1, direction: -1 }; // or null, the order of the forward pass
  /** @type {string} */
  let chosen = model.get("chosen"); // what is shown as selected
  /** @type {Map<string, Line>} */
  let lines = new Map(); // by the name of the operator; their elements stay, so that a click on them is not lost

  // The operators as the kernel sent them: names and kinds, cells as text, and their numbers in columns of float64.
  /** @returns {Row[]} */
  const rows = () => {
    const { buffer, byteOffset, byteLength } = model.get("numbers");
    const numbers = new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
    /** @type {[string, string][]} */
    const operators = JSON.parse(model.get("operators"));
    const texts = model.get("texts").split("\n");
    return operators.map(([name, kind], place) => {
      const [bound, ...cells] = texts[place].split("\t");
      const own = cells.map(
        (/** @type {string} */ _, /** @type {number} */ column) => numbers[column * operators.length + place],
      );
      return { name, kind, place, bound, cells, numbers: own };
    });
  };

  const ordered = () => {
    const found = rows();
    if (!sorted) return found;
    const { column, direction } = sorted;
    /** @type {(a: Row, b: Row) => number} */
    const by =
      column === 0 ? (a, b) => a.name.localeCompare(b.name) : (a, b) => a.numbers[column - 1] - b.numbers[column - 1];
    return found.sort((a, b) => direction * by(a, b) || a.place - b.place);
  };

  const drawHead = () => {
    const row = element("tr");
    /** @type {string[]} */
    const columns = model.get("columns");
    columns.forEach((name, column) => {
      const direction = sorted?.column === column ? sorted.direction : 0;
      const [sort, sign] = direction > 0 ? ["ascending", " ▲"] : direction < 0 ? ["descending", " ▼"] : ["none", ""];
      const turn = () => {
        const first = column === 0 ? 1 : -1;
        sorted =
          direction === 0 ? { column, direction: first } : direction === first ? { column, direction: -first } : null;
        drawHead();
        drawBody();
        head.querySelectorAll("button")[column].focus();
      };
      row.append(element("th", { scope: "col", "aria-sort": sort }, button(name + sign, `sort by ${name}`, turn)));
    });
    head.replaceChildren(row);
  };

  /** @param {string} name @param {number} columns @returns {Line} */
  const blank = (name, columns) => {
    const mark = element("span", { class: "llmv-mark" });
    const head = element("th", { scope: "row" }, mark, element("span", {}, name));
    const cells = Array.from({ length: columns }, () => element("td"));
    cells[columns - 1].classList.add("llmv-share");
    return { tr: element("tr", { "data-name": name }, head, ...cells), head, mark, cells };
  };
  /** @param {Row} row @param {boolean} first @param {number} longest */
  const line = (row, first, longest) => {
    const drawn = lines.get(row.name) ?? blank(row.name, row.cells.length);
    const { tr, head, mark, cells } = drawn;
    const selected = row.name === chosen;
    tr.tabIndex = selected || (!chosen && first) ? 0 : -1;
    tr.setAttribute("aria-selected", String(selected));
    head.title = `${row.name}: ${row.kind}, ${row.bound}-bound`;
    mark.setAttribute("aria-label", `${row.bound}-bound`);
    mark.textContent = row.bound
      .split("/")
      .map((bound) => SHAPES[bound])
      .join("");
    mark.style.color = model.get("colours")[row.kind];
    row.cells.forEach((text, column) => {
      cells[column].textContent = text;
    });
    const share = row.numbers[row.numbers.length - 1] / longest;
    cells[cells.length - 1].style.setProperty("--share", share.toFixed(3));
    return drawn;
  };

  const drawBody = () => {
    const focused = document.activeElement;
    const found = ordered();
    const longest = Math.max(...found.map((row) => row.numbers[row.numbers.length - 1]));
    const drawn = found.map((row, place) => line(row, place === 0, longest));
    lines = new Map(found.map(({ name }, place) => [name, drawn[place]]));
    arrange(
      body,
      drawn.map(({ tr }) => tr),
    );
    if (focused instanceof HTMLElement && body.contains(focused)) focused.focus(); // lost by a row that moves
    caption.textContent = model.get("caption");
  };

  const show = () => {
    if (!asked.areOpen()) chosen = model.get("chosen");
    drawBody();
  };
  const asked = requests(model, show);
  /** @param {HTMLTableRowElement} tr */
  const choose = ({ dataset }) => {
    chosen = dataset.name && dataset.name !== chosen ? dataset.name : "";
    drawBody();
    asked.ask({ select: chosen });
  };
  /** @param {Event} event */
  const rowOf = ({ target }) => (target instanceof Element ? target.closest("tr") : null);
  /** @param {Element | null} tr */
  const focusOn = (tr) => tr instanceof HTMLElement && tr.focus();
  body.addEventListener("click", (event) => {
    const tr = rowOf(event);
    if (tr) choose(tr);
  });
  body.addEventListener("keydown", (event) => {
    const tr = rowOf(event);
    if (!tr) return;
    if (event.key === "Enter" || event.key === " ") choose(tr);
    else if (event.key === "ArrowDown") focusOn(tr.nextElementSibling);
    else if (event.key === "ArrowUp") focusOn(tr.previousElementSibling);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const stop = listen(model, { "change:texts change:chosen change:caption": show });
  drawHead();
  drawBody();
  return () => {
    stop();
    asked.stop();
  };
}

export default { render };
