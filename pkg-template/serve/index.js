// @ts-check
// `couchdb-scheduler serve`: for the command line, and for tests.

export { runServe } from "./command.js";
export { serve } from "./serve.js";
