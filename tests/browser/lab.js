// Runs in the page before JupyterLab: what the tests ask of the open notebook, as functions of window.harness.
// `window.jupyterapp` is there because the server runs with expose_app_in_browser.
window.harness = (() => {
  const FRAME = 17; // ms
  const SILENCE = 5_000; // ms without a message, after which a kernel that answers has nothing more to say
  const LONG = 60_000; // ms that one condition may take, on two busy cores
  const MOST = 12; // notebooks that one JupyterLab opens, so that what each leaves behind never weighs
  let opened = 0;
  const pending = new Set(); // ids of requests to the kernel that it has not finished
  let watched = null;
  let heard = 0; // when the last message went either way
  const REST = 300; // ms after a change of the notebook until its bridge, which waits for 250, has told the kernel
  let changed = -REST; // when the notebook did

  const panel = () => window.jupyterapp?.shell?.currentWidget;
  const kernel = () => panel()?.sessionContext?.session?.kernel;
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

  function watch() {
    const session = panel()?.sessionContext?.session;
    if (!session || session === watched) return;
    watched = session;
    pending.clear();
    panel().context.model.sharedModel.ydoc.on("update", () => {
      changed = performance.now();
    });
    session.anyMessage.connect((_, { msg, direction }) => {
      heard = performance.now();
      if (direction === "send" && msg.channel !== "stdin") pending.add(msg.header.msg_id);
      else if (msg.header.msg_type === "status" && msg.content.execution_state === "idle")
        pending.delete(msg.parent_header.msg_id);
    });
  }

  return {
    // true once the notebook is open, its widgets' manager may be built and its kernel answers
    ready() {
      const context = panel()?.sessionContext;
      if (!context?.isReady || kernel()?.connectionStatus !== "connected" || kernel().status !== "idle") return false;
      watch();
      return true;
    },
    // whether JupyterLab is there and may open another notebook
    stays: () => Boolean(window.jupyterapp) && opened < MOST,
    async open(path) {
      const { sessions } = window.jupyterapp.serviceManager;
      opened += 1;
      window.harness.closeAll();
      await sessions.refreshRunning(); // else it would look for the kernel of a notebook that had the same path
      await window.jupyterapp.commands.execute("docmanager:open", { path, factory: "Notebook" });
    },
    closeAll() {
      for (const view of [...window.jupyterapp.shell.widgets("main")]) view.dispose();
    },
    path: () => panel()?.context?.path,
    waiting: () => pending.size,
    // Comes true once the kernel has been told of the newest change of the notebook.
    async told() {
      while (performance.now() - changed < REST) await frame();
      return true;
    },
    // Comes true once nothing is under way; ipywidgets sends a held-back value when the kernel goes idle, hence the frames.
    // What was sent to a comm that the kernel closed in the same moment may never be answered.
    async idle() {
      const started = performance.now();
      for (let quiet = 0; quiet < 3; quiet = pending.size ? 0 : quiet + 1) {
        await frame();
        if (pending.size && performance.now() - Math.max(heard, started) > SILENCE) {
          await kernel().requestKernelInfo();
          pending.clear();
        }
        if (performance.now() - started > LONG) throw new Error(`the kernel has not finished ${pending.size} requests`);
      }
      return true;
    },
    // Comes true once nothing changed in the notebook for `quiet` ms and as many frames as a page draws in them if it
    // keeps up: one that does not has changes before it. bqplot redraws 300 ms after a resize.
    async still(quiet) {
      let last = performance.now();
      let frames = 0;
      const touch = () => {
        last = performance.now();
        frames = 0;
      };
      const started = last;
      const changes = new MutationObserver(touch);
      changes.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      const sizes = new ResizeObserver(touch);
      for (const output of document.querySelectorAll(".jp-OutputArea-output")) sizes.observe(output);
      while (performance.now() - last < quiet || frames < quiet / FRAME) {
        await frame();
        frames += 1;
        if (performance.now() - started > LONG) throw new Error("the page does not come to rest");
      }
      changes.disconnect();
      sizes.disconnect();
      return true;
    },
    run: (command, args) => window.jupyterapp.commands.execute(command, args),
    async restart() {
      pending.clear();
      await kernel().restart();
    },
    async execute(code) {
      const answer = { text: "", error: null };
      const future = kernel().requestExecute({ code, store_history: false, allow_stdin: false });
      future.onIOPub = ({ header, content }) => {
        if (header.msg_type === "stream") answer.text += content.text;
        if (header.msg_type === "execute_result") answer.text += content.data["text/plain"];
        if (header.msg_type === "error") answer.error = content.traceback.join("\n");
      };
      await future.done;
      return answer;
    },
    errors() {
      const cells = [...panel().context.model.sharedModel.cells];
      return cells
        .flatMap((cell) => (cell.outputs ?? []).filter((o) => o.output_type === "error"))
        .map((output) => output.traceback.join("\n"));
    },
    foldSideBars() {
      window.jupyterapp.shell.collapseLeft();
      window.jupyterapp.shell.collapseRight();
    },
    outputWidth() {
      const seen = [".jp-OutputArea-output", ".jp-InputArea-editor"].map(
        (name) => document.querySelector(`.jp-Notebook .jp-CodeCell ${name}`)?.getBoundingClientRect().width,
      );
      return seen.find((width) => width > 0) ?? 0;
    },
  };
})();
