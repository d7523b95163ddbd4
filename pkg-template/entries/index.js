// @ts-check
// Browsers, bundlers, Node, Deno, Bun: the wasm travels inside this file and is ready when the import is. No file
// to find, nothing to await, nothing to configure.

import text from "#wasm-text";
import { decodeWasm } from "../loading/decode-wasm.js";
import { initSync } from "../loading/instantiate.js";

initSync(decodeWasm(text));

export * from "./api.js";
