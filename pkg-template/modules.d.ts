// What scripts/build/bundle.js puts in the place of these names.

/** The JavaScript that wasm-bindgen wrote around the wasm. */
declare module "#glue" {
  export const Client: typeof import("./index.js").Client;
  export const Replicator: typeof import("./index.js").Replicator;
  export const Scheduler: typeof import("./index.js").Scheduler;
  export const diagnose: typeof import("./index.js").diagnose;
  export const progress: typeof import("./index.js").progress;
  export function __wbg_get_imports(): WebAssembly.Imports;
  /** Takes an instance into use. */
  export function __wbg_finalize_init(instance: WebAssembly.Instance): void;
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/** The wasm itself, as text. */
declare module "#wasm-text" {
  const text: string;
  export default text;
}

/** The wasm as a file beside the entry, which the environment compiles. */
declare module "#wasm-module" {
  const module: WebAssembly.Module;
  export default module;
}
