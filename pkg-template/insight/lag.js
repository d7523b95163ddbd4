// @ts-check
// lag() and lags(): where replications are, by their checkpoints at both ends.

import { argument, optionsOf } from "../runtime/arguments.js";
import { iterating, method } from "./call.js";
import { hasVanished } from "./databases.js";
import { ENDPOINTS } from "./endpoints.js";
import { LagReader } from "./lag-reader.js";
import { rowFrom } from "./position.js";
import { DATABASES, namesOf } from "./replicator-databases.js";
import { docOf, docsOf, WITH_JOB } from "./scheduler-rows.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./call.js").Client} Client */
/** @typedef {import("./endpoints.js").Endpoints} Endpoints */
/** @typedef {import("./position.js").Row} Row */

/** Replications whose checkpoints are read together: one request for each database at their ends. */
const PAGE = 1000;

/** @param {Client} client @param {unknown} docId @param {unknown} [options] */
export async function lag(client, docId, options) {
  const id = argument("lag", "docId", "document", docId);
  const kinds = { database: "database", endpoints: ENDPOINTS };
  return method(client, "lag", options, kinds, async (call, { database, endpoints }) => {
    const row = rowFrom(database, await docOf(call, id, database));
    const { value } = await new LagReader(call, endpoints).read([row]).next();
    return value;
  });
}

/** @param {Client} client @param {unknown} [options] */
export function lags(client, options) {
  return iterating(client, () => {
    const given = optionsOf("lags", options, { database: DATABASES, endpoints: ENDPOINTS, signal: "signal" });
    const { database, endpoints, signal } = given;
    return { signal, work: (call) => lagsIn(call, database, endpoints) };
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
    try {
      for await (const row of docsOf(call, name, WITH_JOB)) {
        page.push(rowFrom(name, row));
        if (page.length < PAGE) continue;
        yield page;
        page = [];
      }
    } catch (error) {
      if (database !== "all" || !(await hasVanished(call, name, error))) throw error;
    }
  }
  if (page.length > 0) yield page;
}
