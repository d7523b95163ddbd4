// @ts-check
// The flags of `couchdb-scheduler serve`, and what it prints.

import { askPassword } from "./ask-password.js";
import { hashPassword } from "./password.js";
import { serve } from "./serve.js";
import { UsageError } from "./usage-error.js";

const text = { type: /** @type {const} */ ("string") };
const flag = { type: /** @type {const} */ ("boolean") };

/** For `parseArgs` of node:util. */
export const SERVE_OPTIONS = {
  demo: flag,
  host: text,
  port: text,
  "allow-writes": flag,
  "allow-host": { ...text, multiple: true },
  "auth-file": text,
  "tls-cert": text,
  "tls-key": text,
  "behind-proxy": flag,
  "hash-password": flag,
};

export const SERVE_HELP = `Shows the replications of one server in a browser, and to programs that watch.

  couchdb-scheduler serve --demo
  COUCHDB_URL=http://user:password@localhost:5984 couchdb-scheduler serve
  couchdb-scheduler serve --host 0.0.0.0 --auth-file visitors --tls-cert cert.pem --tls-key key.pem

  --demo               shows a simulated server
  --port N             port to listen on, or the next free one; 0: any   (default 8080)
  --host ADDRESS       address to listen on                              (default 127.0.0.1)
  --allow-writes       allows to create and delete replications; each change is a line of JSON on stderr
  --allow-host NAME    another name under which browsers reach it; may be repeated
  --auth-file FILE     lets in only those whose name:hash is in this file, by HTTP Basic
  --hash-password      reads a password, prints its hash for --auth-file, and ends
  --tls-cert FILE      certificate with its chain, as PEM; needs --tls-key
  --tls-key FILE       key of the certificate, as PEM
  --behind-proxy       a proxy in front of it authenticates visitors, and speaks TLS

Paths: / the dashboard, /healthz, /readyz, /api/summary (JSON).
Asks of the server what the open pages show; equal reads within a second are one request.
`;

/** @typedef {{ [name in keyof typeof SERVE_OPTIONS]?: string | boolean | string[] }} Values */

/** @param {string | undefined} text */
function portOf(text) {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text)) throw new UsageError(`--port must be a whole number from 0 to 65535, not "${text}".`);
  return Number(text);
}

/** Resolves at the first of these signals; the second one ends the process at once. */
const ended = () =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(signal));
  });

/**
 * Runs until a signal ends it.
 *
 * @param {any} values the parsed flags
 * @param {{ url: string, options?: import("couchdb-scheduler").ClientOptions }} [couchdb] the server, unless `--demo`
 * @returns {Promise<number>} the exit code
 * @throws {UsageError} if the options do not fit
 */
export async function runServe(values, couchdb) {
  if (values["hash-password"]) {
    process.stdout.write(`${await hashPassword(await askPassword())}\n`);
    return 0;
  }
  const isDemo = values.demo === true;
  const server = await serve({
    couchdb: isDemo ? undefined : couchdb,
    demo: isDemo,
    host: values.host,
    port: portOf(values.port),
    allowWrites: values["allow-writes"],
    allowHosts: values["allow-host"],
    authFile: values["auth-file"],
    tlsCert: values["tls-cert"],
    tlsKey: values["tls-key"],
    behindProxy: values["behind-proxy"],
  });
  const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
  // Before the line about Ctrl-C: whoever waits for it may send the signal at once.
  const end = ended();
  process.stdout.write(`${server.url}\n`);
  say(`Shows ${isDemo ? "a simulated server" : server.shows} at ${server.url}`);
  if (!isDemo) {
    say(values["allow-writes"] ? "It allows changes." : "It is read-only: --allow-writes allows changes.");
  }
  if (server.isPublic && values["behind-proxy"]) {
    const what = values["allow-writes"] ? "read and change replications" : "read";
    say(`WARNING: other machines can reach it. Unless your proxy prevents it, everyone who does can ${what}.`);
  }
  say("Ctrl-C ends it.");
  await end;
  await server.close();
  return 0;
}
