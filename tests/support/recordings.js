// @ts-check
// Responses recorded from Apache CouchDB 3.5.0.

import { readdirSync, readFileSync } from "node:fs";

/**
 * @typedef {object} Recording
 * @property {string} name with its folder
 * @property {string} method
 * @property {string} path
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {string} body
 */

const FOLDER = new URL("../recordings/", import.meta.url);

/** Every recorded call. @type {Recording[]} */
export const recordings = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .flatMap((file) =>
    JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")).map((/** @type {Recording} */ recording) => ({
      ...recording,
      name: `${file.slice(0, -5)}/${recording.name}`,
    })),
  );

/** Those of the scheduler's endpoints. */
export const schedulerRecordings = recordings.filter(({ path }) => path.startsWith("/_scheduler"));

const listed = schedulerRecordings.filter(({ method, status }) => method === "GET" && status === 200);

/** The kind of request, from the shape of the response. */
export const recorded = {
  docsLists: listed.filter(({ body }) => body.startsWith("{") && Array.isArray(JSON.parse(body).docs)),
  singleDocs: listed.filter(({ body }) => JSON.parse(body).doc_id !== undefined && !JSON.parse(body).history),
  jobsLists: listed.filter(({ body }) => Array.isArray(JSON.parse(body).jobs)),
  singleJobs: listed.filter(({ body }) => JSON.parse(body).history !== undefined),
  all: listed,
};

/**
 * The options with which `listJobs()` requests such a part of the list; undefined for the whole list.
 *
 * @param {{ jobs: unknown[], total_rows: number, offset: number }} list
 */
export const windowOf = ({ jobs, total_rows, offset }) =>
  jobs.length < total_rows ? { limit: jobs.length, skip: offset } : undefined;
