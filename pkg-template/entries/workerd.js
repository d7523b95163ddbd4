// @ts-check
// Cloudflare's workerd, which forbids compiling wasm at run time; importing the file returns a compiled module.

import module from "#wasm-module";
import { initSync } from "../loading/instantiate.js";

initSync(module);

export * from "./api.js";
