// @ts-check
// Instantiates the wasm and passes it to wasm-bindgen's glue, once.

import * as glue from "#glue";

let ready = false;

export const isReady = () => ready;

/**
 * While the wasm is not loaded, every class and function of the package throws an error that says what to do, instead
 * of failing on a property of undefined.
 */
export function refuseUntilInit() {
  const refuse = () => {
    throw new Error(
      'couchdb-scheduler/slim has no wasm yet: first call `await init(fetch(url))` with the address of "couchdb_scheduler.wasm"',
    );
  };
  glue.__wbg_set_wasm(new Proxy({}, { get: refuse }));
}

/**
 * Checks the tag, not `instanceof`: a module may come from another realm (a worker's message, a test's sandbox).
 *
 * @param {unknown} value
 * @returns {value is WebAssembly.Module}
 */
export const isModule = (value) => Object.prototype.toString.call(value) === "[object WebAssembly.Module]";

/** @param {WebAssembly.Module | BufferSource} source */
export function initSync(source) {
  if (ready) return;
  const module = isModule(source) ? source : new WebAssembly.Module(source);
  glue.__wbg_finalize_init(new WebAssembly.Instance(module, glue.__wbg_get_imports()));
  ready = true;
}

/**
 * Chrome before 115 refuses to instantiate more than 4 kB synchronously on the main thread of a page, also when it is compiled.
 *
 * @param {WebAssembly.Module} module
 */
export async function initAsync(module) {
  const instance = await WebAssembly.instantiate(module, glue.__wbg_get_imports());
  // `initSync` may have been called in the meantime.
  if (ready) return;
  glue.__wbg_finalize_init(instance);
  ready = true;
}
