// @ts-check
// Measures the memory of the package: that of the wasm, and that of JavaScript after a garbage collection. The package must not be imported before.

import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
/** @type {() => void} */
export const collectGarbage = runInNewContext("gc");

/** The package and its wasm's memory, captured when the package is instantiated. */
export async function packageWithItsMemory() {
  const { Instance } = WebAssembly;
  /** @type {WebAssembly.Memory[]} */
  const memories = [];
  WebAssembly.Instance = class extends Instance {
    /** @param {WebAssembly.Module} module @param {WebAssembly.Imports} [imports] */
    constructor(module, imports) {
      super(module, imports);
      // Exports have short names that can change.
      const exported = Object.values(this.exports);
      memories.push(...exported.filter((one) => one instanceof WebAssembly.Memory));
    }
  };
  const imported = await import("couchdb-scheduler");
  WebAssembly.Instance = Instance;
  // The decoder of the wasm's text has a memory, too.
  assert.equal(memories.length, 2);
  return { package: imported, memory: /** @type {WebAssembly.Memory} */ (memories[1]) };
}
