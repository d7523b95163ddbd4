// @ts-check
// Which requests reach CouchDB, and in which form.

import assert from "node:assert/strict";
import { test } from "node:test";
import { allowed } from "../../pkg/serve/allow-list.js";

/** @param {string} method @param {string} target @param {boolean} [allowWrites] @returns {string | number} the path, or the status of the refusal */
function outcome(method, target, allowWrites = false) {
  try {
    return allowed(method, target, allowWrites).path;
  } catch (error) {
    return /** @type {{ status: number }} */ (error).status;
  }
}

test("the requests of the dashboard pass, written again from their parts", () => {
  for (const [target, path = target] of [
    ["/"],
    ["/_session"],
    ["/_scheduler/jobs"],
    ["/_scheduler/jobs?limit=1000000000&skip=3"],
    ["/_scheduler/jobs/0a%2Bcontinuous"],
    ["/_scheduler/jobs/0a+continuous", "/_scheduler/jobs/0a%2Bcontinuous"],
    ["/_scheduler/docs/_replicator"],
    ["/_scheduler/docs/team%2F_replicator/a%2F..%2Fb"],
    ["/_scheduler/docs/_replicator/%C3%BC%20%F0%9F%98%80"],
    ["/_scheduler/docs/_replicator/%252e%252e"],
    ["/_scheduler/docs/_replicator?startkey=%22a%26b%22&endkey=%22c%22&inclusive_end=false"],
    ["/_replicator/_changes?since=now"],
    ["/_replicator/_changes?since=5-a%2Fb+c", "/_replicator/_changes?since=5-a%2Fb%20c"],
    ["/_replicator/_all_docs?skip=100&limit=1&startkey=%22a%22"],
    ["/%5Freplicator/_changes?since=now", "/_replicator/_changes?since=now"],
  ]) {
    assert.equal(outcome("GET", target ?? ""), path);
    assert.equal(outcome("HEAD", target ?? ""), path);
  }
});

test("everything else is refused", () => {
  for (const target of [
    "/_all_dbs",
    "/_node/_local/_config",
    "/_node/_local/_config/admins",
    "/_users/_all_docs?limit=1",
    "/_users/_changes?since=now",
    "/_users/org.couchdb.user:a",
    "/_up",
    "/_active_tasks",
    "/_replicator",
    "/_replicator/a",
    "/_replicator/a/attachment",
    "/_replicator/_design/a",
    "/_replicator/_local/a",
    "/_replicator/_security",
    "/_replicator/_find",
    "/_replicator/_all_docs",
    "/_replicator/_all_docs?limit=1&include_docs=true",
    "/_replicator/_all_docs?limit=1&include%5Fdocs=true",
    "/_replicator/_all_docs?limit=1&limit=2",
    "/_replicator/_changes",
    "/_replicator/_changes?since=now&include_docs=true",
    "/_replicator/_changes?since=now&feed=continuous",
    "/_replicator/_changes?since=now&filter=a/b",
    "/_replicator/_design/a/_view/b",
    "/_scheduler/docs",
    "/_scheduler/docs/_replicator/a/b",
    "/_scheduler/docs/_replicator/_design",
    "/_scheduler/docs/_replicator?__proto__=1",
    "/_scheduler/docs/__proto__",
    "/_scheduler/jobs/a?x=1",
    "/?x",
    "/_session?basic=true",
  ]) {
    assert.equal(outcome("GET", target), 403, target);
  }
});

test("other databases are not found", () => {
  for (const target of [
    "/orders/_all_docs?limit=1",
    "/orders_replicator/_all_docs?limit=1",
    "/orders/_changes?since=now",
    "/_scheduler/docs/orders",
    "/_scheduler/docs/Team%2F_replicator",
    "/_scheduler/docs/orders/a",
  ]) {
    assert.equal(outcome("GET", target), 404, target);
  }
  for (const target of ["/orders/a", "/orders/_users", "/_users/a"]) {
    assert.equal(outcome("GET", target), 403, target);
  }
  assert.equal(outcome("PUT", "/orders/a", true), 404);
  assert.equal(outcome("POST", "/orders", true), 404);
});

