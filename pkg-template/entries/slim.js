// @ts-check
// For pages that serve the wasm as a separate file, which is cached, streamed, and compiled while it arrives.

import { refuseUntilInit } from "../loading/instantiate.js";

refuseUntilInit();

export { init } from "../loading/init.js";
export { initSync } from "../loading/instantiate.js";
export * from "./api.js";
