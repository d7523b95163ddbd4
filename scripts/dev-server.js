// @ts-check
// Serves the page, the package and, at /couchdb, a CouchDB: a real one, or the simulator. For `npm start` and for
// the tests of the page.

import { once } from "node:events";
import { createServer } from "node:http";
import net from "node:net";
import { sendBody, sendFile } from "./server/files.js";
import { createGate, isLoopback } from "./server/gate.js";
import { createProxy } from "./server/proxy.js";
import { Refusal, refuse } from "./server/refusal.js";

const PREFIX = "/couchdb";

/** The simulator's own administrator. */
const ADMIN = { username: "admin", password: "pass" };

/**
 * @typedef {object} DevServerOptions
 * @property {number} [port] the next free port from this one on; 0, the default, is any free port
 * @property {string} [host] the address to listen on
 * @property {string} [couchdbUrl] a real server; without it, a simulator is started
 * @property {boolean} [allowWrites] whether write requests reach a real server; a simulated one accepts them
 *   always
 * @property {string[]} [allowedHosts] other names of this server, with or without a port
 * @property {import("../simulator/index.js").SimulatorOptions} [simulator]
 */

/** @param {import("../simulator/index.js").SimulatorOptions} [options] */
async function startSimulator(options) {
  const [{ createSimulator }, { serve }] = await Promise.all([
    import("../simulator/index.js"),
    import("../simulator/protocol/server.js"),
  ]);
  const { url, close } = await serve(createSimulator({ ...options, admins: { [ADMIN.username]: ADMIN.password } }));
  return { url: Object.assign(new URL(url), ADMIN).href, close };
}

/**
 * @param {import("node:http").Server} server
 * @param {number} port
 * @param {string} host
 */
async function listen(server, port, host) {
  for (let tries = 0; ; tries++) {
    server.listen(port === 0 ? 0 : port + tries, host);
    try {
      await once(server, "listening");
      break;
    } catch (error) {
      const inUse = /** @type {NodeJS.ErrnoException} */ (error).code === "EADDRINUSE";
      if (!inUse || port === 0 || tries === 50) throw error;
    }
  }
  return /** @type {import("node:net").AddressInfo} */ (server.address());
}

/** Whether a path belongs to CouchDB, not to our files. @param {string} path */
const isData = (path) => new RegExp(`^${PREFIX}(?:[/?]|$)`).test(path);

/**
 * @param {DevServerOptions} [options]
 * @returns {Promise<{ url: string, isPublic: boolean, close: () => Promise<void> }>} `url` does not end with a slash;
 *   `isPublic`: other machines can reach it
 */
export async function startDevServer(options = {}) {
  const { port = 0, host = "127.0.0.1", couchdbUrl, allowedHosts = [], simulator } = options;
  const simulated = couchdbUrl ? undefined : await startSimulator(simulator);
  const allowWrites = simulated !== undefined || options.allowWrites === true;
  const proxy = createProxy(couchdbUrl ?? /** @type {{ url: string }} */ (simulated).url, { allowWrites });
  const config = { url: PREFIX, simulator: simulated !== undefined, writes: allowWrites };
  /** @type {ReturnType<typeof createGate>} */
  let check;

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async function answer(request, response) {
    const target = request.url ?? "";
    if (!target.startsWith("/")) throw new Refusal(400, "bad_request", "The request target must begin with a slash.");
    check(request, isData(target));
    if (isData(target)) return proxy(target.slice(PREFIX.length), request, response);
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new Refusal(405, "method_not_allowed", "Files can only be read.", { Allow: "GET, HEAD" });
    }
    const pathname = target.replace(/[?#].*$/s, "");
    if (pathname !== "/config.json") return sendFile(pathname, response);
    sendBody(response, "application/json", Buffer.from(`${JSON.stringify(config)}\n`));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => refuse(response, error, isData(request.url ?? "")));
  });
  const listening = await listen(server, port, host);
  check = createGate({
    listening,
    names: net.isIP(host) || host === "localhost" ? allowedHosts : [host, ...allowedHosts],
  });

  return {
    url: `http://${nameFor(host, listening.address)}:${listening.port}`,
    isPublic: !isLoopback(listening.address),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, simulated?.close()]);
    },
  };
}

/** The name by which a browser on this machine reaches it. @param {string} host @param {string} address */
function nameFor(host, address) {
  if (["127.0.0.1", "::1", "0.0.0.0", "::"].includes(address)) return "localhost";
  return net.isIPv6(host) ? `[${host}]` : host;
}
