/**
 * The same package without the WebAssembly inside, for pages that serve `couchdb_scheduler.wasm` as
 * a separate file.
 *
 * @example
 * import { init, Scheduler } from "couchdb-scheduler/slim";
 * await init(fetch("/assets/couchdb_scheduler.wasm"));
 * const scheduler = new Scheduler(url);
 *
 * @module couchdb-scheduler/slim
 */

export * from "./index.js";

/** `WebAssembly.Module`, whether or not the project has type declarations of the platform. */
type Module = typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } } ? T & object : object;

/** Sources of the WebAssembly: the `Response` of a `fetch`, its bytes, or the compiled module. */
export type WasmSource = Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | Module;

/**
 * Compiles the WebAssembly. Await it once, before you use anything else of the package; further
 * calls do nothing. A response with the type `application/wasm` is compiled while it arrives.
 *
 * @throws {TypeError} If `source` is none of these.
 * @throws {Error} If it is a response with an HTTP error.
 * @throws {WebAssembly.CompileError} If it is not WebAssembly.
 *
 * @example
 * await init(fetch(new URL("couchdb_scheduler.wasm", import.meta.url)));
 */
export function init(source: WasmSource | PromiseLike<WasmSource>): Promise<void>;

/**
 * The same as `init`, but synchronous: for workers, and for code that cannot await. Accepts bytes
 * or a compiled module.
 *
 * @throws {TypeError} If `source` is neither.
 * @throws {WebAssembly.CompileError} If it is not WebAssembly.
 *
 * @example
 * initSync(await WebAssembly.compileStreaming(fetch("/assets/couchdb_scheduler.wasm")));
 */
export function initSync(source: Module | ArrayBuffer | ArrayBufferView<ArrayBuffer>): void;
