// @ts-check
// The server: the page, the way to CouchDB that the page needs, and answers for programs that watch.

import { createRequire } from "node:module";
import { isIP } from "node:net";
import { dirname, join } from "node:path";
import { Client } from "couchdb-scheduler";
import { ownCredentials } from "./credentials.js";
import { demo } from "./demo.js";
import { createGate, isLoopback } from "./gate.js";
import { createHandler } from "./handle.js";
import { listen } from "./listen.js";
import { checkOptions, readTls } from "./options.js";
import { loadPage } from "./page.js";
import { UsageError } from "./usage-error.js";
import { createDoorkeeper, readVisitors } from "./visitors.js";

/** The folder of the installed package. */
const PACKAGE = dirname(createRequire(import.meta.url).resolve("couchdb-scheduler/package.json"));
const PAGE = join(PACKAGE, "serve", "page");

/** A URL with its user info as `auth`, as the package reads it. @param {string} text @param {import("couchdb-scheduler").ClientOptions} options */
function separate(text, options) {
  let client;
  try {
    client = new Client(text, options);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  // The URL that it reports has no credentials.
  const { url } = client;
  client.free();
  const [username = "", password = ""] = [new URL(text).username, new URL(text).password].map(decodeURIComponent);
  const auth = options.auth ?? (username === "" ? undefined : { username, password });
  return { url, options: { ...options, auth } };
}

/**
 * Starts the server.
 *
 * @param {import("./options.js").ServeOptions} given
 * @param {{ now?: () => number }} [clock] monotonic, in milliseconds
 * @returns {Promise<{ url: string, shows: string, isPublic: boolean, close: () => Promise<void> }>} `url` does not end
 *   with a slash; `shows` is CouchDB's URL without credentials; `isPublic`: other machines can reach it
 */
export async function serve(given, { now = () => performance.now() } = {}) {
  checkOptions(given);
  const { host = "127.0.0.1", port = 8080, allowHosts = [], authFile, log } = given;
  const tls = readTls(given);
  const doorkeeper = authFile === undefined ? null : createDoorkeeper(readVisitors(authFile), now);
  const isDemo = given.demo === true;
  const named = given.couchdb && !isDemo ? given.couchdb : await demo(PAGE);
  const { url, options } = separate(named.url, named.options ?? {});
  // Visitors who are known here use the server's identity, whatever it is.
  const hasOwn = doorkeeper !== null || options.auth !== undefined || options.headers !== undefined;
  const own = hasOwn ? ownCredentials(url, options, now) : null;
  const page = loadPage(PAGE, join(PACKAGE, "couchdb_scheduler.wasm"));
  const names = isIP(host) || host === "localhost" ? allowHosts : [host, ...allowHosts];

  const listening = await listen({
    port,
    host,
    tls,
    handler: (address) =>
      createHandler({
        upstream: { url, fetch: options.fetch ?? globalThis.fetch },
        own,
        page,
        gate: createGate({ listening: address, names, isTls: tls !== null }),
        doorkeeper,
        allowWrites: isDemo || given.allowWrites === true,
        isDemo,
        measured: given.metrics ?? { databases: ["_replicator"] },
        now,
        log: log ?? ((line) => process.stderr.write(`${line}\n`)),
      }),
  });
  return {
    url: listening.url,
    shows: url,
    isPublic: !isLoopback(listening.address),
    async close() {
      await listening.close();
      await own?.close();
    },
  };
}
