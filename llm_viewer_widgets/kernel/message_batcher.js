// Delivers updates that came as one message to the models they are for, in the order in which the kernel sent them.

/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {[id: string, state: object, buffer_paths: (string | number)[][]]} Part */

const SOON = 50; // ms in which a page begins to draw what it was asked to show
const PATIENCE = 2000; // ms, as anywidget gives a model to begin

/** @param {number} time */
const rest = (time) => new Promise((rested) => setTimeout(rested, time));

/** Comes true once no view of the models is under way and no other has begun.
 * @param {any} manager @param {string[]} ids */
async function drawn(manager, ids) {
  const models = await Promise.all(ids.map((id) => manager.get_model(id).catch(() => null)));
  for (let before = -1, count = 0; count !== before; ) {
    await rest(SOON);
    const views = models.flatMap((each) => Object.values(each?.views ?? {}));
    before = count;
    count = views.length;
    await Promise.allSettled(views);
  }
}

/** @param {{ model: AnyModel }} context */
function initialize({ model }) {
  const manager = model.widget_manager;
  let delivered = Promise.resolve();

  /** @param {Part[]} parts @param {DataView[]} buffers */
  const deliver = async (parts, buffers) => {
    for (const [id, state, buffer_paths] of parts) {
      const data = { method: "update", state, buffer_paths };
      const own = buffers.splice(0, buffer_paths.length);
      try {
        /** @type {any} */
        const target = await manager.get_model(id);
        await target._handle_comm_msg({ content: { data }, buffers: own });
      } catch {
        // A model that is not there any more, or not yet: it begins with its whole state.
      }
    }
  };
  /** @param {{ parts?: string }} content @param {DataView[]} buffers */
  const received = ({ parts }, buffers) => {
    if (parts) delivered = delivered.then(() => deliver(JSON.parse(parts), [...buffers]));
  };
  // A page takes a message once the one before has changed its model: the next waits here.
  /** @param {any} own @param {string[]} ids */
  const hold = (own, ids) => {
    own.state_change = Promise.race([drawn(manager, ids), rest(PATIENCE)]).catch(() => undefined);
  };
  model.on("msg:custom", received);
  model.on("change:leaving", hold);
  const delivers = typeof model.get("layout")?._handle_comm_msg === "function";
  model.send({ ready: typeof manager?.get_model === "function" && delivers });
  return () => {
    model.off("msg:custom", received);
    model.off("change:leaving", hold);
  };
}

export default { initialize };
