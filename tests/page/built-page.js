// @ts-check
// The page as static files, in a folder of a web server that can lose some.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { buildPage } from "../../scripts/build/www.js";
import { newContext } from "./browsers/index.js";
import { listen, stopTime } from "./open-page.js";

/** @type {Record<string, string>} */
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const PATH = "/some/where/";

export async function builtPage() {
  const folder = mkdtempSync(join(tmpdir(), "built-page-"));
  const everything = await buildPage(folder);
  /** URLs of requests. @type {string[]} */
  const asked = [];
  /** Parts of names of files that the server does not have any more. @type {Set<string>} */
  const gone = new Set();
  const server = createServer((request, response) => {
    const { url = "" } = request;
    asked.push(url);
    const name = url.replace(PATH, "") || "index.html";
    try {
      assert.ok(![...gone].some((part) => url.includes(part)));
      const body = readFileSync(join(folder, name));
      response.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    folder,
    everything,
    asked,
    gone,
    url: `http://127.0.0.1:${port}${PATH}`,
    path: PATH,

    /** @param {import("node:test").TestContext} t @param {{ failedRequests?: boolean }} [options] whether the page may not have any */
    async open(t, { failedRequests = true } = {}) {
      const context = await newContext();
      const page = await context.newPage();
      await stopTime(page);
      const complaints = listen(page, { failedRequests });
      t.after(async () => {
        await context.close();
        assert.deepEqual(complaints, [], "the page complained");
      });
      await page.goto(`http://127.0.0.1:${port}${PATH}`);
      await page.getByRole("heading", { name: "Connect to a CouchDB server" }).waitFor();
      return page;
    },

    close() {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true });
    },
  };
}
