// Modules that scripts/build/bundle.js provides.

/** JavaScript bindings that wasm-bindgen generated for the wasm. */
declare module "#glue" {
  /** What pkg-template/insight uses of a client: src/api/ask.rs. */
  export interface Client extends Readonly<import("../index.js").Client> {
    __ask(
      method: string,
      path: string,
      body: string | undefined,
      isRead: boolean,
      signal: AbortSignal,
    ): Promise<[text: string, date: string | undefined]>;
    __share(): Client;
    __masked(text: string): string;
    readonly __retries: number;
    __end(call: string, name: string, value: unknown, signal: AbortSignal): Promise<unknown>;
    __elsewhere(checked: unknown[]): Client;
    __summary(
      path: string,
      onProgress: ((rows: number, total: number) => void) | undefined,
      signal: AbortSignal,
    ): Promise<Omit<import("../index.js").Summary, "database">>;
    __incidents(
      path: string,
      examples: number,
      groupOf: (row: import("../index.js").ReplicationDoc) => number,
      onProgress: ((rows: number, total: number) => void) | undefined,
      signal: AbortSignal,
    ): Promise<unknown[][]>;
  }
  export const Client: new (checked: unknown[]) => Client;
  /** The rules of audit(): src/api/audit.rs. */
  export function __audit(look: Float64Array): Float64Array;
  /** Consumes the client, as `Scheduler` does. */
  export const Replicator: new (client: Client) => import("../index.js").Replicator;
  export const Scheduler: new (client: Client) => import("../index.js").Scheduler;
  /** `diagnose` with the settings of the row's node, in milliseconds. */
  export function diagnose(
    row: unknown,
    interval?: number,
    health_threshold?: number,
  ): import("../index.js").Diagnosis | null;
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

/** The address of the wasm, relative to the file of the entry: scripts/build/www.js. */
declare module "#wasm-file" {
  const address: string;
  export default address;
}

/** A style sheet of the page as a text, for shadow trees: scripts/build/templates.js. */
declare module "*.css" {
  const text: string;
  export default text;
}

/** The colors of www/src/style/palette.css as custom properties of an element: scripts/build/element.js. */
declare module "#palette" {
  const declarations: string;
  export default declarations;
}
