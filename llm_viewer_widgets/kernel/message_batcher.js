// Delivers updates that came as one message to the models they are for, in the order in which the kernel sent them.

/** @import { AnyModel } from "@anywidget/types" */
/** @typedef {[id: string, state: object, buffer_paths: (string | number)[][]]} Part */

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
  model.on("msg:custom", received);
  const delivers = typeof model.get("layout")?._handle_comm_msg === "function";
  model.send({ ready: typeof manager?.get_model === "function" && delivers });
  return () => model.off("msg:custom", received);
}

export default { initialize };
