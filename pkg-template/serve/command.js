// @ts-check
// The flags of `couchdb-scheduler serve`, and what it prints.

import { askPassword } from "./ask-password.js";
import { hashPassword } from "./password.js";
import { serve } from "./serve.js";
import { UsageError } from "./usage-error.js";

/** @param {string | number | undefined} text */
function portOf(text) {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(String(text))) {
    throw new UsageError(`--port must be a whole number from 0 to 65535, not "${text}".`);
  }
  return Number(text);
}

/** Resolves at the first of these signals; without a listener, the second one ends the process at once. */
const signalled = () =>
  new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, resolve);
  });

/** @param {AbortSignal} signal */
const aborted = (signal) =>
  new Promise((resolve) => {
    signal.addEventListener("abort", resolve, { once: true });
    if (signal.aborted) resolve(undefined);
  });

/**
 * Runs until a signal ends it. The flags:
 *
 * - `demo`: shows a simulated server
 * - `port N`: port to listen on, or the next free one; 0: any; default: 8080
 * - `host ADDRESS`: address to listen on; default: 127.0.0.1
 * - `allow-writes`: allows to create, restart, change and delete replications; each change is a line of JSON on standard error
 * - `allow-host NAME`: another name under which browsers reach it; a list
 * - `auth-file FILE`: lets in only those whose `name:hash` is in this file, by HTTP Basic
 * - `hash-password`: reads a password, prints its hash for the file, and ends
 * - `tls-cert FILE`: certificate with its chain, as PEM; needs `tls-key`
 * - `tls-key FILE`: key of the certificate, as PEM
 * - `behind-proxy`: a proxy in front of it authenticates visitors, and speaks TLS
 * - `database NAME`: replicator database of the metrics, or `all`; a list; default: _replicator
 * - `per-replication unhealthy|all`: which replications have metrics of their own; default: none
 * - `max-series N`: maximum number of these; default: 2000
 * - `lag`: metrics of how far behind these replications are, too
 *
 * @param {Record<string, any>} values of the flags, by name
 * @param {Pick<import("./options.js").ServeOptions, "couchdb" | "servers">} which neither: `demo`
 * @param {{ signal?: AbortSignal }} [options] what ends it instead of the signals of the process
 * @returns {Promise<number>} the exit code
 * @throws {UsageError} if the options do not fit
 */
export async function runServe(values, { couchdb, servers }, { signal } = {}) {
  if (values["hash-password"]) {
    process.stdout.write(`${await hashPassword(await askPassword())}\n`);
    return 0;
  }
  const isDemo = values.demo === true;
  const server = await serve({
    couchdb: isDemo ? undefined : couchdb,
    servers: isDemo ? undefined : servers,
    demo: isDemo,
    host: values.host,
    port: portOf(values.port),
    allowWrites: values["allow-writes"],
    allowHosts: values["allow-host"],
    authFile: values["auth-file"],
    tlsCert: values["tls-cert"],
    tlsKey: values["tls-key"],
    behindProxy: values["behind-proxy"],
    metrics: {
      databases: values.database ?? ["_replicator"],
      ...(values["per-replication"] !== undefined && { perReplication: values["per-replication"] }),
      ...(values["max-series"] !== undefined && { maxSeries: Number(values["max-series"]) }),
      ...(values.lag && { lag: true }),
    },
  });
  const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
  // Before the line about Ctrl-C: a program that waits for it may send the signal immediately.
  const end = signal ? aborted(signal) : signalled();
  process.stdout.write(`${server.url}\n`);
  say(`Shows ${isDemo ? "a simulated server" : server.shows} at ${server.url}`);
  if (!isDemo) {
    say(values["allow-writes"] ? "It allows changes." : "It is read-only: --allow-writes allows changes.");
  }
  if (server.isPublic && values["auth-file"] !== undefined) {
    say("Other machines can reach it, with a name and a password of --auth-file.");
  } else if (server.isPublic) {
    const what = values["allow-writes"] ? "read and change replications" : "read";
    say(`WARNING: other machines can reach it. Unless your proxy prevents it, everyone who does can ${what}.`);
  }
  say("Ctrl-C ends it.");
  await end;
  await server.close();
  return 0;
}
