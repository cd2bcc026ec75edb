// Notes, on one clock, when a key went down and when a board's picture changed after it, and what the kernel sent meanwhile.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const fresh = (key) => ({ key, last: 0, added: 0, draws: [], frames: [] });
  window.bench = fresh(0);
  window.addEventListener("keydown", (event) => (window.bench = fresh(performance.timeOrigin + event.timeStamp)), true);

  const drawn = ({ target }) =>
    (target instanceof Element ? target : target.parentElement)?.closest(
      ".llmv .bqplot, .llmv-table tbody, .llmv-floor",
    );
  const observer = new MutationObserver((records) => {
    const changed = records.filter(drawn);
    if (changed.length) {
      // Mutations of one frame are one drawing.
      if (now() - (window.bench.draws.at(-1) ?? 0) > 12) window.bench.draws.push(now());
      window.bench.last = now();
    }
    if (changed.some((record) => record.addedNodes.length)) window.bench.added = now();
  });
  document.addEventListener("DOMContentLoaded", () =>
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true }),
  );

  // Frames are kept as they come and decoded when asked for, so that counting them costs the redraw nothing.
  window.WebSocket = class extends WebSocket {
    constructor(...rest) {
      super(...rest);
      this.addEventListener("message", ({ data }) => data instanceof ArrayBuffer && window.bench.frames.push(data));
    }
  };
  // Parts of a frame of v1.kernel.websocket.jupyter.org: channel, header, parent, metadata, content, buffers.
  const part = (frame, index) => {
    const start = (i) => Number(new DataView(frame).getBigUint64(8 * (i + 1), true));
    return new TextDecoder().decode(new Uint8Array(frame, start(index), start(index + 1) - start(index)));
  };
  window.benchDrag = () => (window.bench = fresh(now()));
  // Messages of widgets since the key press, echoes left out, and the bytes of their whole frames.
  window.benchUpdates = () => {
    const updates = window.bench.frames.filter(
      (frame) =>
        JSON.parse(part(frame, 1)).msg_type === "comm_msg" &&
        ["update", "custom"].includes(JSON.parse(part(frame, 4)).data?.method),
    );
    return [updates.length, updates.reduce((sum, frame) => sum + frame.byteLength, 0)];
  };
})();