test("paths and values that could be read in two ways are refused", () => {
  for (const target of [
    "",
    "//",
    "//_scheduler/jobs",
    "/_scheduler//jobs",
    "/_scheduler/jobs/",
    "/_scheduler/./jobs",
    "/_scheduler/docs/_replicator/..",
    "/_scheduler/docs/_replicator/%2e%2E",
    "/_scheduler/docs/_replicator/.%2e",
    "/_scheduler/docs/_replicator/../../_all_dbs",
    "/_scheduler/docs/_replicator/%2e%2e/%2e%2e/_all_dbs",
    "/_scheduler\\jobs",
    "/_scheduler/docs/_replicator/a\\b",
    "/_scheduler/docs/_replicator/a%00",
    "/_scheduler/docs/_replicator/a%0d%0aX:y",
    "/_scheduler/docs/_replicator/%ff",
    "/_scheduler/docs/_replicator/%c0%ae%c0%ae",
    "/_scheduler/docs/_replicator/%",
    "/_scheduler/docs/_replicator/%zz",
    "/_scheduler/docs/_replicator/a#b",
    "/_scheduler/docs/_replicator?startkey=a",
    "/_scheduler/docs/_replicator?startkey=%5B1%5D",
    "/_scheduler/docs/_replicator?inclusive_end=maybe",
    "/_scheduler/jobs?limit=-1",
    "/_scheduler/jobs?limit=1e9",
    "/_scheduler/jobs?limit=",
    "/_replicator/_changes?since=",
    "/_replicator/_changes?since=a%00",
    `/_replicator/_changes?since=${"x".repeat(9000)}`,
  ]) {
    assert.equal(outcome("GET", target), 400, target.slice(0, 80));
  }
  assert.equal(outcome("GET", `/_scheduler/docs/_replicator/${"x".repeat(2000)}`), 403);
});

test("changes are replications that are created and deleted, and only where they are allowed", () => {
  /** @type {[method: string, target: string][]} */
  const changes = [
    ["PUT", "/_replicator/a%2Fb"],
    ["POST", "/team%2F_replicator"],
    ["DELETE", "/_replicator/a?rev=12-0af"],
  ];
  for (const [method, target] of changes) {
    assert.equal(outcome(method, target), 405);
    assert.equal(outcome(method, target, true), target);
  }
  // The page reads the revision before it deletes a document.
  assert.equal(outcome("GET", "/_replicator/a", true), "/_replicator/a");
  assert.equal(outcome("GET", "/_replicator/a?r=99", true), "/_replicator/a?r=99");
  assert.equal(outcome("GET", "/_replicator/a?r=99"), 403);
  assert.equal(outcome("GET", "/_replicator/a?r=x", true), 400);
  for (const [method, target] of [
    ["PUT", "/_replicator"],
    ["PUT", "/_replicator/_design/a"],
    ["PUT", "/_replicator/_local"],
    ["PUT", "/_replicator/a?new_edits=false"],
    ["PUT", "/_users/a"],
    ["POST", "/_replicator/_bulk_docs"],
    ["POST", "/_replicate"],
    ["POST", "/_session"],
    ["DELETE", "/_replicator"],
    ["DELETE", "/_replicator/a"],
    ["DELETE", "/_session"],
  ]) {
    assert.equal(outcome(method ?? "", target ?? "", true), 403, `${method} ${target}`);
  }
  assert.equal(outcome("DELETE", "/_replicator/a?rev=x", true), 400);
  for (const method of ["OPTIONS", "TRACE", "COPY", "PATCH", "CONNECT", "get", ""]) {
    assert.equal(outcome(method, "/_replicator/a"), 405);
    assert.equal(outcome(method, "/_replicator/a", true), 405);
  }
});
