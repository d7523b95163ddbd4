// @ts-check
// For those who deliver the wasm themselves, as a file of its own: cached, streamed, compiled while it arrives.

import { refuseUntilInit } from "../loading/instantiate.js";

refuseUntilInit();

export { init } from "../loading/init.js";
export { initSync } from "../loading/instantiate.js";
export * from "./api.js";
