// @ts-check
// Which server the page shows first.

/**
 * @typedef {object} Configured
 * @property {string | null} url of the server
 * @property {boolean | null} writes whether write requests reach it; null: unknown
 */

/**
 * `config.json` next to the page: of the server of the package, or written by the operator of another web server.
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
