// @ts-check
// Where the server may listen: on this machine; beyond it only with names and passwords over TLS, or if a proxy provides
// both.

import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { isReplicator } from "./allow-list.js";
import { isLoopback } from "./gate.js";
import { UsageError } from "./usage-error.js";

/**
 * @typedef {object} ServeOptions
 * @property {{ url: string, options?: import("couchdb-scheduler").ClientOptions }} [couchdb] the server, required unless `servers` or `demo`
 * @property {readonly { name: string, url: string, options?: import("couchdb-scheduler").ClientOptions }[]} [servers] several instead
 * @property {boolean} [demo] shows a simulated server; it accepts changes
 * @property {string} [host] the address to listen on. Default: 127.0.0.1
 * @property {number} [port] the next free port from this one on; 0 is any free port. Default: 8080
 * @property {boolean} [allowWrites] replications can be created and deleted
 * @property {readonly string[]} [allowHosts] other names of this server, with or without a port
 * @property {string} [authFile] names and password hashes of the visitors
 * @property {string} [tlsCert] file with the certificate and its chain, as PEM
 * @property {string} [tlsKey] file with its key, as PEM
 * @property {boolean} [behindProxy] a proxy in front of it authenticates the visitors, and speaks TLS
 * @property {import("./questions.js").Measured} [metrics] of what there are metrics. Default: `_replicator`
 * @property {(line: string) => void} [log] gets one line of JSON for each change. Default: standard error
 */

const NEEDS =
  "needs --auth-file with --tls-cert and --tls-key. --behind-proxy says instead that a proxy in front of it authenticates visitors, and speaks TLS.";

/** @param {string} flag @param {string} file */
function pem(flag, file) {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${flag} ${file} cannot be read: ${/** @type {NodeJS.ErrnoException} */ (error).code}`);
  }
}

/** @param {ServeOptions} options @returns {{ cert: Buffer, key: Buffer } | null} */
export function readTls({ tlsCert, tlsKey }) {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new UsageError("--tls-cert and --tls-key need each other.");
  if (tlsCert === undefined || tlsKey === undefined) return null;
  return { cert: pem("--tls-cert", tlsCert), key: pem("--tls-key", tlsKey) };
}

/** Throws a `UsageError` if the options leave the server open. @param {ServeOptions} options */
export function checkOptions({ couchdb, servers, demo, host = "127.0.0.1", port = 8080, allowHosts = [], ...options }) {
  if (!couchdb && !servers?.length && !demo)
    throw new UsageError("There is no server to show: name one, or use --demo for a simulated one.");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError("--port must be a whole number from 0 to 65535.");
  }
  for (const name of allowHosts) {
    if (!/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(name)) {
      throw new UsageError(`--allow-host ${name}: a name without scheme and path, such as replications.example.com`);
    }
  }
  const { databases = [], perReplication = "none", maxSeries = 0, lag } = options.metrics ?? {};
  for (const name of databases) {
    if (name !== "all" && !isReplicator(name)) {
      throw new UsageError(`--database ${name}: the name of a replicator database, such as _replicator, or "all"`);
    }
  }
  if (!["none", "unhealthy", "all"].includes(perReplication)) {
    throw new UsageError(`--per-replication must be "unhealthy" or "all", not "${perReplication}".`);
  }
  if (!Number.isInteger(maxSeries) || maxSeries < 0) throw new UsageError("--max-series must be a whole number.");
  if (lag && perReplication === "none") throw new UsageError("--lag needs --per-replication unhealthy or all.");
  const isLocal = host === "localhost" || (isIP(host) !== 0 && isLoopback(host));
  const isGuarded = options.authFile !== undefined && options.tlsCert !== undefined;
  if (!isLocal && !isGuarded && !options.behindProxy)
    throw new UsageError(`--host ${host} is open to other machines: it ${NEEDS}`);
}
