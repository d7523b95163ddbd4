// @ts-check
// What this browser keeps for the page. The page works without it, where the browser does not let pages store anything.

/**
 * @param {string} key
 * @returns {any} null: nothing is stored, or nothing valid; undefined: the browser does not let pages store anything
 */
export function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch (error) {
    return error instanceof SyntaxError ? null : undefined;
  }
}

/** @param {string} key @param {unknown} value null: removes it @returns {boolean} whether it is stored */
export function store(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
