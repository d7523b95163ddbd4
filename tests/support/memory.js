// @ts-check
// How much memory the package takes: the wasm's own, and JavaScript's after a collection. Nothing may have imported the package before.

import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
/** @type {() => void} */
export const collectGarbage = runInNewContext("gc");

/** The package and its wasm's memory, caught while the package comes to life. */
export async function packageWithItsMemory() {
  const { Instance } = WebAssembly;
  /** @type {WebAssembly.Memory[]} */
  const memories = [];
  WebAssembly.Instance = class extends Instance {
    /** @param {WebAssembly.Module} module @param {WebAssembly.Imports} [imports] */
    constructor(module, imports) {
      super(module, imports);
      // Exports have short names, which nobody else is to know.
      const exported = Object.values(this.exports);
      memories.push(...exported.filter((one) => one instanceof WebAssembly.Memory));
    }
  };
  const imported = await import("couchdb-scheduler");
  WebAssembly.Instance = Instance;
  assert.equal(memories.length, 1);
  return { package: imported, memory: memories[0] };
}
