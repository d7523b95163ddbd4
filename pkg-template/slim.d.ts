/**
 * The same package without its wasm, for those who deliver `couchdb_scheduler.wasm` themselves.
 *
 * @example
 * import { init, Scheduler } from "couchdb-scheduler/slim";
 * await init(fetch("/assets/couchdb_scheduler.wasm"));
 * const scheduler = new Scheduler(url);
 *
 * @module couchdb-scheduler/slim
 */

export * from "./index.js";

/** `WebAssembly.Module`, whether or not the project has declarations of the platform. */
type Module = typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } } ? T & object : object;

/** What `init` can make a wasm of: the answer of `fetch`, the bytes, or the compiled module. */
export type WasmSource = Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | Module;

/**
 * Compiles the wasm, while it still arrives where the server sends it as `application/wasm`. To be awaited once, before
 * anything else of the package is used; further calls do nothing.
 *
 * @throws {TypeError} when `source` is nothing of that kind
 * @throws {Error} when it is an HTTP error
 * @throws {WebAssembly.CompileError} when it is not wasm
 */
export function init(source: WasmSource | PromiseLike<WasmSource>): Promise<void>;

/** The same at once, for a compiled module or bytes: where nothing can be awaited, and in workers. */
export function initSync(source: Module | ArrayBuffer | ArrayBufferView<ArrayBuffer>): void;
