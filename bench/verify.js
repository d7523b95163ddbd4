// @ts-check
// `node bench/verify.js`: verify() compared with the same requests by `fetch`, in turn, and its memory with ten times as
// many documents. With COUCHDB_URL of a real server, otherwise of the simulator in a second process.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { Replicator, Scheduler } from "../pkg/index.js";
import { median } from "./lib/median.js";
import { watchMemory } from "./lib/peak-memory.js";

const { values } = parseArgs({
  options: {
    docs: { type: "string", default: "20000" },
    rounds: { type: "string", default: "9" },
    growth: { type: "string", default: "10" },
  },
});
const DOCS = Number(values.docs);
const LIMIT = 1000;
const HEADERS = { accept: "application/json", "content-type": "application/json" };

/** @returns {Promise<{ server: URL, stop: () => void }>} */
async function startServer() {
  if (process.env.COUCHDB_URL !== undefined) return { server: new URL(process.env.COUCHDB_URL), stop: () => {} };
  const cli = new URL("../simulator/cli.js", import.meta.url).pathname;
  const child = spawn(process.execPath, [cli, "--port", "0", "--docs", "0", "--speed", "100"]);
  const [chunk] = await once(child.stdout, "data");
  const address = /http:\/\/[^\s/]+/.exec(String(chunk))?.[0];
  return {
    server: Object.assign(new URL(String(address)), { username: "admin", password: "pass" }),
    stop: () => child.kill(),
  };
}

const { server, stop } = await startServer();
const authorization = `Basic ${btoa(`${decodeURIComponent(server.username)}:${decodeURIComponent(server.password)}`)}`;

/** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
async function request(method, path, body) {
  const response = await fetch(server.origin + path, {
    method,
    headers: { ...HEADERS, authorization },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** The requests of verify(), one after the other, and nothing else. @param {string} source @param {string} target */
async function bare(source, target) {
  let checked = 0;
  let missing = 0;
  let since = "0";
  for (let pending = 1; pending > 0; ) {
    const query = `style=all_docs&limit=${LIMIT}&seq_interval=${LIMIT}&since=${encodeURIComponent(since)}`;
    const page = await request("GET", `/${source}/_changes?${query}`);
    const revisions = page.results.map((/** @type {any} */ { id, changes }) => [
      id,
      changes.map((/** @type {any} */ { rev }) => rev),
    ]);
    missing += Object.keys(await request("POST", `/${target}/_revs_diff`, Object.fromEntries(revisions))).length;
    checked += page.results.length;
    ({ last_seq: since, pending } = page);
  }
  return { checked, missing };
}

/** Databases with so many documents of 500 bytes, both complete. @param {string} prefix @param {number} docs */
async function fill(prefix, docs) {
  const filler = "x".repeat(440);
  for (const name of ["source", "target"]) await request("PUT", `/${prefix}-${name}?q=2`);
  for (let start = 0; start < docs; start += 2000) {
    const ids = Array.from({ length: Math.min(2000, docs - start) }, (_, i) => `d${start + i}`);
    await request("POST", `/${prefix}-source/_bulk_docs`, { docs: ids.map((_id, n) => ({ _id, n, filler })) });
  }
  const end = (/** @type {string} */ name) => Object.assign(new URL(`/${prefix}-${name}`, server), { search: "" }).href;
  await new Replicator(server).createReplication({ id: prefix, source: end("source"), target: end("target") });
  await scheduler.waitFor(prefix, { timeout: 1_800_000 });
}

const scheduler = new Scheduler(server);

/** @param {string} prefix @param {number} docs @param {() => Promise<void>} work */
async function withDatabases(prefix, docs, work) {
  try {
    await fill(prefix, docs);
    await work();
  } finally {
    for (const name of ["source", "target"]) await request("DELETE", `/${prefix}-${name}`);
    await new Replicator(server).stopReplication(prefix);
  }
}

/** The memory of this process before a verify(), and how much more it takes at most. @param {string} prefix */
async function printMemory(prefix) {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const peak = watchMemory([process.pid]);
  await scheduler.verify(prefix);
  console.log(`memory: ${megabytes(before)} before, at most ${megabytes(peak())} more`);
}

const run = `bench-${randomBytes(4).toString("hex")}`;
const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
try {
  await withDatabases(run, DOCS, async () => {
    /** @type {number[][]} */
    const [ours, theirs] = [[], []];
    for (let round = -1; round < Number(values.rounds); round++) {
      const start = performance.now();
      const { checked, complete } = await scheduler.verify(run);
      const middle = performance.now();
      const plain = await bare(`${run}-source`, `${run}-target`);
      const end = performance.now();
      if (!complete || checked !== DOCS || plain.checked !== DOCS || plain.missing > 0)
        throw new Error("they do not agree");
      // The first round warms up.
      if (round < 0) continue;
      ours?.push(middle - start);
      theirs?.push(end - middle);
    }
    const [verify, bareTime] = [median(ours ?? []), median(theirs ?? [])];
    console.log(`verify() of ${DOCS} documents: ${verify.toFixed(0)} ms; bare requests: ${bareTime.toFixed(0)} ms`);
    console.log(`ratio ${(verify / bareTime).toFixed(2)} (target: at most 1.3)`);
    await printMemory(run);
  });
  const more = DOCS * Number(values.growth);
  if (more > DOCS) {
    await withDatabases(`${run}-more`, more, async () => {
      const start = performance.now();
      const { checked } = await scheduler.verify(`${run}-more`);
      console.log(`verify() of ${checked} documents: ${(performance.now() - start).toFixed(0)} ms`);
      await printMemory(`${run}-more`);
    });
  }
} finally {
  stop();
}
