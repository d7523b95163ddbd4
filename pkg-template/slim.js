// @ts-check
// For those who deliver the wasm themselves, as a file of its own: cached, streamed, compiled while it arrives.

import { refuseUntilInit } from "./instantiate.js";

refuseUntilInit();

export * from "./api.js";
export { init } from "./init.js";
export { initSync } from "./instantiate.js";
