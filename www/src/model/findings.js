// @ts-check
// What an audit has found and the states do not show, by replication and by kind.

import { spaced } from "./format.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("couchdb-scheduler").Finding} Finding
 * @typedef {Finding["kind"]} Kind
 */

/** The states, and the incidents, say these themselves. @type {readonly Kind[]} */
const STATED = ["failed", "error", "crashing", "duplicate"];

/** @type {Partial<Record<Kind, string>>} */
const WORDS = { no_task: "without a task", write_failures: "refused documents", crashes_hidden: "hidden crashes" };

/** The name of a kind on the page. @param {string} kind */
export const kindInWords = (kind) => WORDS[/** @type {Kind} */ (kind)] ?? spaced(kind);

/** Two databases can have documents of one id. @param {string | null} docId @param {string | null} jobId */
const keyOf = (docId, jobId) => (docId === null ? `job ${jobId}` : `doc ${docId}`);

export class Findings {
  /** By replication. @type {Map<string, Finding[]>} */
  #byKey = new Map();
  /** Those that no document shows: of nodes, of jobs without a document, of tasks without a job. @type {Finding[]} */
  general = [];
  /** Number of findings of each kind, the worst first. @type {Map<Kind, number>} */
  kinds = new Map();

  /** @param {readonly Finding[]} [all] of one database, the worst first */
  constructor(all = []) {
    /** The worst first. */
    this.list = all.filter(({ kind }) => !STATED.includes(kind));
    for (const finding of this.list) {
      const { kind, doc_id, job_id } = finding;
      this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
      if (doc_id === null || kind === "orphan_task") this.general.push(finding);
      if (doc_id === null && job_id === null) continue;
      const key = keyOf(doc_id, job_id);
      const others = this.#byKey.get(key);
      if (others) others.push(finding);
      else this.#byKey.set(key, [finding]);
    }
  }

  /** The worst first. @param {Row} row @returns {readonly Finding[]} */
  of({ given }) {
    return this.#byKey.get(keyOf(given.doc_id, given.id)) ?? [];
  }

  /** @param {Row} row @param {string} kind */
  has(row, kind) {
    return this.of(row).some((finding) => finding.kind === kind);
  }

  /** @param {string} kind */
  ofKind(kind) {
    return this.list.filter((finding) => finding.kind === kind);
  }
}
