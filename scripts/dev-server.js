// @ts-check
// Serves the page, the package and, under /couchdb, a CouchDB: a real one, or the simulator. For `npm start` and for
// the tests of the page.

import { once } from "node:events";
import { createServer } from "node:http";
import { sendFile, writeHead } from "./server/files.js";
import { createProxy } from "./server/proxy.js";

const PREFIX = "/couchdb";
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** The simulator's own administrator. */
const ADMIN = { username: "admin", password: "pass" };

/**
 * @typedef {object} DevServerOptions
 * @property {number} [port] the next free one from here on; 0, the default, is any
 * @property {string} [host] which address it listens on
 * @property {string} [couchdbUrl] a real server; without it, a simulator is started
 * @property {import("../simulator/index.js").SimulatorOptions} [simulator]
 */

/** @param {import("../simulator/index.js").SimulatorOptions} [options] */
async function startSimulator(options) {
  const [{ createSimulator }, { serve }] = await Promise.all([
    import("../simulator/index.js"),
    import("../simulator/server.js"),
  ]);
  const { url, close } = await serve(createSimulator({ ...options, admins: { [ADMIN.username]: ADMIN.password } }));
  return { url: Object.assign(new URL(url), ADMIN).href, close };
}

/**
 * With our credentials the proxy is as good as a password. So it answers nobody but our own page and programs on this
 * machine: no page of another site, and no name that somebody else's DNS points here.
 *
 * @param {import("node:http").IncomingMessage} request
 * @param {boolean} local
 */
function isForeign({ headers }, local) {
  const name = (headers.host ?? "").replace(/:\d+$/, "");
  const site = headers["sec-fetch-site"] ?? "none";
  return (local && !LOOPBACK.includes(name)) || (site !== "none" && site !== "same-origin");
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
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}

/**
 * @param {DevServerOptions} [options]
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` without a slash at its end
 */
export async function startDevServer({ port = 0, host = "127.0.0.1", couchdbUrl, simulator } = {}) {
  const simulated = couchdbUrl ? undefined : await startSimulator(simulator);
  const proxy = createProxy(couchdbUrl ?? /** @type {{ url: string }} */ (simulated).url);
  const local = host === "127.0.0.1" || host === "::1" || host === "localhost";

  const server = createServer((request, response) => {
    const url = request.url ?? "/";
    const pathname = url.split("?")[0] ?? "/";
    if (pathname === PREFIX || pathname.startsWith(`${PREFIX}/`)) {
      if (!isForeign(request, local)) return proxy(url.slice(PREFIX.length), request, response);
      response.writeHead(403, { "Content-Type": "application/json" });
      response.end('{"error":"forbidden","reason":"the dev server\'s proxy is only for its own page"}\n');
    } else if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { Allow: "GET, HEAD" }).end();
    } else if (pathname === "/config.json") {
      const body = `${JSON.stringify({ url: PREFIX, simulator: simulated !== undefined })}\n`;
      writeHead(response, 200, "application/json", Buffer.byteLength(body));
      response.end(body);
    } else {
      sendFile(pathname, request, response);
    }
  });
  const taken = await listen(server, port, host);

  return {
    url: `http://${local ? "localhost" : host}:${taken}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, simulated?.close()]);
    },
  };
}
