// @ts-check
// Which documents are replicated, as entered in a form: its errors, and the fields of the document.

/**
 * @typedef {object} TypedChoice
 * @property {"all" | "filter" | "selector" | "docIds"} which
 * @property {string} filter
 * @property {string} [queryParams] JSON; empty: none
 * @property {string} selector JSON
 * @property {string} docIds one per line
 */

const NO_OBJECT = 'Enter a JSON object, such as {"type": "order"}.';

/** @param {TypedChoice} typed */
export function choiceFaults({ which, filter, queryParams = "", selector, docIds }) {
  /** @type {Partial<Record<keyof TypedChoice, string>>} the errors, by field */
  const faults = {};
  if (which === "filter" && !/^[^/]+\/.+$/.test(filter.trim())) {
    faults.filter = "A design document and its function, such as shop/open.";
  }
  if (which === "filter" && queryParams.trim() !== "" && !isObject(queryParams)) faults.queryParams = NO_OBJECT;
  if (which === "selector" && !isObject(selector)) faults.selector = NO_OBJECT;
  if (which === "docIds" && idsIn(docIds).length === 0) faults.docIds = "Enter at least one id.";
  return faults;
}

/** @param {string} text */
function isObject(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** @param {string} text */
const idsIn = (text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** All documents. */
export const NO_CHOICE = { filter: null, queryParams: null, selector: null, docIds: null };

/** The fields that are set. @param {TypedChoice} typed without errors */
export function choiceOf({ which, filter, queryParams = "", selector, docIds }) {
  return {
    ...(which === "filter" && { filter: filter.trim() }),
    ...(which === "filter" && queryParams.trim() !== "" && { queryParams: JSON.parse(queryParams) }),
    ...(which === "selector" && { selector: JSON.parse(selector) }),
    ...(which === "docIds" && { docIds: idsIn(docIds) }),
  };
}
