// @ts-check
// For the dashboard, which serves the wasm as a separate file: what puts several responses together is loaded when it is called
// first. Not exported by the package: Service Workers cannot import later, and not every bundler makes several files.

import wasm from "#wasm-file";
import { compileResponse } from "../loading/init.js";
import { initAsync } from "../loading/instantiate.js";
import { ITERATORS } from "../runtime/methods.js";
import { completeClasses } from "./complete-classes.js";

/** @returns {Promise<any>} */
const insight = () =>
  import("./page-insight.js").catch(() => {
    throw new Error(
      "A part of the page cannot be loaded: its server has a newer version, or does not respond. Reload the page.",
    );
  });

/** @param {string} name @returns {any} */
const promised =
  (name) =>
  async (/** @type {unknown[]} */ ...args) =>
    (await insight())[name](...args);

/** @param {string} name @returns {any} */
const iterated =
  (name) =>
  (/** @type {unknown[]} */ ...args) => {
    /** @type {Promise<import("../runtime/row-iterator.js").RowSource> | undefined} */
    let source;
    const begun = () => {
      source ??= insight().then((methods) => methods[name](...args));
      return source;
    };
    const end = (/** @type {"stop" | "free"} */ step) => () =>
      void source?.then((source) => source[step]()).catch(() => {});
    return { fetchesAhead: false, next: async () => (await begun()).next(), stop: end("stop"), free: end("free") };
  };

const later = (/** @type {string} */ name) => (ITERATORS.includes(name) ? iterated(name) : promised(name));

export const { Client, Replicator, Scheduler } = completeClasses(
  new Proxy({}, { get: (_, name) => later(String(name)) }),
);
await initAsync(await compileResponse(await fetch(new URL(wasm, import.meta.url))));

export { diagnose } from "../insight/diagnose.js";
export { progress } from "../insight/progress.js";
export { REPLICATION_STATES } from "../runtime/replication-states.js";
export { SchedulerError } from "../runtime/scheduler-error.js";
