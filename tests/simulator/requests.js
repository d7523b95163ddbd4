// @ts-check
/** Shared helpers of the simulator's tests. */

/** @typedef {import("../../simulator/index.js").Simulator} Simulator */

export const ORIGIN = "http://couch.test";

/** @param {string} user @param {string} password */
export function basic(user, password) {
  return `Basic ${btoa(`${user}:${password}`)}`;
}

/**
 * Sends one request as the admin, and reads the complete response.
 * @param {Simulator} simulator @param {string} path
 * @param {{ method?: string, headers?: Record<string, string>, body?: unknown, signal?: AbortSignal, redirect?: RequestRedirect }} [init]
 *   a body that is not a string is sent as JSON
 */
export async function send(simulator, path, { method, headers, body, signal, redirect } = {}) {
  const response = await simulator.fetch(ORIGIN + path, {
    method,
    signal,
    redirect,
    headers: { authorization: basic("admin", "pass"), "content-type": "application/json", ...headers },
    body:
      body === undefined || typeof body === "string" ? /** @type {string | undefined} */ (body) : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, response };
}

/** @param {Simulator} simulator @param {string} path @returns {Promise<any>} the JSON of a GET */
export async function get(simulator, path) {
  return JSON.parse((await send(simulator, path)).text);
}

/** @param {Simulator} simulator @param {string} path @param {unknown} body @returns {Promise<any>} */
export async function put(simulator, path, body) {
  return JSON.parse((await send(simulator, path, { method: "PUT", body })).text);
}

/** @param {Simulator} simulator @param {string} [query] @returns {Promise<string[]>} the ids a list shows */
export async function idsOf(simulator, query = "") {
  return (await get(simulator, `/_scheduler/docs${query}`)).docs.map((/** @type {any} */ row) => row.doc_id);
}

/** @param {Simulator} simulator @param {string} id @returns {Promise<string | null>} */
export async function stateOf(simulator, id) {
  return (await get(simulator, `/_scheduler/docs/_replicator/${encodeURIComponent(id)}`)).state;
}

/** The smallest row. @param {string} doc_id @param {string} [state] */
export function row(doc_id, state = "failed") {
  return { database: "_replicator", doc_id, id: null, state };
}

/** An endpoint on the server itself. @param {string} database */
export function here(database) {
  return `http://admin:pass@couch.test/${database}`;
}
