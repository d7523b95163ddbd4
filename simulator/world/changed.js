// @ts-check
/** Which changes of a replication document restart its replication. */
/** @typedef {import("./database.js").Json} Json */

/** Options whose absence means this value. @type {Record<string, any>} */
const DEFAULTS = {
  worker_processes: 4,
  worker_batch_size: 500,
  http_connections: 20,
  connection_timeout: 30_000,
  retries_per_request: 5,
  checkpoint_interval: 30_000,
  use_checkpoints: true,
  use_bulk_get: true,
};

/** Options without a default: present and absent differ, even where they mean the same. */
const OTHERS = [
  "proxy",
  "source_proxy",
  "target_proxy",
  "cancel",
  "continuous",
  "create_target",
  "create_target_params",
  "winning_revs_only",
  "filter",
  "query_params",
  "selector",
  "doc_ids",
  "since_seq",
  "socket_options",
];

/** @param {Json} before @param {Json} after both replication documents */
export function isRestart(before, after) {
  return parsed(before) !== parsed(after);
}

/** @param {Json} body */
function parsed(body) {
  const ends = [parsedEndpoint(body.source), parsedEndpoint(body.target)];
  const withDefault = Object.entries(DEFAULTS).map(([name, value]) => body[name] ?? value);
  return JSON.stringify([ends, withDefault, OTHERS.filter((name) => name in body).map((name) => [name, body[name]])]);
}

/** @param {any} endpoint */
function parsedEndpoint(endpoint) {
  const { url, headers, auth } = typeof endpoint === "string" ? { url: endpoint } : (endpoint ?? {});
  return [String(url).replace(/\/$/, ""), headers ?? {}, auth];
}
