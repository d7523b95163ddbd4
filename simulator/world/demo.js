// @ts-check
/**
 * A realistic fleet: shops and sensors in ten towns that replicate to the cloud and to each other, most of them healthy.
 * It contains all seven states, and ids that break careless clients.
 */
import { iso8601 } from "./clock.js";
import { opaqueSeq, randomFor } from "./hash.js";
import { durationOf, finalCounters, traitsOf } from "./progress.js";
import { replicationId } from "./replication.js";
import { reasons } from "./trouble.js";

/**
 * @typedef {import("./database.js").Json} Json
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./fleet.js").Fleet} Fleet
 * @typedef {import("./trouble.js").Trouble} Trouble
 * @typedef {"running" | "oneshot" | "flaky" | "pending" | "completed" | "crashing" | "error" | "failed" | "initializing"} Story
 */

const KINDS = [
  "orders",
  "customers",
  "invoices",
  "inventory",
  "telemetry",
  "sessions",
  "audit-log",
  "catalog",
  "shipments",
  "payments",
];
const TOWNS = ["berlin", "dublin", "gent", "graz", "lyon", "malmo", "oslo", "porto", "turin", "vilnius"];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The first documents of every fleet: all states, and ids that have to be encoded. @type {[string, Story][]} */
const SHOWCASE = [
  ["orders to warehouse", "running"],
  ["customers/eu+us", "completed"],
  ["telemetry-100%25", "crashing"],
  ['audit?log#2026&all=1;"quoted"<b>', "pending"],
  ["catalog-filtered", "error"],
  ["invoices-again", "failed"],
  ["sensors-behind-firewall", "initializing"],
  ["übersicht-日本語-😀", "flaky"],
  ["0001", "oneshot"],
  ["Z-Archive", "completed"],
  ["~temporary", "running"],
  ["payments-to-bank", "crashing"],
];

/** Relative frequency of each story among the other documents. @type {[number, Story][]} */
const MIX = [
  [0.24, "running"],
  [0.04, "flaky"],
  [0.01, "oneshot"],
  [0.03, "pending"],
  [0.36, "completed"],
  [0.11, "crashing"],
  [0.06, "error"],
  [0.148, "failed"],
  [0.002, "initializing"],
];

/** Errors that persist. */
const CRASHES = /** @type {const} */ ([
  "databaseMissing",
  "refused",
  "unauthorized",
  "wrongPassword",
  "hostUnknown",
  "timeout",
  "rateLimited",
  "serverError",
]);
/** Errors that come and go. */
const HICCUPS = /** @type {const} */ (["timeout", "serverError", "rateLimited", "refused"]);

/**
 * Fills `_replicator` with `docs` documents and `team/_replicator` with a twentieth of that number. Adds a design
 * document to both, the source databases, and a few jobs without a document.
 * @param {Fleet} fleet @param {{ docs: number, seed: number }} options
 * @returns {number} the maximum number of running jobs with which some documents always wait
 */
export function populate(fleet, { docs, seed }) {
  const team = fleet.createDatabase("team/_replicator");
  const own = fleet.databases.get("_replicator");
  if (!own) return 0;
  for (const kind of KINDS) fleet.createDatabase(kind);
  for (const database of [own, team]) database.write("_design/owners", { language: "javascript", views: {} });
  const runnable =
    fill(fleet, own, docs, seed) + fill(fleet, team, Math.max(SHOWCASE.length, Math.ceil(docs / 20)), seed + 1);
  const transient = TOWNS.slice(0, Math.min(3, Math.floor(docs / 20)));
  for (const town of transient) {
    fleet.scheduler.addTransient(
      { source: address("sessions", town), target: "https://cloud.example.com/sessions-copy", continuous: true },
      "admin",
    );
  }
  return Math.max(1, Math.min(Math.floor((runnable + transient.length) * 0.96), runnable - 1));
}

/** @param {Fleet} fleet @param {Database} database @param {number} docs @param {number} seed */
function fill(fleet, database, docs, seed) {
  let runnable = 0;
  for (let i = 0; i < docs; i++) {
    const random = randomFor(seed, "demo", database.name, i);
    const kind = KINDS[i % KINDS.length];
    const town = TOWNS[Math.floor(i / KINDS.length) % TOWNS.length];
    const [id, story] = SHOWCASE[i] ?? [`${kind}-${town}-${String(i).padStart(5, "0")}`, storyFor(random())];
    if (story === "running" || story === "pending") runnable++;
    placeDocument(
      fleet,
      database,
      id,
      story,
      {
        source: address(kind, town),
        target: `https://cloud.example.com/${database.name === "_replicator" ? "" : "team-"}${kind}-${town}-${i}`,
        owner: "admin",
      },
      random,
    );
  }
  return runnable;
}

/** @param {number} share */
function storyFor(share) {
  for (const [weight, story] of MIX) {
    share -= weight;
    if (share < 0) return story;
  }
  return "running";
}

/** @param {string} kind @param {string} town */
function address(kind, town) {
  return `https://replicator:s3cret@${town}.example.net/${kind}`;
}

/**
 * @param {Fleet} fleet @param {Database} database @param {string} id @param {Story} story @param {Json} body
 * @param {() => number} random
 */
