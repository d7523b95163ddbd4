// @ts-check
// `npm start`: builds the package, and runs its `serve` until Ctrl-C: with `--demo`, or for the server of COUCHDB_URL.
//
// The flags are those of `serve`: `npm start -- --allow-writes`.

import { parseArgs } from "node:util";
import { build } from "./build.js";
import { takeCouchdbEnv } from "./lib/couchdb-env.js";
import { exitOnSignals } from "./lib/run.js";
import { Stop, start } from "./lib/say.js";

const text = { type: /** @type {const} */ ("string") };
const flag = { type: /** @type {const} */ ("boolean") };

/** pkg-template/serve/command.js explains them. */
const OPTIONS = {
  demo: flag,
  host: text,
  port: text,
  "allow-writes": flag,
  "allow-host": { ...text, multiple: true },
  "auth-file": text,
  "tls-cert": text,
  "tls-key": text,
  "behind-proxy": flag,
  database: { ...text, multiple: true },
  "per-replication": text,
  "max-series": text,
  "hash-password": flag,
};

const EXAMPLE = "http://user:password@localhost:5984";

/** @param {string | undefined} text @returns {string | undefined} */
function checkCouchdbUrl(text) {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Stop(`COUCHDB_URL is not the URL of a server: it looks like ${EXAMPLE}`);
  }
  // A password ends at a raw / ? or #, so the rest would be shown.
  if (url.search || url.hash || url.pathname.includes("@")) {
    throw new Stop(
      `COUCHDB_URL has parts that do not belong there: it looks like ${EXAMPLE}. In a password, / ? # @ are written %2F %3F %23 %40.`,
    );
  }
  return url.href;
}

exitOnSignals();
await start(async () => {
  const url = checkCouchdbUrl(takeCouchdbEnv().COUCHDB_URL);
  await build();
  const { runServe } = await import("../pkg/serve/index.js");
  try {
    const { values } = parseArgs({ options: OPTIONS });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal);
    process.exitCode = await runServe(url ? values : { demo: true, ...values }, url ? { url } : undefined);
  } catch (error) {
    const isUsage = error instanceof Error && (error.name === "UsageError" || "code" in error);
    throw isUsage ? new Stop(error.message) : error;
  }
});
