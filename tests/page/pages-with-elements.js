// @ts-check
// A web server of somebody else: pages with the elements, the package's files, and a simulated CouchDB at /couchdb.

import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const PKG = fileURLToPath(new URL("../../pkg/", import.meta.url));
const PACKAGE = "/node_modules/couchdb-scheduler/";
const TYPES = /** @type {Record<string, string>} */ ({ ".js": "text/javascript", ".html": "text/html" });

/**
 * @param {Record<string, string>} pages by path: HTML, or JavaScript if the path ends in .js
 * @param {import("../../simulator/index.js").Simulator} simulator
 */
export async function servePages(pages, simulator) {
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    const page = pages[pathname];
    const file = pathname.startsWith(PACKAGE) ? PKG + pathname.slice(PACKAGE.length) : "";
    if (page !== undefined) {
      response.writeHead(200, { "Content-Type": TYPES[extname(pathname)] ?? "text/html" }).end(page);
    } else if (statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "" }).end(readFileSync(file));
    } else if (pathname.startsWith("/couchdb/")) {
      const { method = "GET", headers } = request;
      const { authorization } = headers;
      const answer = await simulator.fetch(`http://couch.test${pathname.slice("/couchdb".length)}${search}`, {
        method,
        headers: authorization ? { authorization } : {},
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
