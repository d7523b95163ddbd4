// @ts-check
// Browsers, bundlers, Node, Deno, Bun: the wasm is inside this file and ready when the import is. There is no file
// to locate, nothing to await, nothing to configure.

import text from "#wasm-text";
import { decodeWasm } from "../loading/decode-wasm.js";
import { initSync } from "../loading/instantiate.js";

initSync(decodeWasm(text));

export * from "./api.js";
