import assert from "node:assert/strict";
import { test } from "node:test";
import { load, Model } from "./page.js";

const batcher = await load("message_batcher.js");

/** A model of ipywidgets that takes its time. */
const target = (heard, name) => ({
  async _handle_comm_msg({ content, buffers }) {
    await null;
    heard.push([name, content.data.state, buffers]);
  },
});

function begin(models) {
  const get_model = async (id) => models[id] ?? Promise.reject(new Error("widget model not found"));
  const model = new Model({ layout: Object.values(models)[0] }, { get_model });
  return [model, batcher.default.initialize({ model })];
}

const rested = () => new Promise((done) => setTimeout(done));

test("it says whether it can deliver", () => {
  const [model] = begin({ a: target([], "a") });
  assert.deepEqual(model.sent, [{ ready: true }]);
  const elsewhere = new Model({ layout: {} });
  batcher.default.initialize({ model: elsewhere });
  assert.deepEqual(elsewhere.sent, [{ ready: false }]);
});

test("updates reach their models in their order, with their buffers, and one that is gone hinders none", async () => {
  const heard = [];
  const [model] = begin({ a: target(heard, "a"), b: target(heard, "b") });
  const first = [
    ["a", { x: 1 }, [["x"]]],
    ["gone", { y: 0 }, [["y"]]],
    ["b", { z: 2 }, [["z"], ["w"]]],
  ];
  model.trigger("msg:custom", { parts: JSON.stringify(first) }, [10, 11, 12, 13]);
  model.trigger("msg:custom", { parts: JSON.stringify([["a", { x: 3 }, []]]) }, []);
  model.trigger("msg:custom", {}, []);
  await rested();
  assert.deepEqual(heard, [
    ["a", { x: 1 }, [10]],
    ["b", { z: 2 }, [12, 13]],
    ["a", { x: 3 }, []],
  ]);
});

test("its end is the end of its listening", () => {
  const [model, end] = begin({ a: target([], "a") });
  end();
  assert.equal(model.listening, 0);
});

test("what comes after models that leave waits until none of their views is under way", async () => {
  let show;
  const view = new Promise((shown) => {
    show = shown;
  });
  const [model] = begin({ a: { views: { 1: view } }, b: {} });
  const own = {};
  model.trigger("change:leaving", own, ["a", "b", "gone"]);
  let waits = true;
  const over = own.state_change.then(() => {
    waits = false;
  });
  await new Promise((done) => setTimeout(done, 200));
  assert.equal(waits, true);
  show();
  await over;
});
