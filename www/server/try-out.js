// @ts-check
// A server to try the page with: simulated, inside the page, gone with it.

import { connectionTo } from "./connection.js";

const URL = "http://try-out.example";
const PASSWORD = "pass";

/** Hours go by in minutes. */
const OPTIONS = { docs: 600, clock: { start: Date.now(), speed: 10 }, admins: { admin: PASSWORD } };

export async function tryOutConnection() {
  const { createSimulator } = await import("../simulator/index.js");
  const simulator = createSimulator(OPTIONS);
  return connectionTo({ url: URL, how: "password", username: "admin", password: PASSWORD }, simulator.fetch);
}
