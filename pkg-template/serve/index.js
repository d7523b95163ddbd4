// @ts-check
// `couchdb-scheduler serve`: for the command line, and for tests.

export { runServe, SERVE_HELP, SERVE_OPTIONS } from "./command.js";
export { serve } from "./serve.js";
