// @ts-check
// The words of findings.

import { diagnose } from "#glue";

/**
 * @typedef {import("./audit-numbers.js").Kind} Kind
 * @typedef {{ message: string, hint: string }} Words
 */

/** The words for a kind whose rule adds only a number. @type {Partial<Record<Kind, (number: number) => [message: string, hint: string]>>} */
const WORDS = {
  no_task: (left) => [
    `The job counts as running, but it has no active task and does not move, although ${changes(left)} pending.`,
    "It hangs while it starts: check that both ends respond, then restart the replication.",
  ],
  stalled: (left) => [
    `The job counts as running, but its task is not updated and it does not move, although ${changes(left)} pending.`,
    "Check that both ends respond, then restart the replication.",
  ],
  starving: () => [
    "The job waits for a free slot much longer than the load of its node explains.",
    "Check capacity(): raise max_jobs or max_churn of the node, or run fewer replications on it.",
  ],
  lagging: (left) => [
    `The replication exceeds the limits of the backlog or of the time without progress: ${changes(left)} pending.`,
    "Check the speed of both ends. If they are not busy, more worker_processes and http_connections help.",
  ],
  write_failures: (refused) => [
    `The target has refused ${count(refused, "document")} since the first start of the replication.`,
    "verify() lists the documents that are missing, retryRefused() the reasons.",
  ],
  rewound: () => [
    "The replication reads its source again, from the beginning or from long before its checkpoint.",
    "Its document was changed, a checkpoint is missing at one end, or a database was created again: compare both ends with lag().",
  ],
  orphan_task: () => [
    "A replication task runs without a job.",
    "Read the log of the node. A restart of the node ends the task.",
  ],
  poisoned_document: (jobs) => [
    `The node restarts all of its ${jobs} jobs every few seconds: probably it cannot process one of the replication documents.`,
    "Find the document whose _scheduler/docs/{db}/{id} responds with status 500: its _replication_state is not a state of CouchDB. Delete it, or remove this member.",
  ],
  node_missing: () => [
    "The node belongs to the cluster and is not connected.",
    "Start the node, or remove it from the cluster. Other nodes take over its replications.",
  ],
  churned_by_crashes: (jobs) => [
    `All slots of the node are taken, and jobs crash: the node stops and restarts healthy jobs at each interval, the last time ${jobs}.`,
    "Repair or delete the crashing replications, or raise max_jobs of the node.",
  ],
};

/** @param {number} left */
const changes = (left) => (left === 0 ? "changes can be" : left === 1 ? "1 change is" : `${left} changes are`);

/** @param {number} number @param {string} noun */
const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** @param {Kind} kind @param {number} number @returns {Words} */
export function wordsFor(kind, number) {
  const [message, hint] = WORDS[kind]?.(number) ?? ["", ""];
  return { message, hint };
}

/** Of a node whose jobs have no tasks. @param {number} jobs @returns {Words} */
export function wordsForLostTasks(jobs) {
  return {
    message: `${count(jobs, "running job")} of the node ${jobs === 1 ? "has" : "have"} no active task, and nothing shows that ${jobs === 1 ? "it hangs" : "they hang"}.`,
    hint: "Most likely the node lost its table of tasks, while replication continues. A job has a task again after its next start.",
  };
}

/**
 * Of a job that crashes: why it crashed last.
 *
 * @param {import("../index.js").ReplicationJob | null} job
 * @returns {Words & { isDuplicate: boolean }}
 */
export function wordsForCrash(job) {
  const diagnosis = job && diagnose(/** @type {any} */ ({ ...job, state: "crashing" }));
  const { cause, message = "", hint = "" } = diagnosis ?? {};
  return { message, hint, isDuplicate: cause === "duplicate" };
}

/** Of a job that crashes although its state does not show it. @param {import("../index.js").ReplicationJob | null} job @param {number} crashes @returns {Words} */
export function wordsForHiddenCrashes(job, crashes) {
  const { message, hint } = wordsForCrash(job);
  return {
    message:
      `The job crashed ${crashes} times within an hour, each time after it had run for a while. CouchDB restarts it at once, so its state does not show it. ${message}`.trim(),
    hint,
  };
}
