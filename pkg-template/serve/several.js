// @ts-check
// Several servers with one page: each has the paths of a single one, below /servers/NAME.

import { UsageError } from "./usage-error.js";

/** @typedef {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} Handler */

/** Each keeps up to 64 MB of responses for a second. */
const MAX_SERVERS = 20;
/** Needs no escapes in a path. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** What each server has; everything else is the page's. */
const OF_ONE = /^\/(?:couchdb|api|metrics|readyz)(?:[/?]|$)/;
const PATH = /^\/servers\/([^/?#]+)(\/(?:couchdb|api|metrics|readyz)(?:[/?].*)?)$/s;

/** Throws a `UsageError` if these servers cannot be served together. @param {readonly { name: string }[]} servers */
export function checkNames(servers) {
  const names = servers.map(({ name }) => name);
  const wrong = names.find((name) => !NAME.test(name));
  if (wrong !== undefined) {
    throw new UsageError(`--server ${wrong}: with several servers, names have letters, digits, dots, - and _ only.`);
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new UsageError(`--server ${twice} is given twice.`);
  if (names.length > MAX_SERVERS) throw new UsageError(`--server: at most ${MAX_SERVERS} servers are served together.`);
}

/** For `config.json` of the page. @param {readonly { name: string }[]} servers @param {boolean} writes */
export const listing = (servers, writes) => ({
  servers: servers.map(({ name }) => ({ name, url: `servers/${name}/couchdb`, api: `servers/${name}/api`, writes })),
});

/**
 * @param {ReadonlyMap<string, Handler>} handlers by the name of their server
 * @param {Handler} page
 * @returns {Handler}
 */
export const createSwitch = (handlers, page) => (request, response) => {
  const [, name = "", target] = PATH.exec(request.url ?? "") ?? [];
  const handler = handlers.get(name);
  // The handler sees the path that a single server has.
  if (handler) request.url = target;
  // Without a name, it is of no server, and not found.
  else if (OF_ONE.test(request.url ?? "")) request.url = "/servers";
  (handler ?? page)(request, response);
};
