// Modules that scripts/build/bundle.js provides.

/** JavaScript bindings that wasm-bindgen generated for the wasm. */
declare module "#glue" {
  export const Client: typeof import("../index.js").Client;
  export const Replicator: typeof import("../index.js").Replicator;
  export const Scheduler: typeof import("../index.js").Scheduler;
  export const diagnose: typeof import("../index.js").diagnose;
  export const progress: typeof import("../index.js").progress;
  export function __wbg_get_imports(): WebAssembly.Imports;
  /** Uses this instance from now on. */
  export function __wbg_finalize_init(instance: WebAssembly.Instance): void;
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/** The wasm, encoded as text. */
declare module "#wasm-text" {
  const text: string;
  export default text;
}

/** The wasm as a file next to the entry; the environment compiles it. */
declare module "#wasm-module" {
  const module: WebAssembly.Module;
  export default module;
}
