// Delivers updates that came as one message to the models they are for, in the order in which the kernel sent them.
function initialize({ model }) {
  const manager = model.widget_manager;
  let delivered = Promise.resolve();

  const deliver = async (parts, buffers) => {
    for (const [id, state, buffer_paths] of parts) {
      const data = { method: "update", state, buffer_paths };
      const own = buffers.splice(0, buffer_paths.length);
      try {
        const target = await manager.get_model(id);
        await target._handle_comm_msg({ content: { data }, buffers: own });
      } catch {
        // A model that is not there any more, or not yet: it begins with its whole state.
      }
    }
  };
  model.on("msg:custom", ({ parts }, buffers) => {
    if (parts) delivered = delivered.then(() => deliver(JSON.parse(parts), [...buffers]));
  });
  const delivers = (target) => typeof target?._handle_comm_msg === "function";
  model.send({ ready: typeof manager?.get_model === "function" && delivers(model.get("layout")) });
}

export default { initialize };
