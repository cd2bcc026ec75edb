// A page and anywidget's model for the tests of the widgets' modules.
import { readdirSync } from "node:fs";
import { JSDOM } from "jsdom";

const WIDGETS = new URL("../../llm_viewer_widgets/", import.meta.url);

/** The module of a name, in whatever room it lives. */
export function load(name) {
  const found = readdirSync(WIDGETS, { recursive: true }).filter((path) => path.split("/").at(-1) === name);
  if (found.length !== 1) throw new Error(`${found.length} modules are named ${name}`);
  return import(new URL(found[0], WIDGETS).href);
}

/** A fresh page, whose names a module finds as in a browser. */
export function openPage() {
  const { window } = new JSDOM("<!doctype html><body></body>", { pretendToBeVisual: true });
  // What jsdom lacks and the modules use.
  Object.assign(window.HTMLElement.prototype, { showPopover() {}, hidePopover() {}, scrollIntoView() {} });
  const names = ["document", "Element", "HTMLElement", "HTMLTableRowElement", "HTMLTextAreaElement", "Event"];
  for (const name of names) globalThis[name] = window[name];
  globalThis.window = window;
  globalThis.CSS = { escape: (text) => text };
  return window.document.body;
}

/** A model as anywidget gives it to a module: a state, messages to the kernel, and handlers. */
export class Model {
  sent = [];
  saved = [];
  #state;
  #changed = {};
  #handlers = new Map();

  constructor(state, manager = undefined) {
    this.#state = { answered: "", ...state };
    this.widget_manager = manager;
  }

  get(name) {
    return this.#state[name];
  }

  set(name, value) {
    this.#changed[name] = value;
    this.update({ [name]: value });
  }

  save_changes() {
    this.saved.push(this.#changed);
    this.#changed = {};
  }

  send(content) {
    this.sent.push(content);
  }

  on(events, handle) {
    for (const event of events.split(" ")) {
      this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handle]);
    }
  }

  off(events, handle) {
    for (const event of events.split(" ")) {
      this.#handlers.set(
        event,
        (this.#handlers.get(event) ?? []).filter((known) => known !== handle),
      );
    }
  }

  /** What the kernel sends: all is there before the first handler hears of it. */
  update(state) {
    const changed = Object.keys(state).filter((name) => this.#state[name] !== state[name]);
    Object.assign(this.#state, state);
    for (const name of changed) this.trigger(`change:${name}`);
  }

  trigger(event, ...heard) {
    for (const handle of this.#handlers.get(event) ?? []) handle(...heard);
  }

  /** The kernel's answer to a request, with the state that it led to. */
  answer(request, state = {}) {
    this.update({ ...state, answered: request.request });
  }

  get listening() {
    return [...this.#handlers.values()].flat().length;
  }
}

/** Shows a module's widget; `end` is what it gave for its end. */
export function show(module, model) {
  const el = document.createElement("div");
  document.body.append(el);
  return { el, end: module.default.render({ model, el }) };
}

/** Types or chooses a value and leaves it to be asked for. */
export function enter(field, value, events = ["input", "change"]) {
  field.focus();
  field.value = value;
  for (const event of events) field.dispatchEvent(new window.Event(event, { bubbles: true }));
}

export function press(node, key, more = {}) {
  const event = new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  node.dispatchEvent(event);
  return event;
}
