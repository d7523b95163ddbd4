// @ts-check
// Cloudflare's workerd: compiling wasm at run time is forbidden there; importing the file gives a compiled module.

import module from "#wasm-module";
import { initSync } from "../loading/instantiate.js";

initSync(module);

export * from "./api.js";
