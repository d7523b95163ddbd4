// @ts-check
/** `/_node/{name}/…`: what one node says of itself. */
import { prometheusText, statistics } from "../world/statistics.js";
import { requireAdmin, requireMetrics } from "./auth.js";
import { badRequest, HttpError, json, jsonBody, methodNotAllowed, missing } from "./http.js";

/**
 * @typedef {import("../world/node.js").Node} Node
 * @typedef {import("../world/database.js").Json} Json
 * @typedef {import("./http.js").Reply} Reply
 * @typedef {import("./routes.js").Context} Context
 */

/** How long a call to a node that is down takes. */
const NODE_DOWN_MS = 7_000;

/** @param {Context} context @param {string[]} parts after `_node` @returns {Promise<Reply>} */
export async function nodeRoute(context, [name, what, ...rest]) {
  if (what === "_stats" || what === "_prometheus") requireMetrics(context.user);
  else requireAdmin(context.user);
  const node = await nodeNamed(context, name);
  switch (what) {
    case undefined:
      return json({ name: node.name });
    case "_config":
      return configuration(context, node, rest);
    case "_stats":
      return json(partOf(statistics(node), rest));
    case "_prometheus":
      return {
        status: 200,
        headers: [["Content-Type", "text/plain; version=2.0"]],
        body: prometheusText(node),
      };
    default:
      throw missing();
  }
}

/** @param {Context} context @param {string} name @returns {Promise<Node>} */
async function nodeNamed({ fleet: { scheduler, clock } }, name) {
  const asked = name === "_local" ? scheduler.pool.liveNodes(clock.now())[0] : name;
  const node = scheduler.pool.node(asked);
  if (!node) throw new HttpError(404, "not_found", `no such node: ${name}`);
  if (node.lostAt !== null) {
    await clock.sleep(NODE_DOWN_MS);
    throw new HttpError(412, "nodedown", `${name} is down`);
  }
  return node;
}

/** @param {Context} context @param {Node} node @param {string[]} parts @returns {Promise<Reply> | Reply} */
function configuration({ request, fleet }, node, [section, key]) {
  const { method } = request;
  if (key !== undefined && method === "PUT") return configure(request, fleet, node, section, key);
  if (key !== undefined && method === "DELETE") {
    const previous = node.forget(section, key);
    if (previous === undefined) throw unknownValue();
    return json(previous);
  }
  if (method !== "GET" && method !== "HEAD") throw methodNotAllowed(key === undefined ? "GET" : "GET,PUT,DELETE");
  if (section === undefined) {
    return json(Object.fromEntries([...node.config].map(([name, values]) => [name, Object.fromEntries(values)])));
  }
  const values = node.config.get(section);
  if (key === undefined) return json(Object.fromEntries(values ?? []));
  const value = values?.get(key);
  if (value === undefined) throw unknownValue();
  return json(value);
}

/** @param {import("./http.js").SimRequest} request @param {Context["fleet"]} fleet @param {Node} node @param {string} section @param {string} key @returns {Promise<Reply>} */
async function configure(request, fleet, node, section, key) {
  const value = await jsonBody(request);
  if (typeof value !== "string") throw badRequest("`value` must be a string");
  if (section === "couchdb" && key === "max_document_size") fleet.limitDocuments(Number(value));
  return json(node.configure(section, key, value));
}

function unknownValue() {
  return new HttpError(404, "not_found", "unknown_config_value");
}

/** A part of nested objects. @param {Json} whole @param {string[]} path */
function partOf(whole, path) {
  let part = whole;
  for (const name of path) {
    part = part[name];
    if (part === undefined) throw missing();
  }
  return part;
}
