// Elements of a page, made and kept. Every text becomes a text node, never markup.

/** @import { AnyModel } from "@anywidget/types" */

/**
 * An element with attributes and children. An attribute that is false is left out, one that is true has no value.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}

/**
 * A button that does something.
 * @param {string} text
 * @param {string} title
 * @param {() => void} act
 * @param {Record<string, string | boolean>} attributes
 */
export function button(text, title, act, attributes = {}) {
  const node = element("button", { type: "button", title, ...attributes }, text);
  node.addEventListener("click", act);
  return node;
}

/** A name for elements, unique in a page that may hold a board twice. */
export function uniqueName() {
  return `llmv-${Math.random().toString(36).slice(2)}`;
}

/** @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Brings the children of an element to a list. What stays where it is is not touched: it keeps the focus, and a click
 * that has begun on it.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function arrange(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, place) => {
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
}

/**
 * Listens to a model; returns what ends it.
 * @param {AnyModel} model
 * @param {Record<string, (...heard: any[]) => void>} handlers
 */
export function listen(model, handlers) {
  for (const [event, handle] of Object.entries(handlers)) model.on(event, handle);
  return () => {
    for (const [event, handle] of Object.entries(handlers)) model.off(event, handle);
  };
}

/**
 * Opens and closes with the trait `unfolded`, in both directions; returns what ends it.
 * @param {AnyModel} model
 * @param {HTMLDetailsElement} details
 */
export function unfoldWith(model, details) {
  const show = () => {
    details.open = model.get("unfolded");
  };
  details.addEventListener("toggle", () => {
    if (model.get("unfolded") === details.open) return;
    model.set("unfolded", details.open);
    model.save_changes();
  });
  show();
  return listen(model, { "change:unfolded": show });
}
