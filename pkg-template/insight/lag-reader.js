// @ts-check
// The requests of lag() and lags(): documents, checkpoints at both ends, backlogs.

import { backlogOf } from "./backlog.js";
import { concurrently } from "./call.js";
import { checkpointId, checkpointsIn, foundIn } from "./checkpoints.js";
import { Documents } from "./documents.js";
import { Ends, failed } from "./endpoints.js";
import { entry } from "./entry.js";
import { lagOf } from "./position.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./call.js").Client} Client */
/** @typedef {import("./checkpoints.js").Failure} Failure */
/** @typedef {import("./checkpoints.js").Found} Found */
/** @typedef {import("./endpoints.js").Endpoints} Endpoints */
/** @typedef {import("./endpoints.js").Reached} Reached */
/** @typedef {import("./position.js").Row} Row */

/** Requests at a time. The list of the replications is one more. */
const MAX_REQUESTS = 7;

/** Codes of errors that all databases of a client would have: those of its credentials, and those of its server. */
const REJECTED = ["unauthorized", "locked_out"];
const DOWN = [...REJECTED, "network", "timeout"];

/** A replication whose ends are known. @typedef {{ row: Row, document: any, source: End, target: End }} Replication */
/** An end that may be requested, and the checkpoints that are wanted of it. @typedef {{ status: "asked", client: Client, path: string, ids: Set<string>, checkpoints: Map<string, Found> | Failure }} Asked */
/** @typedef {Asked | Exclude<Reached, { status: "asked" }>} End */

/** Reads lags, for one call. */
export class LagReader {
  #call;
  #documents;
  #ends;
  /** Clients whose credentials are not accepted. @type {WeakMap<Client, Failure>} */
  #rejected = new WeakMap();

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
    await this.#readCheckpoints([...asked.values()].map((paths) => [...paths.values()]));
    yield* concurrently(MAX_REQUESTS, replications, (replication) => this.#lag(replication));
  }

  /**
   * Reads those of one database of each client, and then the others of the clients that work: a server that is down or that
   * rejects the password would say so for each database, and CouchDB locks an account after five wrong passwords.
   *
   * @param {Asked[][]} clients the databases of each
   */
  async #readCheckpoints(clients) {
    const read = async (/** @type {Asked} */ end) => {
      const known = this.#rejected.get(end.client);
      end.checkpoints = known ?? (await checkpointsIn(this.#call, end, end.ids));
    };
    for await (const _ of concurrently(MAX_REQUESTS, clients, ([first]) => read(/** @type {Asked} */ (first))));
    /** @type {Asked[]} */
    const others = [];
    for (const [first, ...rest] of clients) {
      const { client, checkpoints } = /** @type {Asked} */ (first);
      if (checkpoints instanceof Map || !isAbout(DOWN, checkpoints)) others.push(...rest);
      else for (const end of rest) end.checkpoints = checkpoints;
      if (!(checkpoints instanceof Map) && isAbout(REJECTED, checkpoints)) this.#rejected.set(client, checkpoints);
    }
    for await (const _ of concurrently(MAX_REQUESTS, others, read));
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
      const database = entry(paths, path, () => ({ ...reached, ids: new Set(), checkpoints: new Map() }));
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
      return { ...lag, source: { ...lag.source, ...failed(this.#call.failureOf(error)) } };
    }
  }
}

/** @param {string[]} codes @param {Failure} failure */
const isAbout = (codes, { error }) => codes.includes(/** @type {any} */ (error).code);

/** @param {End} end @param {Row} row @returns {Found} */
const foundAt = (end, { id }) => (end.status === "asked" ? foundIn(end.checkpoints, checkpointId(id ?? "")) : end);
