// @ts-check
// `node client.js URL`: watches replications and jobs, and asks the other questions in turn.

import { Client, Scheduler } from "couchdb-scheduler";
import { answerSamples } from "./worker.js";

const [url = ""] = process.argv.slice(2);
const auth = /** @type {const} */ ({ type: "session", username: "admin", password: "pass" });
const client = new Client(url, { auth, timeout: 4000 });
const scheduler = new Scheduler(client);
const counts = { events: 0, retries: 0, answers: 0, errors: 0 };
answerSamples(counts);

const pause = () => new Promise((resolve) => setTimeout(resolve, 250));

const ticks = { interval: 500, onRetry: () => void counts.retries++ };

const WATCHES = [
  () => scheduler.watch(ticks),
  () => scheduler.watch({ ...ticks, database: "team/_replicator", states: ["crashing", "failed"] }),
  () => scheduler.watchJobs(ticks),
];

const QUESTIONS = [
  () => scheduler.listDocs({ states: ["crashing"], limit: 20 }),
  () => scheduler.summary({ database: "all" }),
  () => scheduler.incidents(),
  () => scheduler.lag("orders to warehouse"),
  () => scheduler.getDoc("payments-to-bank"),
  () => scheduler.verify("orders to warehouse", { batchSize: 20 }),
  async () => {
    for await (const _ of scheduler.docs({ pageSize: 10 })) break;
  },
  () => scheduler.listJobs({ signal: AbortSignal.timeout(5) }),
];

/** Each time something is there, or fails, until the parent ends. @param {() => Promise<unknown>} work */
async function again(work) {
  for (;;) {
    await work().catch(() => counts.errors++);
    await pause();
  }
}

for (const watch of WATCHES) {
  void again(async () => {
    // Some end, and another begins.
    let left = 500;
    for await (const _ of watch()) {
      counts.events++;
      if (left-- === 0) break;
    }
  });
}
let turn = 0;
void again(async () => {
  await QUESTIONS[turn++ % QUESTIONS.length]?.();
  counts.answers++;
});
