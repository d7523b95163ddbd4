// @ts-check
// Chromium, and a server for a project's files; every page must finish without errors on its console.

import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { newContext } from "../../page/browsers/index.js";
import { resultIn } from "./fixture.js";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Otherwise Chromium would request a missing icon. */
const HEAD = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">';

export const MODULE_PAGE = { "/": `${HEAD}<script type="module" src="/out/main.js"></script>` };
export const SCRIPT_PAGE = { "/": `${HEAD}<script src="/out/main.js"></script>` };

/** @param {string} markup */
export const pageOf = (markup) => ({ "/": HEAD + markup });

/** The browser reports each error response on the console; the program provokes one. */
const FAILED_REQUEST = /^Failed to load resource/;

/**
 * @param {string} folder
 * @param {Record<string, string>} pages served with its files
 * @param {Record<string, string>} headers
 */
export async function serveFiles(folder, pages, headers) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const page = pages[path];
    const file = join(folder, path === "/" ? "index.html" : path);
    if (page !== undefined) {
      response.writeHead(200, { "Content-Type": "text/html", ...headers }).end(page);
    } else if (statSync(file, { throwIfNoEntry: false })?.isFile()) {
      const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(file))] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type, ...headers });
      createReadStream(file).pipe(response);
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/**
 * Opens a URL and waits for the result on the page's console.
 *
 * @param {string} url
 * @param {typeof newContext} [newWindow] of another browser
 */
export async function atAddress(url, newWindow = newContext) {
  const context = await newWindow();
  try {
    const page = await context.newPage();
    /** @type {Promise<string>} */
    const printed = new Promise((resolve, reject) => {
      page.on("pageerror", reject);
      page.on("console", (message) => {
        const text = message.text();
        if (text.startsWith("RESULT ")) resolve(text);
        else if (["error", "warning"].includes(message.type()) && !FAILED_REQUEST.test(text)) reject(new Error(text));
      });
    });
    const [text] = await Promise.all([printed, page.goto(url)]);
    return resultIn(text);
  } finally {
    await context.close();
  }
}

/**
 * @param {string} folder
 * @param {Record<string, string>} pages
 * @param {Record<string, string>} [headers]
 * @param {typeof newContext} [newWindow] of another browser
 */
export async function inPage(folder, pages, headers = {}, newWindow = newContext) {
  const { url, close } = await serveFiles(folder, pages, headers);
  try {
    return await atAddress(url, newWindow);
  } finally {
    close();
  }
}
