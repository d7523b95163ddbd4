// @ts-check
// Which server the page shows first.

/**
 * @typedef {object} Configured
 * @property {string | null} url the server's
 * @property {boolean | null} writes whether requests that change something get through to it; null: not known
 */

/**
 * `config.json` next to the page: written by the dev server, and by whoever puts the page on a web server of their own.
 *
 * @returns {Promise<Configured>}
 */
export async function configuration() {
  try {
    const response = await fetch("config.json");
    const { url, writes } = await response.json();
    if (typeof url !== "string") return { url: null, writes: null };
    return { url: new URL(url, location.href).href, writes: typeof writes === "boolean" ? writes : null };
  } catch {
    return { url: null, writes: null };
  }
}
