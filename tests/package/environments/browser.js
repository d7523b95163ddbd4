// @ts-check
// Pages and workers that use the package directly, without a bundler.

import { spawnSync } from "node:child_process";
import { findChrome } from "../../../scripts/lib/browser.js";
import { inPage, pageOf } from "./page.js";

const chrome = findChrome();
const version = chrome
  ? (/[\d.]+/.exec(spawnSync(chrome, ["--version"], { encoding: "utf8" }).stdout)?.[0] ?? "")
  : "none";

const PATH = "/node_modules/couchdb-scheduler";
/** Workers have no import map, so they import by path. */
const BY_PATH = `import { Scheduler, SchedulerError } from "${PATH}/index.js";`;

/** The strictest policy for a page: its own scripts, wasm, requests to the server, and no code from strings. @param {string} url */
const strictPolicy = (url) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `connect-src ${new URL(url).origin}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");

const IMPORT_MAP = JSON.stringify({ imports: { "couchdb-scheduler": `${PATH}/index.js` } });

/** Counts streaming compilations, and reports when there was none. */
const SLIM = `
import { init, Scheduler, SchedulerError } from "${PATH}/slim.js";
const { compileStreaming } = WebAssembly;
let streamed = 0;
WebAssembly.compileStreaming = (source) => (streamed++, compileStreaming(source));
await init(fetch("${PATH}/couchdb_scheduler.wasm"));
if (streamed !== 1) throw new Error("streamed " + streamed + " times");
`;

const WORKER_PAGE = `<script type="module">
const worker = new Worker("/worker.js", { type: "module" });
worker.onerror = (event) => console.error(event.message);
worker.onmessage = ({ data }) => console.log("RESULT " + JSON.stringify(data));
</script>`;

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
    name: "Chromium, Web Worker",
    version,
    ofMachine: true,
    run: async ({ project, program }) =>
      inPage(
        await project({ "worker.js": program(BY_PATH, "result.then((value) => postMessage(value));") }),
        pageOf(WORKER_PAGE),
      ),
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
