// @ts-check
// The server of the soak: the simulator with many changes, transient errors, hanging responses, sessions that expire, and restarts.

import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";

/** Milliseconds between two errors, two changes, and two restarts. */
const [ERRORS, CHANGES, RESTARTS] = [1000, 250, 45_000];
/** How long the server is away. */
const AWAY = 3000;
/** The simulator's time runs so much faster: sessions end after half a minute. */
const SPEED = 20;

const HEADERS = { Authorization: `Basic ${btoa("admin:pass")}`, "Content-Type": "application/json" };

/** @type {import("../../simulator/protocol/faults.js").Fault[]} */
const FAULTS = [
  { status: 500 },
  { status: 503, times: 8 },
  { status: 429, headers: { "Retry-After": "1" } },
  { status: 401, path: /^(?!\/_session)/ },
  { status: 200, body: "<!doctype html><title>Login</title>" },
  { reset: true, times: 4 },
  { cutAfter: 700 },
  { cutAfter: 0 },
  { stallAfter: 300 },
  { errorAfterRows: "timeout" },
  { delay: 5000 * SPEED },
];

export async function startServer() {
  const simulator = createSimulator({ docs: 300, clock: { speed: SPEED } });
  const counts = { requests: 0, errors: 0, changes: 0, restarts: 0 };
  const counting = {
    ...simulator,
    /** @param {Parameters<typeof simulator.handle>[0]} request */
    handle(request) {
      counts.requests++;
      return simulator.handle(request);
    },
  };
  let listening = await serve(counting);
  const { url } = listening;
  const port = Number(new URL(url).port);

  const timers = [
    setInterval(() => {
      simulator.heal();
      simulator.fail({ ...FAULTS[counts.errors++ % FAULTS.length], after: counts.errors % 7 });
    }, ERRORS),
    // An error of the server meets some of them, too.
    setInterval(() => void change(simulator, counts.changes++).catch(() => {}), CHANGES),
    setInterval(async () => {
      await listening.close();
      simulator.restart();
      setTimeout(async () => {
        listening = await serve(counting, { port });
        counts.restarts++;
      }, AWAY);
    }, RESTARTS),
  ];
  return {
    url,
    counts,
    async close() {
      for (const timer of timers) clearInterval(timer);
      await listening.close();
    },
  };
}

/** Creates a replication document, edits it, and removes it: the server keeps its size. @param {ReturnType<typeof createSimulator>} simulator @param {number} turn */
async function change(simulator, turn) {
  const url = `http://couch.test/_replicator/soak-${Math.floor(turn / 3) % 50}`;
  /** @param {string} method @param {string} [body] */
  const send = (method, body) => simulator.fetch(url, { method, headers: HEADERS, ...(body && { body }) });
  const response = await send("GET");
  const { _rev } = /** @type {any} */ (await response.json());
  if (_rev && turn % 3 === 2) {
    await simulator.fetch(`${url}?rev=${_rev}`, { method: "DELETE", headers: HEADERS });
  } else {
    const source = `https://shop-${turn % 5}.example.com/orders`;
    await send(
      "PUT",
      JSON.stringify({ _rev, source, target: `https://cloud.example.com/${turn % 3}`, continuous: true }),
    );
  }
}
