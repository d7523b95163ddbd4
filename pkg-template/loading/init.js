// @ts-check
// Loads the wasm from whatever the caller has: a URL, a response, bytes or a module.

import { initAsync, isModule, isReady } from "./instantiate.js";

/**
 * Checks the methods, not `instanceof`: polyfills and mocks have their own class.
 *
 * @param {any} value
 * @returns {value is Response}
 */
const isResponse = (value) => typeof value?.arrayBuffer === "function" && "ok" in value;

/** @param {any} value */
const isBytes = (value) =>
  ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === "[object ArrayBuffer]";

/** @param {Response} response */
export async function compileResponse(response) {
  if (!response.ok) {
    throw new Error(`init: the wasm was not delivered: HTTP ${response.status} from ${response.url}`);
  }
  // Engines stream only with exactly this content type, and many servers send another one.
  const isWasm = response.headers.get("content-type")?.toLowerCase() === "application/wasm";
  return isWasm && typeof WebAssembly.compileStreaming === "function"
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** @param {import("../slim.js").WasmSource | PromiseLike<import("../slim.js").WasmSource>} given */
async function load(given) {
  const source = await given;
  if (isModule(source)) await initAsync(source);
  else if (isBytes(source)) await initAsync(await WebAssembly.compile(source));
  else if (isResponse(source)) await initAsync(await compileResponse(source));
  else {
    throw new TypeError(
      "init: expected a Response, its promise, an ArrayBuffer, a typed array or a WebAssembly.Module: " +
        'for instance init(fetch("/couchdb_scheduler.wasm"))',
    );
  }
}

/** @type {Promise<void> | undefined} */
let loading;

/**
 * The first call loads; concurrent calls wait for it. After a failure the next call tries again.
 *
 * @type {typeof import("../slim.js").init}
 */
export async function init(source) {
  if (isReady()) return;
  loading ??= load(source);
  const mine = loading;
  try {
    await mine;
  } finally {
    if (loading === mine) loading = undefined;
  }
}
