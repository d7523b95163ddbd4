// @ts-check
// The server: the page, the way to CouchDB that the page needs, and answers for programs that watch.

import { createRequire } from "node:module";
import { isIP } from "node:net";
import { dirname, join } from "node:path";
import { Client } from "couchdb-scheduler";
import { safeJson } from "../cli/output/text.js";
import { ownCredentials } from "./credentials.js";
import { demo } from "./demo.js";
import { createGate, isLoopback } from "./gate.js";
import { createHandler } from "./handle.js";
import { listen } from "./listen.js";
import { checkOptions, readTls } from "./options.js";
import { loadPage } from "./page.js";
import { Refusal } from "./refusal.js";
import { checkNames, createSwitch, listing } from "./several.js";
import { UsageError } from "./usage-error.js";
import { createDoorkeeper, readVisitors } from "./visitors.js";

/** The folder of the installed package. */
const PACKAGE = dirname(createRequire(import.meta.url).resolve("couchdb-scheduler/package.json"));
const PAGE = join(PACKAGE, "serve", "page");

/** The page of several servers is none of them. */
const NOWHERE = {
  url: "http://nowhere.invalid",
  fetch: async () => {
    throw new Refusal(404, "not_found", "Each server is below /servers/NAME.");
  },
};

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
  const { host = "127.0.0.1", port = 8080, allowHosts = [], authFile } = given;
  const tls = readTls(given);
  const doorkeeper = authFile === undefined ? null : createDoorkeeper(readVisitors(authFile), now);
  const isDemo = given.demo === true;
  const shown = (given.servers ?? [{ name: "", ...(given.couchdb && !isDemo ? given.couchdb : await demo(PAGE)) }]).map(
    ({ name, url, options = {} }) => ({ name, ...separate(url, options) }),
  );
  if (given.servers) checkNames(given.servers);
  // Visitors who are known here use the server's identity, whatever it is.
  const hasOwn = (/** @type {typeof shown[number]} */ { options }) =>
    doorkeeper !== null || options.auth !== undefined || options.headers !== undefined;
  const stranger = given.servers && shown.find((server) => !hasOwn(server));
  if (stranger) {
    // A browser would send the session that a visitor has with one server to all of them.
    throw new UsageError(`--server ${stranger.name}: with several servers, each needs its user and password.`);
  }
  const servers = shown.map((server) => ({
    ...server,
    own: hasOwn(server) ? ownCredentials(server.url, server.options, now) : null,
  }));
  const page = loadPage(PAGE, join(PACKAGE, "couchdb_scheduler.wasm"));
  const names = isIP(host) || host === "localhost" ? allowHosts : [host, ...allowHosts];

  const allowWrites = isDemo || given.allowWrites === true;
  const log = given.log ?? ((/** @type {string} */ line) => process.stderr.write(`${line}\n`));

  /** @param {{ address: string, port: number }} address */
  function handlerFor(address) {
    const gate = createGate({ listening: address, names, isTls: tls !== null });
    const measured = given.metrics ?? { databases: ["_replicator"] };
    const isRemote = !isLoopback(address.address);
    const common = { page, gate, doorkeeper, allowWrites, isDemo, isRemote, measured, now };
    const handlers = servers.map(({ name, url, options, own }) => {
      const upstream = { url, fetch: options.fetch ?? globalThis.fetch };
      const named = (/** @type {string} */ line) => log(safeJson({ server: name, ...JSON.parse(line) }));
      const handler = createHandler({ ...common, upstream, own, log: given.servers ? named : log });
      return /** @type {const} */ ([name, handler]);
    });
    const [[, first] = []] = handlers;
    if (!given.servers && first) return first;
    const config = listing(servers, allowWrites);
    return createSwitch(
      new Map(handlers),
      createHandler({ ...common, upstream: NOWHERE, own: null, listing: config, log }),
    );
  }

  const listening = await listen({ port, host, tls, handler: handlerFor });
  return {
    url: listening.url,
    shows: servers.map(({ url }) => url).join(", "),
    isPublic: !isLoopback(listening.address),
    async close() {
      await listening.close();
      await Promise.all(servers.map(({ own }) => own?.close()));
    },
  };
}
