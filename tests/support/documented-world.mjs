// @ts-check
// The environment of the code blocks in the documentation: the network is one simulated server for every URL, and the variables
// that they use exist. Loaded before a block.

import { readFileSync } from "node:fs";
import { createSimulator } from "../../simulator/index.js";

const simulator = createSimulator({ docs: 60, interval: 5_000, clock: { speed: 20 } });
const orders = simulator.fleet.databases.get("orders");
for (let i = 0; i < 100; i++) orders?.write(`order-${i}`, {});

// A target that refuses some of them.
simulator.fleet.createDatabase("orders-archive");
simulator.provoke.refuse("orders-archive", ({ _id }) => (/^order-[12]3$/.test(_id) ? "the total is missing" : null));

/** Requests with one of these are the admin's: the simulator itself has no tokens. */
const TOKENS = ["Bearer iam-token", "Bearer own-token"];
const ADMIN = `Basic ${btoa("admin:pass")}`;

globalThis.fetch = async (input, init = {}) => {
  const url = new URL(String(input), "https://dashboard.example.com");
  if (url.hostname === "iam.cloud.ibm.com") return Response.json({ access_token: "iam-token", expires_in: 3600 });
  if (url.hostname === "login.example.com") return new Response("own-token");
  if (url.pathname.endsWith("/couchdb_scheduler.wasm")) {
    const wasm = readFileSync(new URL("../../pkg/couchdb_scheduler.wasm", import.meta.url));
    return new Response(wasm, { headers: { "content-type": "application/wasm" } });
  }
  const headers = new Headers(init.headers);
  if (TOKENS.includes(headers.get("authorization") ?? "")) headers.set("authorization", ADMIN);
  return simulator.fetch(url, { ...init, headers });
};

Object.assign(globalThis, { location: new URL("https://dashboard.example.com/replications") });
process.env.API_KEY = "key";
