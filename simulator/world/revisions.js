// @ts-check
/**
 * The revisions of one document: a winner, whose fields the entry itself has, and the other leaves of its tree.
 * A leaf remembers its ancestors, so that a database can answer which revisions it has ever seen.
 */

/**
 * @typedef {import("./database.js").Entry} Entry
 * @typedef {import("./database.js").Json} Json
 *
 * @typedef {object} Leaf
 * @property {string} rev
 * @property {boolean} deleted
 * @property {Json} body
 * @property {readonly string[]} past ancestors, newest first; no more than `_revs_limit` keeps
 */

/** @type {readonly string[]} */
export const NO_PAST = Object.freeze([]);

/** @param {string} rev */
export function generationOf(rev) {
  return Number.parseInt(rev, 10);
}

/** The winner first. @param {Entry} entry @returns {Leaf[]} */
export function leavesOf(entry) {
  return entry.others ? [entry, ...entry.others] : [entry];
}

/** @param {Entry} entry @param {string} rev @returns {Leaf | undefined} */
export function leafOf(entry, rev) {
  return entry.rev === rev ? entry : entry.others?.find((leaf) => leaf.rev === rev);
}

/** Whether the revision is a leaf or an ancestor of one. @param {Entry} entry @param {string} rev */
export function isKnown(entry, rev) {
  return leavesOf(entry).some((leaf) => leaf.rev === rev || leaf.past.includes(rev));
}

/**
 * The leaves from which a missing revision may descend, as `_revs_diff` shows them.
 * @param {Entry} entry @param {string[]} missing
 */
export function possibleAncestors(entry, missing) {
  const newest = Math.max(...missing.map(generationOf));
  return leavesOf(entry)
    .map(({ rev }) => rev)
    .filter((rev) => generationOf(rev) < newest);
}

/** The member `_revisions` of a leaf. @param {Leaf} leaf */
export function revisionsMember({ rev, past }) {
  return { start: generationOf(rev), ids: [rev, ...past].map((one) => one.slice(one.indexOf("-") + 1)) };
}

/** A document's own path to its revision, newest first. @param {Json} document with `_rev` or `_revisions` @returns {string[]} */
export function pathOf({ _rev, _revisions }) {
  if (!_revisions) return [_rev];
  const { start, ids } = _revisions;
  return ids.map((/** @type {string} */ id, /** @type {number} */ i) => `${start - i}-${id}`);
}

/**
 * Adds a revision as a replication does. The result has all leaves, the winner first; null: nothing is new.
 * @param {Entry} entry @param {string[]} path the new revision and its ancestors, newest first
 * @param {{ deleted: boolean, body: Json }} content @param {number} revsLimit
 * @returns {Leaf[] | null}
 */
export function merged(entry, path, { deleted, body }, revsLimit) {
  const [rev, ...past] = path;
  if (entry.rev !== "" && isKnown(entry, rev)) return null;
  const leaves = entry.rev === "" ? [] : leavesOf(entry).map(copyOf);
  for (const [i, ancestor] of past.entries()) {
    const leaf = leaves.find((one) => one.rev === ancestor || one.past.includes(ancestor));
    if (!leaf) continue;
    // The longer memory of the two.
    const older = leaf.rev === ancestor ? leaf.past : leaf.past.slice(leaf.past.indexOf(ancestor) + 1);
    if (older.length > past.length - i - 1) past.splice(i + 1, Infinity, ...older);
    if (leaf.rev === ancestor) leaves.splice(leaves.indexOf(leaf), 1);
    break;
  }
  leaves.push({ rev, deleted, body, past: past.slice(0, Math.max(0, revsLimit - 1)) });
  return leaves.sort(byVictory);
}

/** @param {Leaf} leaf @returns {Leaf} */
function copyOf({ rev, deleted, body, past }) {
  return { rev, deleted, body, past };
}

/** The winner: not deleted, then the longest history, then the greater id. @param {Leaf} a @param {Leaf} b */
export function byVictory(a, b) {
  if (a.deleted !== b.deleted) return a.deleted ? 1 : -1;
  return generationOf(b.rev) - generationOf(a.rev) || (a.rev < b.rev ? 1 : -1);
}
