// @ts-check
// A server to try the page with: simulated, inside the page, and gone when it closes.

import { connectionTo } from "./connection.js";

const URL = "http://try-out.example";
const PASSWORD = "pass";

/** Fast, so that hours pass in minutes. */
const OPTIONS = { docs: 600, clock: { start: Date.now(), speed: 10 }, admins: { admin: PASSWORD } };

export async function tryOutConnection() {
  const { createSimulator } = await import("../../../simulator/index.js");
  const simulator = createSimulator(OPTIONS);
  return connectionTo({ url: URL, how: "password", username: "admin", password: PASSWORD }, simulator.fetch);
}
