// @ts-check
// How the databases at the ends of a replication are reached. Those of this server are requested with the client of the
// call; those of other servers only as the option `endpoints` says.

import { Client } from "#glue";
import { argument, kind } from "../runtime/arguments.js";
import { clientArguments } from "../runtime/client-arguments.js";
import { attempt } from "../runtime/http.js";
import { segment, unlessAborted } from "./call.js";
import { Documents } from "./documents.js";
import { entry } from "./entry.js";
import { databaseAt, storedOptions } from "./stored-credentials.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("../runtime/scheduler-error.js").SchedulerError} SchedulerError */
/** @typedef {import("./stored-credentials.js").Database} Database */
/** @typedef {"source" | "target"} Side */
/** @typedef {"stored" | ((url: string, side: Side) => unknown)} Endpoints */

/**
 * A row of `_scheduler/docs`: its ends are URLs without credentials, or names of databases.
 *
 * @typedef {{ database: string, doc_id: string, source: string | null, target: string | null }} Row
 */

/**
 * How an end is reached: `path` is below the URL of `client`, percent-encoded as in the URL of the end.
 *
 * @typedef {{ status: "asked", client: Client, path: string }
 *   | { status: "not_asked" }
 *   | { status: "unreachable" | "refused", error: SchedulerError }} Reached
 */

/** The kind of the option `endpoints`. @type {import("../runtime/arguments.js").Kind} */
export const ENDPOINTS = kind(
  '"stored", or a function that returns a Client or null',
  (value) => value === "stored" || typeof value === "function",
);

/** The name of a database of this server, which CouchDB before 3.0 accepts instead of a URL. */
const NAME = /^[a-z_][a-z0-9_$()+/-]*$/;

/** How many clients and results of the caller's function are remembered. */
const MAX_KNOWN = 2000;

/** @type {Reached} */
const NOT_ASKED = Object.freeze({ status: "not_asked" });

/** The ends of replications, during one call. Equal ends have the same client. */
export class Ends {
  #call;
  #endpoints;
  #documents;
  /** What the caller's function returned, by side and URL. @type {Map<string, Promise<Client | null>>} */
  #given = new Map();
  /** Clients with credentials of documents, by server and credentials; null for credentials that no client can have. @type {Map<string, Client | null>} */
  #stored = new Map();

  /**
   * @param {Call} call
   * @param {Endpoints | undefined} endpoints the option
   * @param {Documents} [documents] where they are read from, for "stored"
   */
  constructor(call, endpoints, documents = new Documents(call)) {
    this.#call = call;
    this.#endpoints = endpoints;
    this.#documents = documents;
    call.signal.addEventListener("abort", () => {
      for (const client of this.#stored.values()) client?.free();
    });
  }

  /**
   * Rejects if the call is aborted, with what the caller's function throws, and with a TypeError if it returns anything
   * else than a client or null.
   *
   * @param {Row} row
   * @param {Side} side
   * @returns {Promise<Reached>}
   */
  async reach(row, side) {
    const { client } = this.#call;
    const url = row[side];
    if (typeof url !== "string") return NOT_ASKED;
    if (NAME.test(url)) return { status: "asked", client, path: `/${segment(url)}` };
    const database = databaseAt(url);
    if (database === null) return NOT_ASKED;
    const { server, path } = database;
    if (server === client.url) return { status: "asked", client, path };
    if (this.#endpoints === undefined) return NOT_ASKED;
    let elsewhere;
    if (typeof this.#endpoints === "function") elsewhere = await this.#clientFrom(this.#endpoints, server + path, side);
    else {
      let document;
      try {
        document = await this.#documents.of(row);
      } catch (error) {
        return failed(this.#call.failureOf(error));
      }
      elsewhere = this.#clientFor(document?.[side], database);
    }
    return elsewhere === null ? NOT_ASKED : { status: "asked", client: elsewhere, path };
  }

  /** @param {(url: string, side: Side) => unknown} endpoints @param {string} url @param {Side} side */
  #clientFrom(endpoints, url, side) {
    const ask = async () => {
      const { signal } = this.#call;
      signal.throwIfAborted();
      // The caller's promise need not settle.
      const result = await unlessAborted((async () => endpoints(url, side))(), signal);
      if (result === null) return null;
      if (!(result instanceof Client)) argument("endpoints", "the result of the function", "a Client or null", result);
      const client = /** @type {Client} */ (result);
      // Throws if it was freed.
      void client.url;
      return client;
    };
    return entry(this.#given, `${side} ${url}`, ask, MAX_KNOWN);
  }

  /** @param {unknown} written the end in the document @param {Database} shown the same end in the row */
  #clientFor(written, { server, path }) {
    const options = storedOptions(written, server + path);
    if (options === null) return null;
    const make = () => attempt(() => clientElsewhere(this.#call.client, server, options)) ?? null;
    return entry(this.#stored, JSON.stringify([server, options]), make, MAX_KNOWN);
  }
}

/**
 * A client of another server, or of another user, that sends its requests as `client` does. Throws if the credentials cannot be sent,
 * such as a header whose name has a space.
 *
 * @param {import("#glue").Client} client
 * @param {string} server
 * @param {{ auth?: object, headers?: Record<string, string> }} options credentials
 */
export const clientElsewhere = (client, server, options) =>
  client.__elsewhere(clientArguments("endpoints", server, options));

/** What the error of a request says about an end. @param {any} error a SchedulerError @returns {{ status: "unreachable" | "refused", error: SchedulerError }} */
export const failed = (error) => ({ status: REFUSALS.includes(error.code) ? "refused" : "unreachable", error });

const REFUSALS = ["unauthorized", "forbidden", "locked_out", "not_found", "bad_request"];
