// @ts-check
// `npm run bench -- --real`: the same questions to a real server, whose time is most of the cost. So the requests of each
// contestant are sent once more, in turn, and their responses discarded: this is the server's part.

import { join } from "node:path";
import { Scheduler } from "couchdb-scheduler";
import { median } from "../lib/median.js";
import { byFetch, byNano, byPackage } from "./contestants.js";
import { LIVE, RealFleet, serverAt } from "./fleet.js";

/**
 * @typedef {import("./contestants.js").RealTask} RealTask
 * @typedef {{ time: number, cpu: number, server: number }} Sample in ms; `server`: of the same requests, discarded
 * @typedef {{ contestant: string, time: number, cpu: number, server: number, requests: number }} RealFigures medians
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {import("./contestants.js").Tasks} tasks
 * @property {Recorder} recorder of its requests
 */

/** @type {[RealTask, string][]} */
const TASKS = [
  ["list", "listDocs()"],
  ["docs", "docs(), all, in pages"],
  ["summary", "summary()"],
  ["failing", "listDocs() of those that fail"],
  ["tick", "a tick of watch()"],
  ["skip", "listDocs({ limit: 1000, skip }), page after page"],
];

/** How long CouchDB may take to start the replications, in ms. */
const START_LIMIT = 120_000;

/** Notes the requests of a contestant, to send them again. */
class Recorder {
  /** @type {[string, RequestInit][]} */
  requests = [];
  began = 0;

  /** @type {typeof globalThis.fetch} */
  fetch = (input, init = {}) => {
    this.began ||= performance.now();
    this.requests.push([String(input), { headers: init.headers }]);
    return fetch(input, init);
  };

  reset() {
    this.requests = [];
    this.began = 0;
  }

  /** Sends them one after the other, and discards the responses. @returns {Promise<number>} ms */
  async drain() {
    const began = performance.now();
    for (const [url, init] of this.requests) {
      const { body } = await fetch(url, init);
      for await (const _ of /** @type {ReadableStream<Uint8Array>} */ (body));
    }
    return performance.now() - began;
  }
}

/** @param {Contestant} contestant @param {RealTask} task @param {(rows: number) => boolean} isRight @returns {Promise<Sample>} */
async function sample({ name, tasks, recorder }, task, isRight) {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  // nano is not observed: its requests are those of `fetch`.
  if (name !== "nano") recorder.reset();
  const start = performance.now();
  const rows = (await tasks[task]?.()) ?? 0;
  const end = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  if (!isRight(rows)) throw new Error(`${name}, ${task}: ${rows} rows`);
  // A tick waits for its interval first.
  const began = name === "nano" ? start : recorder.began;
  return { time: end - began, cpu: (user + system) / 1000, server: await recorder.drain() };
}

/**
 * @param {Contestant[]} contestants take turns
 * @param {RealTask} task
 * @param {number} rounds
 * @param {(rows: number) => boolean} isRight
 */
async function measure(contestants, task, rounds, isRight) {
  /** @type {Map<Contestant, Sample[]>} */
  const samples = new Map(contestants.filter(({ tasks }) => tasks[task]).map((one) => [one, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [contestant, all] of samples) {
      const one = await sample(contestant, task, isRight);
      // The first round warms up.
      if (round >= 0) all.push(one);
    }
  }
  return [...samples].map(([{ name, recorder }, all]) => {
    const of = (/** @type {keyof Sample} */ figure) => median(all.map((one) => one[figure]));
    const requests = recorder.requests.length;
    return { contestant: name, time: of("time"), cpu: of("cpu"), server: of("server"), requests };
  });
}

/** @param {string} title @param {RealFigures[]} figures */
function print(title, figures) {
  console.log(`\n  ${title}`);
  const ms = (/** @type {number} */ value) => `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`.padStart(9);
  const [ours] = figures;
  for (const { contestant, time, cpu, server, requests } of figures) {
    const ratio =
      ours && contestant !== ours.contestant ? `; ours / ${contestant} ${(ours.time / time).toFixed(2)}` : "";
    const share = `the server's part ${ms(server)} (${requests} ${requests === 1 ? "request" : "requests"})`;
    console.log(`    ${contestant.padEnd(18)}${ms(time)}, ${share}, CPU of the client ${ms(cpu)}${ratio}`);
  }
}

/** @param {RealFleet} fleet @param {Scheduler} scheduler @param {AbortSignal} signal */
async function waitUntilItRuns({ database }, scheduler, signal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT)]);
  for await (const _ of scheduler.watch({ database, states: ["running"], interval: 1000, signal: limit })) {
    const { states } = await scheduler.summary({ database, signal: limit });
    if (states.running >= LIVE) return;
  }
}

/**
 * @param {string | undefined} couchdbUrl
 * @param {{ quick: boolean, docs: number, package: string }} options
 */
export async function measureReal(couchdbUrl, { quick, docs, package: folder }) {
  if (!couchdbUrl) {
    throw new Error(
      "--real measures the server that COUCHDB_URL names, and creates a replicator database there: COUCHDB_URL=http://admin:pass@127.0.0.1:5984 npm run bench -- --real",
    );
  }
  if (docs <= LIVE) throw new RangeError(`--docs ${docs}: --real needs more than ${LIVE}`);
  const server = serverAt(couchdbUrl);
  const fleet = new RealFleet(server, docs);
  const interrupted = new AbortController();
  const stop = () => interrupted.abort(new Error("Interrupted: the databases were removed."));
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, stop);
  const { signal } = interrupted;
  const stopped = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  try {
    return await Promise.race([stopped, measureFleet(fleet, server, folder, { docs, rounds: quick ? 3 : 9, signal })]);
  } finally {
    await fleet.remove();
    console.log(`\nRemoved ${fleet.database} and its databases.`);
  }
}

/**
 * @param {RealFleet} fleet
 * @param {import("./fleet.js").RealServer} server
 * @param {string} folder of the package
 * @param {{ docs: number, rounds: number, signal: AbortSignal }} options
 */
async function measureFleet(fleet, server, folder, { docs, rounds, signal }) {
  const { database } = fleet;
  console.log(
    `Creating ${docs.toLocaleString("en-US")} documents in ${database} at ${server.url}, ${LIVE} of them live …`,
  );
  await fleet.create(signal);
  await waitUntilItRuns(fleet, new Scheduler(server.url, { auth: server.credentials, timeout: 0 }), signal);
  const [ours, plain] = [new Recorder(), new Recorder()];
  const contestants = [
    {
      name: "couchdb-scheduler",
      tasks: await byPackage(server, database, ours.fetch, join(folder, "index.js")),
      recorder: ours,
    },
    { name: "fetch", tasks: byFetch(server, database, plain.fetch), recorder: plain },
    { name: "nano", tasks: await byNano(server, database), recorder: plain },
  ];
  console.log(`\nA real server, medians of ${rounds} rounds in which all take turns`);
  /** @type {Record<string, RealFigures[]>} */
  const found = {};
  for (const [task, title] of TASKS) {
    signal.throwIfAborted();
    const isRight = (/** @type {number} */ rows) => (task === "failing" ? rows >= fleet.failed : rows === docs);
    found[task] = await measure(contestants, task, rounds, isRight);
    print(title, found[task]);
  }
  return found;
}
