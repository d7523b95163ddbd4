// @ts-check
// Pages and workers that use the package directly, without a bundler.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findChrome } from "../../../scripts/lib/browser.js";
import { PKG } from "../tarball.js";
import { inPage, pageOf, serveFiles } from "./page.js";

const chrome = findChrome();
const version = chrome
  ? (/[\d.]+/.exec(spawnSync(chrome, ["--version"], { encoding: "utf8" }).stdout)?.[0] ?? "")
  : "none";

const PATH = "/node_modules/couchdb-scheduler";
/** Workers have no import map, so they import by path. */
export const BY_PATH = `import { Scheduler, SchedulerError } from "${PATH}/index.js";`;

/** The strictest policy for a page: its own scripts, wasm, requests to the server, and no code from strings. @param {string} url */
const strictPolicy = (url) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `connect-src ${new URL(url).origin}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");

/** @param {string} algorithm @param {string | Buffer} content @returns {string} as policies and `integrity` have it */
const digest = (algorithm, content) => `${algorithm}-${createHash(algorithm).update(content).digest("base64")}`;

/**
 * A static page that gets the package from a server for files, as from a CDN, and only these very bytes.
 *
 * @param {import("./fixture.js").Fixture} fixture
 * @param {string} integrity of the package
 */
async function fromElsewhere({ project, program, url }, integrity) {
  const place = await project({ "main.js": program() });
  const cdn = await serveFiles(place, {}, { "Access-Control-Allow-Origin": "*" });
  const entry = new URL(`${PATH}/index.js`, cdn.url).href;
  const map = JSON.stringify({ imports: { "couchdb-scheduler": entry }, integrity: { [entry]: integrity } });
  const policy = strictPolicy(url).replace("'self'", `'self' ${new URL(entry).origin} '${digest("sha256", map)}'`);
  const markup = `<!doctype html><script type="importmap">${map}</script><script type="module" src="/main.js"></script>`;
  try {
    return await inPage(place, { "/": markup, "/favicon.ico": "" }, { "Content-Security-Policy": policy });
  } finally {
    cdn.close();
  }
}

const IMPORT_MAP = JSON.stringify({ imports: { "couchdb-scheduler": `${PATH}/index.js` } });

/** Counts streaming compilations, and reports when there was none. */
export const SLIM = `
import { init, Scheduler, SchedulerError } from "${PATH}/slim.js";
const { compileStreaming } = WebAssembly;
let streamed = 0;
WebAssembly.compileStreaming = (source) => (streamed++, compileStreaming(source));
await init(fetch("${PATH}/couchdb_scheduler.wasm"));
if (streamed !== 1) throw new Error("streamed " + streamed + " times");
`;

export const WORKER_PAGE = `<script type="module">
const worker = new Worker("/worker.js", { type: "module" });
worker.onerror = (event) => console.error(event.message);
worker.onmessage = ({ data }) => console.log("RESULT " + JSON.stringify(data));
</script>`;

export const WORKER_TAIL = "result.then((value) => postMessage(value));";

const SERVICE_WORKER_PAGE = `<script type="module">
await navigator.serviceWorker.register("/service-worker.js", { type: "module" });
await navigator.serviceWorker.ready;
if (!navigator.serviceWorker.controller) await new Promise((done) => { navigator.serviceWorker.oncontrollerchange = done; });
const response = await fetch("/result");
console.log("RESULT " + (await response.text()));
</script>`;

const SERVICE_WORKER_TAIL = `
oninstall = () => skipWaiting();
onactivate = (event) => event.waitUntil(clients.claim());
onfetch = (event) => {
  if (new URL(event.request.url).pathname === "/result") event.respondWith(result.then((value) => Response.json(value)));
};
`;

/** @type {import("./fixture.js").Environment[]} */
export const browser = [
  {
    name: "Chromium, page",
    version,
    ofMachine: true,
    run: async ({ project, program }) =>
      inPage(
        await project({ "main.js": program() }),
        pageOf(`<script type="importmap">${IMPORT_MAP}</script><script type="module" src="/main.js"></script>`),
      ),
  },
  {
    name: "Chromium, page under a strict Content-Security-Policy",
    version,
    ofMachine: true,
    run: async ({ project, program, url }) =>
      inPage(
        await project({ "main.js": program(BY_PATH) }),
        { "/": '<!doctype html><script type="module" src="/main.js"></script>', "/favicon.ico": "" },
        { "Content-Security-Policy": strictPolicy(url) },
      ),
  },
  {
    name: "Chromium, import map of another origin, with Subresource Integrity",
    version,
    ofMachine: true,
    async run(fixture) {
      const other = digest("sha384", "another version");
      await assert.rejects(fromElsewhere(fixture, other), /integrity/, "bytes that are not the named ones");
      return fromElsewhere(fixture, digest("sha384", readFileSync(join(PKG, "index.js"))));
    },
  },
  {
    name: "Chromium, Web Worker",
    version,
    ofMachine: true,
    run: async ({ project, program }) =>
      inPage(await project({ "worker.js": program(BY_PATH, WORKER_TAIL) }), pageOf(WORKER_PAGE)),
  },
  {
    name: "Chromium, Service Worker",
    version,
    ofMachine: true,
    run: async ({ project, program }) =>
      inPage(
        await project({ "service-worker.js": program(BY_PATH, SERVICE_WORKER_TAIL) }),
        pageOf(SERVICE_WORKER_PAGE),
      ),
  },
  {
    name: "Chromium, ./slim with a streamed .wasm",
    version,
    ofMachine: true,
    run: async ({ project, program }) =>
      inPage(await project({ "main.js": program(SLIM) }), pageOf('<script type="module" src="/main.js"></script>')),
  },
];
