// @ts-check
// A simulated server inside this process: the one that the page has to be tried out.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const AUTH = { username: "admin", password: "pass" };
/** Fast, so that hours pass in minutes. */
const FLEET = { docs: 1000, clock: { start: Date.now(), speed: 10 }, admins: { [AUTH.username]: AUTH.password } };

/** Where its requests seem to go. */
const URL_OF_DEMO = "http://simulated.example";

/** @param {string} folder of the built page @returns {Promise<{ url: string, options: import("couchdb-scheduler").ClientOptions }>} */
export async function demo(folder) {
  const name = readdirSync(folder).find((name) => /^simulator-.*\.js$/.test(name)) ?? "";
  const { createSimulator } = await import(pathToFileURL(join(folder, name)).href);
  const { fetch } = createSimulator(FLEET);
  return { url: URL_OF_DEMO, options: { auth: AUTH, fetch } };
}
