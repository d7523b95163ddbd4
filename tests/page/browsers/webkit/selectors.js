// @ts-check
// Playwright's selectors, as its locators build them.

/** @param {string | RegExp} text @param {boolean} [exact] */
const textSelector = (text, exact = false) =>
  typeof text === "string" ? `${JSON.stringify(text)}${exact ? "s" : "i"}` : String(text).replaceAll(">>", "\\>\\>");

/** @param {string | RegExp} text @param {boolean} [exact] */
const attributeSelector = (text, exact = false) =>
  typeof text === "string"
    ? `"${text.replace(/\\/g, "\\\\").replace(/["]/g, '\\"')}"${exact ? "s" : "i"}`
    : String(text).replaceAll(">>", "\\>\\>");

/** @typedef {{ exact?: boolean }} Exact */

export const byText = (/** @type {string | RegExp} */ text, /** @type {Exact} */ { exact } = {}) =>
  `internal:text=${textSelector(text, exact)}`;

export const byLabel = (/** @type {string | RegExp} */ text, /** @type {Exact} */ { exact } = {}) =>
  `internal:label=${textSelector(text, exact)}`;

export const byAttribute =
  (/** @type {string} */ name) =>
  (/** @type {string | RegExp} */ text, /** @type {Exact} */ { exact } = {}) =>
    `internal:attr=[${name}=${attributeSelector(text, exact)}]`;

/** @param {string} role @param {Record<string, any>} [options] */
export function byRole(role, { exact, ...options } = {}) {
  const parts = Object.entries(options).map(([name, value]) => {
    const key = name === "includeHidden" ? "include-hidden" : name;
    return `[${key}=${name === "name" || name === "description" ? attributeSelector(value, exact) : value}]`;
  });
  return `internal:role=${role}${parts.join("")}`;
}

/** @param {{ has?: any, hasNot?: any, hasText?: string | RegExp, hasNotText?: string | RegExp, visible?: boolean }} [options] */
export function filters({ has, hasNot, hasText, hasNotText, visible } = {}) {
  return [
    hasText === undefined ? "" : ` >> internal:has-text=${textSelector(hasText)}`,
    hasNotText === undefined ? "" : ` >> internal:has-not-text=${textSelector(hasNotText)}`,
    has ? ` >> internal:has=${JSON.stringify(has.selector)}` : "",
    hasNot ? ` >> internal:has-not=${JSON.stringify(hasNot.selector)}` : "",
    visible === undefined ? "" : ` >> visible=${visible}`,
  ].join("");
}
