// @ts-check
// capacity(): the limits and the load of each node.

import { concurrently, method } from "./call.js";
import { entry } from "./entry.js";
import { DEFAULT_LIMITS, expectedWait } from "./expected-wait.js";
import { limitsAt, membershipOf } from "./nodes.js";
import { jobsOf } from "./scheduler-rows.js";

/**
 * @typedef {import("./call.js").Call} Call
 * @typedef {import("./expected-wait.js").Limits} Limits
 * @typedef {import("../index.js").NodeCapacity} NodeCapacity
 * @typedef {import("../index.js").ReplicationJob} ReplicationJob
 *
 * @typedef {object} Node
 * @property {string} node its name
 * @property {boolean} up
 * @property {Limits | null} limits null if they are unknown
 * @property {import("../index.js").SchedulerError | null} error why they are unknown, if the node was asked
 * @property {number} running
 * @property {number} stoppable those of the running jobs that are continuous
 * @property {number} pending
 * @property {number} crashing
 * @property {{ job: ReplicationJob, since: number } | null} longest the pending job that has waited longest
 */

/** Maximum number of nodes that are asked at the same time; with the list of jobs these are eight requests. */
const NODES_AT_A_TIME = 7;

/** Codes of a server that does not let this user see its nodes, or, like Cloudant's, does not show them to anyone. */
const REFUSED = ["unauthorized", "forbidden", "not_found", "bad_request"];

/** @param {import("#glue").Client} client @param {unknown} [options] @returns {Promise<import("../index.js").Capacity>} */
export async function capacity(client, options) {
  return method(client, "capacity", options, {}, async (call) => capacityOf(await nodesOf(call)));
}

/**
 * Reads the jobs, the names of the nodes, and the limits of each node that is up.
 *
 * @param {Call} call
 * @returns {Promise<{ nodes: Node[], now: number }>} the nodes in the order of their names, and the server's time
 */
export async function nodesOf(call) {
  /** @type {Map<string, Node>} */
  const nodes = new Map();
  const [now] = await Promise.all([addNodes(call, nodes), addJobs(call, nodes)]);
  return { nodes: [...nodes.values()].sort((a, b) => (a.node < b.node ? -1 : 1)), now };
}

/**
 * What `capacity()` returns.
 *
 * @param {{ nodes: Node[], now: number }} found
 * @returns {import("../index.js").Capacity}
 */
export function capacityOf({ nodes, now }) {
  return {
    known: nodes.length > 0 && nodes.every(({ up, limits }) => limits !== null || !up),
    nodes: nodes.map((load) => {
      const { node, up, running, pending, crashing, longest } = load;
      const limits = load.limits ?? DEFAULT_LIMITS;
      const expected_wait = expectedWait(limits, load);
      return { node, up, ...limits, running, pending, crashing, expected_wait, longest_wait: waitOf(longest, now) };
    }),
  };
}

/** @param {Node["longest"]} longest @param {number} now @returns {NodeCapacity["longest_wait"]} */
function waitOf(longest, now) {
  if (longest === null) return null;
  const { database, doc_id, id } = longest.job;
  return { database, doc_id, job_id: id, ms: Math.max(0, now - longest.since) };
}

/** @param {Map<string, Node>} nodes @param {string} name */
function nodeNamed(nodes, name) {
  const load = { running: 0, stoppable: 0, pending: 0, crashing: 0, longest: null };
  return entry(nodes, name, () => ({ node: name, up: true, limits: null, error: null, ...load }));
}

/**
 * Adds the nodes of the cluster, with the limits of those that are connected to the one that responds.
 *
 * @param {Call} call
 * @param {Map<string, Node>} nodes
 * @returns {Promise<number>} the server's time
 */
async function addNodes(call, nodes) {
  let membership;
  try {
    membership = await membershipOf(call);
  } catch (error) {
    if (REFUSED.includes(call.failureOf(error).code)) return Date.now();
    throw error;
  }
  const { all_nodes, cluster_nodes } = membership.json;
  for (const name of cluster_nodes) nodeNamed(nodes, name).up = all_nodes.includes(name);
  const connected = all_nodes.map((/** @type {string} */ name) => nodeNamed(nodes, name));
  const asked = concurrently(NODES_AT_A_TIME, connected, (node) => addLimits(call, node));
  for await (const _ of asked);
  return membership.date ?? Date.now();
}

/** Without its limits, a node still has its jobs. @param {Call} call @param {Node} node */
async function addLimits(call, node) {
  try {
    node.limits = await limitsAt(call, node.node);
  } catch (error) {
    node.error = call.failureOf(error);
    // The other nodes take some time to notice that it is down.
    if (node.error.error === "nodedown") node.up = false;
  }
}

/** Counts the jobs of each node. @param {Call} call @param {Map<string, Node>} nodes */
async function addJobs(call, nodes) {
  for await (const job of jobsOf(call)) {
    const node = nodeNamed(nodes, job.node ?? "");
    node[job.state]++;
    if (job.state === "running" && job.continuous) node.stoppable++;
    // The latest event of a pending job is that it was added or stopped.
    const since = job.state === "pending" ? Date.parse(job.history[0]?.timestamp ?? "") : NaN;
    if (since < (node.longest?.since ?? Infinity)) node.longest = { job, since };
  }
}