function placeDocument(fleet, database, id, story, body, random) {
  const age = Math.ceil(HOUR + random() * 3 * DAY);
  const place = (
    /** @type {Json} */ more,
    /** @type {Parameters<Fleet["place"]>[3]} */ state,
    /** @type {object} */ past = {},
  ) => fleet.place(database, id, { ...body, ...more }, state, { age, ...past });
  switch (story) {
    case "running":
      return place({ continuous: true }, "running");
    case "oneshot":
      return place({}, "running", { age: Math.ceil(random() * 20_000) });
    case "pending":
      return place({ continuous: true }, "pending");
    case "flaky":
      return place({ continuous: true }, "running", {
        trouble: { ...crash(pick(HICCUPS, random), body), comesAndGoes: true },
      });
    case "crashing": {
      const secret =
        random() < 0.2
          ? { source: `http://legacy.example.org/${id.length}?api_key=K${Math.floor(random() * 1e9)}` }
          : {};
      const failures = 1 + Math.floor(random() * 11);
      return place({ ...secret, continuous: random() < 0.8 }, "crashing", {
        failures,
        trouble: crash(pick(CRASHES, random), { ...body, ...secret }),
      });
    }
    case "error": {
      const filter = "shop/open";
      /** @type {Trouble} */
      const trouble = {
        during: "start",
        after: 400,
        reason:
          random() < 0.7
            ? reasons.filterMissing(body.source, filter)
            : reasons.sourceClosed(body.source, reasons.refused(body.source)),
      };
      return place({ continuous: true, filter }, "error", { failures: 1 + Math.floor(random() * 8), trouble });
    }
    case "initializing":
      // A source that accepts the connection and never responds, and a document with a long connection timeout.
      return place({ continuous: true, filter: "shop/open", connection_timeout: 30 * DAY }, "initializing", {
        age: 60_000,
        trouble: {
          during: "start",
          after: 30 * DAY,
          reason: reasons.sourceClosed(body.source, reasons.timeout(body.source)),
        },
      });
    case "completed":
      return fleet.place(database, id, completed(body, id, database.name, fleet.clock.now() - age));
    case "failed":
      return fleet.place(database, id, failed(body, id, fleet.clock.now() - age, random));
  }
}

/** @param {typeof CRASHES[number] | typeof HICCUPS[number]} kind @param {Json} body @returns {Trouble} */
function crash(kind, { source }) {
  return { during: "run", reason: reasons[kind](source), after: kind === "timeout" ? 30_000 : 800 };
}

/** @param {Json} body @param {string} id @param {string} database @param {number} start @returns {Json} */
function completed(body, id, database, start) {
  const traits = traitsOf(1, `${database}/${id}`);
  return {
    ...body,
    _replication_state: "completed",
    _replication_state_time: iso8601(start + durationOf(traits)),
    _replication_stats: { ...finalCounters(traits, body.source), start_time: iso8601(start) },
  };
}

/** @param {Json} body @param {string} id @param {number} at @param {() => number} random @returns {Json} */
function failed(body, id, at, random) {
  const state = { _replication_state: "failed", _replication_state_time: iso8601(at) };
  if (random() < 0.2) {
    return {
      ...body,
      source: "https://replicator:s3cret@shops.example.net:port/orders",
      ...state,
      _replication_state_reason: "endpoint has an invalid url",
    };
  }
  const reason = reasons.duplicate(
    replicationId({ ...body, continuous: true }),
    id,
    "orders to warehouse",
    "_replicator",
  );
  return { ...body, continuous: true, ...state, _replication_state_reason: reason };
}

/** @template T @param {readonly T[]} list @param {() => number} random @returns {T} */
function pick(list, random) {
  return list[Math.floor(random() * list.length)];
}

/**
 * Job rows for `fleet.loadVerbatim({}, jobRows(10_000))`: running jobs with a history of the given length.
 * @param {number} count @param {{ history?: number }} [options]
 * @returns {Json[]}
 */
export function jobRows(count, { history = 10 } = {}) {
  return Array.from({ length: count }, (_, i) => {
    const source = `https://${TOWNS[i % TOWNS.length]}.shops.example.net/${KINDS[i % KINDS.length]}-${i}/`;
    const seq = opaqueSeq(i, source);
    const start = Date.parse("2026-11-22T22:00:00Z") + i * 1000;
    const events = Array.from({ length: history }, (_, n) => ({
      timestamp: iso8601(start + (history - n) * 60_000),
      type: n === history - 1 ? "added" : (history - n) % 2 ? "stopped" : "started",
    }));
    return {
      database: "_replicator",
      id: `${replicationId({ source, target: i })}+continuous`,
      pid: `<0.${1000 + i}.0>`,
      source,
      target: `https://cloud.example.com/copy-${i}/`,
      user: null,
      doc_id: `job-${String(i).padStart(6, "0")}`,
      info: {
        ...finalCounters({ backlog: i, rate: 1, trickle: 0, lag: 0, refused: 0 }, source),
        changes_pending: 0,
        source_seq: seq,
        through_seq: seq,
      },
      history: events,
      node: "couchdb@127.0.0.1",
      start_time: iso8601(start),
    };
  });
}
