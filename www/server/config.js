// @ts-check
// Where the page is told which server to show.

/**
 * `config.json` beside the page: written by the dev server, and by whoever puts the page on a web server of their own.
 *
 * @returns {Promise<string | null>} the server's URL
 */
export async function configuredUrl() {
  try {
    const response = await fetch("config.json");
    const { url } = await response.json();
    return typeof url === "string" ? new URL(url, location.href).href : null;
  } catch {
    return null;
  }
}
