// @ts-check
// `serve`: the dashboard, and what monitoring asks for, on a port.

import { METRICS } from "../command.js";
import { count, text } from "../kinds.js";
import { findServer } from "../server/server.js";
import { UsageError } from "../usage-error.js";

/** Where the server is; a name that TypeScript does not follow, since it is built. */
const SERVE = new URL("../../serve/index.js", import.meta.url).href;

/** @type {import("../command.js").Command} */
export const serve = {
  name: "serve",
  summary: "shows the dashboard in a browser, and serves metrics",
  options: {
    demo: { help: "show a simulated server" },
    host: { kind: text("ADDRESS"), help: "address to listen on; default: 127.0.0.1" },
    port: { kind: count(0, 65_535), help: "port, or the next free one; 0: any; default: 8080" },
    server: { kind: text("NAME"), many: true, help: "server of config.json, several times: all of them on one page" },
    "allow-writes": { help: "allow to create, restart, change and delete replications" },
    "allow-host": { kind: text("NAME"), many: true, help: "another name under which browsers reach it; several times" },
    "auth-file": { kind: text("FILE"), help: "let in only those whose name and hash are in this file" },
    "hash-password": { help: "read a password, print its hash for --auth-file, and end" },
    "tls-cert": { kind: text("FILE"), help: "certificate with its chain, as PEM" },
    "tls-key": { kind: text("FILE"), help: "key of the certificate, as PEM" },
    "behind-proxy": { help: "a proxy in front of it asks for passwords and speaks TLS" },
    ...METRICS,
  },
  examples: [
    ["serve --demo", "the dashboard with a simulated server"],
    ["serve", "the dashboard of the server of COUCHDB_URL, for this machine only"],
    ["serve --server berlin --server lyon", "two servers of config.json on one page"],
    ["serve --host 0.0.0.0 --auth-file users --tls-cert cert.pem --tls-key key.pem", "for others, with passwords"],
  ],
  asks: "what the page and monitoring ask for: lists, counts and single documents; changes only with --allow-writes",
  exits: { 0: "ended by Ctrl-C or SIGTERM" },
  async run({ options, server, env, interrupted, signal }) {
    const { runServe } = await import(SERVE);
    if (options.demo || options["hash-password"]) return runServe(options, {}, { signal });
    const names = options.server ?? [];
    if (names.length < 2) return runServe(options, { couchdb: upstreamOf(await server()) }, { signal });
    const other = ["url", "user", "password-file", "password-stdin"].find((name) => options[name] !== undefined);
    if (other) throw new UsageError(`--${other} is for one server: config.json has the credentials of several`);
    const servers = [];
    for (const name of names) {
      servers.push({ name, ...upstreamOf(await findServer({ server: name }, env, process.stdin, interrupted)) });
    }
    return runServe(options, { servers }, { signal });
  },
};

/** @param {import("../server/server.js").Server} server */
const upstreamOf = ({ url, auth }) => ({ url, options: auth ? { auth } : {} });
