// @ts-check
// The URL's fragment: which list, and which replication in it. Users send it to colleagues, so it contains
// neither the server nor the user.

export const DEFAULT_DATABASE = "_replicator";

/**
 * @typedef {object} Place
 * @property {"docs" | "jobs"} list
 * @property {string} database of `docs`
 * @property {string | null} key the id of a document, or of a job
 */

/** @param {Place} place */
export function fragmentOf({ list, database, key }) {
  const parts = list === "jobs" ? ["jobs"] : ["docs", database];
  return `#/${[...parts, ...(key === null ? [] : [key])].map(encodeURIComponent).join("/")}`;
}

/** @param {string} [fragment] @returns {Place} */
export function readFragment(fragment = location.hash) {
  const [list, ...rest] = fragment.replace(/^#\/?/, "").split("/").map(decoded);
  if (list === "jobs") return { list, database: DEFAULT_DATABASE, key: rest[0] || null };
  return { list: "docs", database: rest[0] || DEFAULT_DATABASE, key: rest[1] || null };
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @param {Place} place */
export function goTo(place) {
  const fragment = fragmentOf(place);
  if (location.hash !== fragment) location.hash = fragment;
}
