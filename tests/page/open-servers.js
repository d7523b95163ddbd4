// @ts-check
// The page of several servers, for tests of its start page.

import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";
import { openPage } from "./open-page.js";

/** Of Lyon, and only for Lyon. */
export const WORD = "staple-battery";
const ADMINS = { admin: WORD };

/**
 * The page with a configuration of several servers: Berlin needs no password from the page, Lyon does, and nothing is where Gent should be.
 *
 * @param {import("node:test").TestContext} t
 * @param {{ fragment?: string, window?: import("playwright-core").BrowserContextOptions }} [options]
 */
export async function openServers(t, options) {
  const lyon = createSimulator({ docs: 20, seed: 7, admins: ADMINS });
  const { url, close } = await serve(lyon);
  t.after(close);
  const servers = [
    { name: "Berlin", url: "couchdb", api: "api" },
    { name: "Lyon", url },
    { name: "Gent", url: "http://127.0.0.1:1" },
  ];
  const stage = await openPage(t, { simulator: { docs: 40 }, ...options });
  const { page } = stage;
  await page.context().addInitScript((config) => {
    const { fetch } = window;
    Object.assign(window, {
      /** @param {RequestInfo} input @param {RequestInit} [init] */
      fetch: (input, init) =>
        input === "config.json" ? Promise.resolve(new Response(config)) : fetch.call(window, input, init),
    });
  }, JSON.stringify({ servers }));
  await page.reload();
  const card = (/** @type {string} */ name) => page.locator(".card").filter({ hasText: name });
  const open = (/** @type {string} */ name) => card(name).getByRole("button", { name, exact: true }).click();
  return {
    ...stage,
    berlin: stage.simulator,
    lyon,
    card,
    open,
    title: page.getByRole("heading", { name: "Servers", exact: true }),
  };
}
