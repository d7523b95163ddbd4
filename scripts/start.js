// @ts-check
// `npm start`: builds the package, and runs its `serve` until Ctrl-C: with `--demo`, or for the server of COUCHDB_URL.
//
// The flags are those of `serve`: `npm start -- --allow-writes`.

import { build } from "./build.js";
import { takeCouchdbEnv } from "./lib/couchdb-env.js";
import { exitOnSignals } from "./lib/run.js";
import { start } from "./lib/say.js";

exitOnSignals();
await start(async () => {
  const environment = takeCouchdbEnv();
  await build();
  Object.assign(process.env, environment);
  // The command line ends by signals in its own way.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal);
  process.argv.splice(2, 0, "serve", ...(environment.COUCHDB_URL ? [] : ["--demo"]));
  const bin = new URL("../pkg/cli/main.js", import.meta.url).href;
  await import(bin);
});
