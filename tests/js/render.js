// Renders Markdown as JupyterLab does, a JSON text on each line in and out: its mathematics is taken out before marked sees
// the text, and put back into the page, where MathJax looks for it once more.
import { createInterface } from "node:readline";
import { marked } from "marked";

const PARTS = /(\$\$?|\\(?:begin|end)\{[a-z]*\*?\}|\\[{}$]|[{}]|(?:\n\s*)+|@@\d+@@|\\\\[()[\]])/i;
const ENDS = new Map([
  ["$", "$"],
  ["$$", "$$"],
  ["\\\\(", "\\\\)"],
  ["\\\\[", "\\\\]"],
]);
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Text without its mathematics, and what that is: from a sign that begins it to the next that ends it, in a paragraph. */
function parted(source) {
  const kept = [];
  const parts = source.split(PARTS);
  const text = [];
  for (let at = 0; at < parts.length; at += 1) {
    const begin = parts[at];
    const end = ENDS.get(begin) ?? (/^\\begin/i.test(begin) ? begin.replace("begin", "end") : undefined);
    let to = end === undefined ? -1 : parts.indexOf(end, at + 1);
    if (parts.slice(at + 1, to).some((part) => /\n.*\n/.test(part))) to = -1;
    if (to < 0) text.push(begin);
    else {
      text.push(`@@${kept.length}@@`);
      kept.push(escaped(parts.slice(at, to + 1).join("")));
      at = to;
    }
  }
  return [text.join(""), kept];
}

function rendered(source) {
  const [text, kept] = parted(source);
  return [marked.parse(source), marked.parse(text).replace(/@@(\d+)@@/g, (all, at) => kept[at] ?? all)];
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(rendered(JSON.parse(line)))}\n`);
}
