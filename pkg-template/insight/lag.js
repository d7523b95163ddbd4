// @ts-check
// lag() and lags(): where replications are, by their checkpoints at both ends.

import { backlogOf } from "./backlog.js";
import { concurrently, during, iterating } from "./call.js";
import { checkpointId, checkpointsIn } from "./checkpoints.js";
import { Documents } from "./documents.js";
import { ENDPOINTS, Ends, failed } from "./endpoints.js";
import { argument, optionsOf } from "./options.js";
import { lagOf, rowFrom } from "./position.js";
import { DATABASES, namesOf } from "./replicator-databases.js";
import { docOf, docsOf } from "./scheduler-rows.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./call.js").Client} Client */
/** @typedef {import("./checkpoints.js").Found} Found */
/** @typedef {import("./endpoints.js").Endpoints} Endpoints */
/** @typedef {import("./endpoints.js").Reached} Reached */
/** @typedef {import("./position.js").Row} Row */

/** The states of documents with a job. */
const WITH_JOB = ["running", "pending", "crashing"];

/** Replications whose checkpoints are read together: one request for each database at their ends. */
const PAGE = 1000;

/** Requests at a time. The list of the replications is one more. */
const MAX_REQUESTS = 7;

/** @param {Client} client @param {unknown} docId @param {unknown} [options] */
export async function lag(client, docId, options) {
  const id = argument("lag", "docId", "document", docId);
  const { database, endpoints, signal } = optionsOf("lag", options, {
    database: "database",
    endpoints: ENDPOINTS,
    signal: "signal",
  });
  return during(client, signal, async (call) => {
    const row = rowFrom(await docOf(call, id, database));
    const { value } = await new LagReader(call, endpoints).read([row]).next();
    return value;
  });
}

/** @param {Client} client @param {unknown} [options] */
export function lags(client, options) {
  return iterating(() => {
    const given = optionsOf("lags", options, { database: DATABASES, endpoints: ENDPOINTS, signal: "signal" });
    const { database = "_replicator", endpoints, signal } = given;
    return { client, signal, work: (call) => lagsIn(call, database, endpoints) };
  });
}

/** @param {Call} call @param {string} database or "all" @param {Endpoints | undefined} endpoints */
async function* lagsIn(call, database, endpoints) {
  const reader = new LagReader(call, endpoints);
  for await (const rows of pagesOf(call, database)) {
    await reader.readDocuments(rows);
    yield* reader.read(rows);
  }
}

/** The documents with a job. @param {Call} call @param {string} database or "all" */
async function* pagesOf(call, database) {
  /** @type {Row[]} */
  let page = [];
  for (const name of database === "all" ? await namesOf(call) : [database]) {
    for await (const row of docsOf(call, name, WITH_JOB)) {
      page.push(rowFrom(row));
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

/** A replication whose ends are known. @typedef {{ row: Row, document: any, source: End, target: End }} Replication */
/** An end that may be requested, and the checkpoints that are wanted of it. @typedef {{ status: "asked", client: Client, path: string, find: (id: string) => Found, ids: Set<string> }} Asked */
/** @typedef {Asked | Exclude<Reached, { status: "asked" }>} End */

/** Reads lags, for one call. */
class LagReader {
  #call;
  #documents;
  #ends;

  /** @param {Call} call @param {Endpoints | undefined} endpoints */
  constructor(call, endpoints) {
    this.#call = call;
    this.#documents = new Documents(call);
    this.#ends = new Ends(call, endpoints, this.#documents);
  }

  /** Reads the documents of many rows at once. @param {Row[]} rows */
  async readDocuments(rows) {
    /** @type {Map<string, Row[]>} */
    const groups = new Map();
    for (const row of rows) entry(groups, row.database, () => []).push(row);
    const read = concurrently(MAX_REQUESTS, groups, ([database, group]) => this.#documents.read(database, group));
    for await (const _ of read);
  }

  /**
   * Yields lags in the order in which they become known. Rows whose document was deleted meanwhile are left out.
   *
   * @param {Row[]} rows
   */
  async *read(rows) {
    /** @type {Map<Client, Map<string, Asked>>} */
    const asked = new Map();
    /** @type {Replication[]} */
    const replications = [];
    for await (const replication of concurrently(MAX_REQUESTS, rows, (row) => this.#reach(row, asked))) {
      if (replication !== null) replications.push(replication);
    }
    const databases = [...asked.values()].flatMap((paths) => [...paths.values()]);
    const read = concurrently(MAX_REQUESTS, databases, async (end) => {
      end.find = await checkpointsIn(this.#call, end, end.ids);
    });
    for await (const _ of read);
    yield* concurrently(MAX_REQUESTS, replications, (replication) => this.#lag(replication));
  }

  /** @param {Row} row @param {Map<Client, Map<string, Asked>>} asked equal ends are one @returns {Promise<Replication | null>} */
  async #reach(row, asked) {
    const { id } = row;
    if (id === null) return { row, document: {}, source: { status: "not_asked" }, target: { status: "not_asked" } };
    const document = await this.#documents.of(row);
    if (document === null) return null;
    const end = async (/** @type {"source" | "target"} */ side) => {
      const reached = await this.#ends.reach(row, side);
      if (reached.status !== "asked") return reached;
      const { client, path } = reached;
      const paths = entry(asked, client, () => /** @type {Map<string, Asked>} */ (new Map()));
      const database = entry(paths, path, () => ({ ...reached, find: UNREAD, ids: new Set() }));
      database.ids.add(checkpointId(id));
      return database;
    };
    return { row, document, source: await end("source"), target: await end("target") };
  }

  /** @param {Replication} replication */
  async #lag({ row, document, source, target }) {
    const [atSource, atTarget] = [foundAt(source, row), foundAt(target, row)];
    const { since, ...lag } = lagOf(row, document, atSource, atTarget);
    const isUsable = atSource.status === "found" || atSource.status === "missing";
    if (source.status !== "asked" || !isUsable || since === null) return lag;
    try {
      return { ...lag, backlog: await backlogOf(this.#call, source, since) };
    } catch (error) {
      return { ...lag, source: { ...lag.source, ...failed(error) } };
    }
  }
}

/** @type {(id: string) => Found} */
const UNREAD = () => ({ status: "not_asked" });

/** @param {End} end @param {Row} row @returns {Found} */
const foundAt = (end, { id }) => (end.status === "asked" ? end.find(checkpointId(id ?? "")) : end);

/** @template Key, Value @param {Map<Key, Value>} map @param {Key} key @param {() => Value} make @returns {Value} the value of `key`, made if it is absent */
function entry(map, key, make) {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
