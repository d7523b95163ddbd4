// @ts-check
// IBM Cloud tokens, from a small token server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Scheduler } from "couchdb-scheduler";
import { headersOf, listText } from "../support/answers.js";
import { stopClocks } from "../support/clock.js";

/** A token server, and a database server that accepts only its newest token. @param {import("couchdb-scheduler").IamAuth} [auth] */
function ibmCloud(auth = { type: "iam", apiKey: "key+/&=" }) {
  const cloud = {
    asked: /** @type {{ url: string, form: URLSearchParams, headers: object }[]} */ ([]),
    tokens: 0,
    life: 3600,
  };
  const fetch = /** @type {any} */ (
    async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      if (url.startsWith("https://cloud.test")) {
        const good = headersOf(init).authorization === `Bearer token-${cloud.tokens}`;
        const refusal = '{"error":"unauthorized","reason":"Token expired"}';
        return good ? new Response(listText([], "jobs")) : new Response(refusal, { status: 401 });
      }
      cloud.asked.push({ url, form: new URLSearchParams(String(init.body)), headers: headersOf(init) });
      if (cloud.asked.at(-1)?.form.get("apikey") !== "key+/&=") {
        const refusal = { errorCode: "BXNIM0415E", errorMessage: "Provided API key could not be found." };
        return Response.json(refusal, { status: 400 });
      }
      cloud.tokens++;
      return Response.json({ access_token: `token-${cloud.tokens}`, expires_in: cloud.life, token_type: "Bearer" });
    }
  );
  return { cloud, scheduler: new Scheduler(new Client("https://cloud.test", { auth, fetch, retries: 0 })) };
}

test("an API key is exchanged for a token once for all calls", async () => {
  const { cloud, scheduler } = ibmCloud();
  await Promise.all(Array.from({ length: 50 }, () => scheduler.listJobs()));
  assert.equal(cloud.asked.length, 1);
  const [{ url, form, headers }] = cloud.asked;
  assert.equal(url, "https://iam.cloud.ibm.com/identity/token");
  assert.equal(form.get("grant_type"), "urn:ibm:params:oauth:grant-type:apikey");
  assert.equal(form.get("apikey"), "key+/&=");
  assert.deepEqual(headers, { accept: "application/json", "content-type": "application/x-www-form-urlencoded" });
});

test("the token is renewed before it expires", async (t) => {
  stopClocks(t);
  const { cloud, scheduler } = ibmCloud();
  await scheduler.listJobs();
  t.mock.timers.tick(2_870_000);
  await scheduler.listJobs();
  assert.equal(cloud.tokens, 1);
  t.mock.timers.tick(20_000);
  await scheduler.listJobs();
  assert.equal(cloud.tokens, 2);
});

test("a token that the server no longer accepts is renewed once", async () => {
  const { cloud, scheduler } = ibmCloud();
  await scheduler.listJobs();
  cloud.tokens++;
  await scheduler.listJobs();
  assert.equal(cloud.asked.length, 2);
});

test("the URL of a private token server is an option", async () => {
  const { cloud, scheduler } = ibmCloud({ type: "iam", apiKey: "key+/&=", tokenUrl: "https://private.test/token" });
  await scheduler.listJobs();
  assert.equal(cloud.asked[0].url, "https://private.test/token");
});

test("a wrong API key is reported, sent once, and not shown", async () => {
  const { cloud, scheduler } = ibmCloud({ type: "iam", apiKey: "wr0ng" });
  await assert.rejects(scheduler.listJobs(), (/** @type {any} */ error) => {
    assert.equal(error.code, "unauthorized");
    assert.equal(error.reason, "Provided API key could not be found.");
    assert.doesNotMatch(JSON.stringify(error) + error.message + error.stack, /wr0ng/);
    return true;
  });
  assert.equal(cloud.asked.length, 1);
});

test("a bearer token is sent; a function is called each time", async () => {
  /** @type {string[]} */
  const sent = [];
  const fetch = /** @type {any} */ (
    async (/** @type {string} */ _, /** @type {RequestInit} */ init) => {
      sent.push(headersOf(init).authorization);
      return new Response(listText([], "jobs"));
    }
  );
  const asking = (/** @type {any} */ token) =>
    new Scheduler("https://a.test", { auth: { type: "bearer", token }, fetch });
  await asking("fixed").listJobs();
  let n = 0;
  const counting = asking(async () => `asked-${++n}`);
  await counting.listJobs();
  await counting.listJobs();
  assert.deepEqual(sent, ["Bearer fixed", "Bearer asked-1", "Bearer asked-2"]);

  const broken = new Error("no token today");
  await assert.rejects(asking(() => Promise.reject(broken)).listJobs(), { code: "unauthorized", cause: broken });
  await assert.rejects(asking(() => "two words").listJobs(), { code: "unauthorized" });
  assert.equal(sent.length, 3);
});
