// What a view asks of the kernel. Answers come late: the state that one brings may be older than what a person has done
// since. So requests have names, the trait `answered` names the one that the state answers, and until that is the
// newest a view shows what was asked for.
import { uniqueName } from "./dom.js";

/** @import { AnyModel } from "@anywidget/types" */

/**
 * @param {AnyModel} model
 * @param {() => void} settle shows the kernel's state, which answers the newest request
 */
export function requests(model, settle) {
  const view = uniqueName();
  let count = 0;
  let newest = ""; // until it is answered
  /** @type {object | null} */
  let waiting = null;

  /** @param {object} content */
  const ask = (content) => {
    count += 1;
    newest = `${view}-${count}`;
    model.send({ ...content, request: newest });
  };
  const heard = () => {
    if (!newest || model.get("answered") !== newest) return;
    newest = "";
    const next = waiting;
    waiting = null;
    if (next) ask(next);
    else settle();
  };
  model.on("change:answered", heard);
  return {
    /** Asks at once. */
    ask,
    /** Asks once the request before is answered, unless another takes its place until then: a slider that is dragged.
     * @param {object} content */
    askNewest: (content) => {
      if (newest) waiting = content;
      else ask(content);
    },
    /** Whether the kernel's state is still without an answer to the newest request. */
    areOpen: () => newest !== "",
    stop: () => model.off("change:answered", heard),
  };
}
