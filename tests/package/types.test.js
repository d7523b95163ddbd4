// @ts-check
// The published types in strict projects of each module kind.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { installedProject } from "./tarball.js";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** Compiles unchanged; code that must not compile is marked with @ts-expect-error. */
const SOURCE = `
import { Client, diagnose, progress, REPLICATION_STATES, Replicator, Scheduler, SchedulerError } from "couchdb-scheduler";
import type {
  Change,
  CompletedDoc,
  CrashingDoc,
  FailedDoc,
  JobChange,
  ListDocsOptions,
  NewReplication,
  ReplicationDoc,
  ReplicationJob,
  ReplicationState,
  ReplicatorDocument,
  Restarted,
  RunningDoc,
  UndecidedDoc,
  Updated,
  WaitOptions,
} from "couchdb-scheduler";
import * as slim from "couchdb-scheduler/slim";

declare const row: ReplicationDoc;

// The state decides which other members exist.
if (row.state === "running") {
  const written: number | undefined = row.info?.docs_written;
  const id: string = row.id;
}
if (row.state === "crashing" || row.state === "error" || row.state === "failed") {
  const why: string | undefined = row.info?.error;
  // @ts-expect-error: an error has no counters
  row.info?.docs_written;
}
if (row.state === "initializing") {
  const nothing: null = row.info;
}
if (row.state === null) {
  const nothing: null = row.node;
}
// @ts-expect-error: no such state
if (row.state === "paused") {}

// Every state is handled, or this does not compile.
function words(doc: ReplicationDoc): string {
  switch (doc.state) {
    case "initializing":
    case "running":
    case "pending":
    case "crashing":
    case "error":
    case "completed":
    case "failed":
      return doc.state;
    case null:
      return "unknown";
  }
}

const client = new Client(new URL("https://couch.test"), { auth: { username: "a", password: "b" }, timeout: 1000, fetch });
Client.cloudant("account", { headers: { a: "b" }, credentials: "include" });
const scheduler: Scheduler = new Scheduler(client);
new Scheduler("https://couch.test", { auth: undefined });
// @ts-expect-error: a password without a name
new Client("https://couch.test", { auth: { password: "b" } });
// @ts-expect-error: a URL is needed
new Scheduler();

const states: ReplicationState[] = [...REPLICATION_STATES];
const signal: AbortSignal = AbortSignal.timeout(1000);
const { docs, total_rows } = await scheduler.listDocs({ states, limit: 10, skip: total(), database: "x/_replicator", signal });
docs.map((doc) => words(doc));
// @ts-expect-error: it must be a number
scheduler.listDocs({ limit: "10" });
// @ts-expect-error: no such state
scheduler.listDocs({ states: ["paused"] });
// @ts-expect-error: one of them is missing
scheduler.getDoc();

// The requested states are the states of the rows.
const failed: FailedDoc[] = (await scheduler.listDocs({ states: ["failed"] })).docs;
for (const { info } of failed) {
  const why: string | undefined = info?.error;
  // @ts-expect-error: a failed row has no counters
  info?.docs_written;
}
const ill: (CrashingDoc | FailedDoc)[] = (await scheduler.listDocs({ states: ["crashing", "failed"], limit: 1 })).docs;
// @ts-expect-error: it can be crashing, too
const onlyFailed: FailedDoc[] = (await scheduler.listDocs({ states: ["crashing", "failed"] })).docs;
const constant = ["running"] as const;
const running: RunningDoc[] = (await scheduler.listDocs({ states: constant })).docs;
const asked: ListDocsOptions = { states: ["failed"] };
// @ts-expect-error: the variable can have any state
const unknown: FailedDoc[] = (await scheduler.listDocs(asked)).docs;
// Rows of a list always have a state.
const all: Exclude<ReplicationDoc, UndecidedDoc>[] = (await scheduler.listDocs()).docs;
for await (const doc of scheduler.docs({ states: ["crashing", "error", "failed"] })) {
  const why: string | undefined = doc.info?.error;
}
for await (const doc of scheduler.docs({ pageSize: 10 })) words(doc);
for await (const changes of scheduler.watch({ states: ["failed"] })) {
  for (const { type, doc, previous, doc_id, database } of changes) {
    const where: [string, string] = [database, doc_id];
    if (type === "added") doc.info?.error;
    else if (type === "removed") previous.info?.error;
    else console.log(doc.info?.error, previous.info?.error);
    // @ts-expect-error: a removed document has no row
    doc.info;
  }
}
const completed: CompletedDoc = await scheduler.waitFor("a", { timeout: 1000 });
const begun: RunningDoc | CompletedDoc = await scheduler.waitFor("a", { until: ["running", "completed"] });
const iterator = scheduler.docs();
const next = await iterator.next();
if (!next.done) words(next.value);
const end: { done: true; value: undefined } = await iterator.return();

const own: Client = scheduler.client;
await new Replicator("https://couch.test").client.close();
const shown: { url: string } = scheduler.toJSON();

const { jobs }: { jobs: ReplicationJob[] } = await scheduler.listJobs();
const counted: number | null | undefined = jobs[0]?.docs_read;

const diagnosis = diagnose(row);
if (diagnosis !== null && diagnosis.cause === "tls") {
  const said: string = diagnosis.message + diagnosis.hint;
  const when: string | null = diagnosis.next_retry;
  // @ts-expect-error: no such side
  if (diagnosis.side === "middle") {}
}
const far: number | null = progress(row, jobs[0], 1000).fraction;
// @ts-expect-error: it must be a row
diagnose("crashing");

for await (const changes of scheduler.watch({ states, docIds: ["a"], interval: 1000, pauseWhenHidden: false, signal })) {
  const batch: Change[] = changes;
  for (const change of changes) {
    if (change.type === "removed") {
      // @ts-expect-error: it has been removed
      change.doc.state;
      const gone: undefined = change.doc;
    } else if (change.type === "changed") {
      const both: [ReplicationDoc, ReplicationDoc] = [change.previous, change.doc];
    } else {
      // @ts-expect-error: there is none
      change.previous.state;
      const none: undefined = change.previous;
    }
  }
}
const onRetry = (error: SchedulerError, retryAt: number) => console.log(error.code, new Date(retryAt));
scheduler.watch({ onRetry });
// @ts-expect-error: it is a function
scheduler.watch({ onRetry: 5000 });
for await (const changes of scheduler.watchJobs({ transient: false, interval: 1000, pauseWhenHidden: false, onRetry, signal })) {
  const batch: JobChange[] = changes;
  for (const { type, job, previous } of changes) {
    if (type === "removed") previous.history;
    else console.log(job.state, previous?.state);
    // @ts-expect-error: a job that was removed has no row
    job.state;
  }
}
const waiting: WaitOptions = { until: ["completed", "running"], interval: 100, timeout: 0, onUpdate: (doc) => words(doc), signal };
words(await scheduler.waitFor("a", waiting));
// @ts-expect-error: no such state
scheduler.waitFor("a", { until: ["ended"] });

const replicator = new Replicator(client);
const wanted: NewReplication = { source: "a", target: { url: "b", headers: { c: "d" }, auth: {} }, createTarget: true, docIds: ["a"], user_ctx: {} };
const created: { ok: true; id: string; rev: string } = await replicator.createReplication(wanted, { database: "x/_replicator" });
const ownNames: NewReplication = { source: "a", target: { url: new URL("http://b.test") }, create_target: true, user_ctx: { name: null, roles: ["_admin"] }, fields: { note: 1 } };
const secrets: NewReplication = { source: { url: "a", auth: { basic: { username: "u", password: "p" } } }, target: { url: "b", auth: { iam: { api_key: "k" } } } };
// @ts-expect-error: misspelled
replicator.createReplication({ source: "a", target: "b", continous: true });
// @ts-expect-error: misspelled
replicator.createReplication({ source: "a", target: "b", createtarget: true });
// @ts-expect-error: an unknown field
replicator.createReplication({ source: "a", target: "b", note: "x" });
// @ts-expect-error: it must be a string
replicator.createReplication({ source: "a", target: "b", create_target: "true" });
// @ts-expect-error: they belong into \`basic\`
replicator.createReplication({ source: "a", target: { url: "b", auth: { username: "u", password: "p" } } });
// @ts-expect-error: no such member
replicator.createReplication({ source: "a", target: { url: "b", header: {} } });
const one: ReplicatorDocument = await replicator.getReplication("a", { database: "x/_replicator", signal });
// @ts-expect-error: the target is missing
replicator.createReplication({ source: "a" });
for await (const document of replicator.listReplications()) {
  const id: string = document._id;
  // @ts-expect-error: it can be a URL, or an object
  document.source.url;
}
const state: ReplicationState | null = await replicator.replicationState(created.id);
for await (const doc of replicator.followReplication(created.id, waiting)) words(doc);
const restarted: Restarted = await replicator.restartReplication(created.id, { database: "x/_replicator", signal });
const place: "checkpoint" | "beginning" = restarted.resumes;
for await (const result of replicator.restartReplications(new Set(["a"]), { concurrency: 2, signal })) {
  if ("error" in result) {
    const why: SchedulerError = result.error;
  } else {
    const before: ReplicationState | null = result.from;
  }
}
// @ts-expect-error: ids are strings
replicator.restartReplications([5]);
const updated: Updated = await replicator.updateReplication(created.id, {
  source: { auth: { basic: { username: "u", password: "p" } } },
  target: { url: "b", headers: null },
  selector: null,
  doc_ids: ["a"],
  continuous: undefined,
  fields: { note: null },
}, { allowRewind: true });
const names: string[] = updated.changed;
// @ts-expect-error: a document keeps its id
replicator.updateReplication("a", { id: "b" });
// @ts-expect-error: an end cannot be removed
replicator.updateReplication("a", { source: null });
// @ts-expect-error: no such field
replicator.updateReplication("a", { continous: true });
const nothing: void = await replicator.stopReplication(created.id);

try {
  await client.session();
} catch (error) {
  if (error instanceof SchedulerError && error.code === "replication_failed") {
    const ended: ReplicationDoc | undefined = error.doc;
  }
  if (error instanceof SchedulerError && error.code === "rate_limited") {
    const seconds: number | null = error.retryAfter;
    const log: Record<string, unknown> = error.toJSON();
    // @ts-expect-error: no such code
    if (error.code === "teapot") {}
  }
}
function total(): number {
  return total_rows;
}

await slim.init(fetch("/couchdb_scheduler.wasm"));
await slim.init(new Uint8Array());
slim.initSync(new ArrayBuffer(8));
// @ts-expect-error: it must be the response of fetch, not a URL
slim.init("/couchdb_scheduler.wasm");
new slim.Scheduler("https://couch.test").free();
`;

/** The same with require(); only the lookup of the types differs. */
const COMMONJS = `
import scheduler = require("couchdb-scheduler");
import slim = require("couchdb-scheduler/slim");
const client: scheduler.Client = new slim.Client("https://couch.test");
new scheduler.Scheduler(client).listDocs({ states: ["failed"] }).then(({ docs }) => docs[0]?.doc_id);
`;

/** The elements need the types of a browser. */
const ELEMENT = `
import { Client } from "couchdb-scheduler";
import { CouchdbIncidents, CouchdbReplications } from "couchdb-scheduler/element";
import "couchdb-scheduler/element/define";

const table = document.createElement("couchdb-replications");
const same: CouchdbReplications = table;
table.client = new Client("https://couch.test");
// @ts-expect-error: a client, not its URL
table.client = "https://couch.test";
table.states = ["crashing", "failed"];
// @ts-expect-error: no such state
table.states = ["paused"];
table.addEventListener("replication-chosen", ({ detail }) => {
  const id: string = detail.key;
  if (detail.replication.state === "failed") detail.replication.info?.error;
});
table.addEventListener("select", ({ detail }) => detail.selected.has("a"));
table.addEventListener("replications-error", ({ detail: { error, retryAt } }) => {
  const words: string = error.message;
  const at: number | null = retryAt;
});
table.addEventListener("click", (event) => event.clientX);
const incidents = new CouchdbIncidents();
incidents.addEventListener("incident-chosen", ({ detail }) => {
  table.incident = detail.incident;
});
const total: number | undefined = incidents.incidents?.[0]?.total;
`;

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2022",
};

/** @type {[name: string, options: { lib: string[] } & Record<string, unknown>][]} */
const PROJECTS = [
  ["node16, with Node's types", { module: "node16", lib: ["es2022"], types: ["node"] }],
  ["nodenext, with a browser's types", { module: "nodenext", lib: ["es2022", "dom"], types: [] }],
  [
    "bundler, with a browser's types",
    { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"], types: [] },
  ],
];

describe("types", () => {
  /** @type {string} */
  let project;
  before(async () => {
    project = await installedProject();
    await symlink(join(modules, "@types"), join(project, "node_modules", "@types"), "dir");
    await symlink(join(modules, "undici-types"), join(project, "node_modules", "undici-types"), "dir");
    await writeFile(join(project, "esm.mts"), SOURCE);
    await writeFile(join(project, "cjs.cts"), COMMONJS);
    await writeFile(join(project, "element.mts"), ELEMENT);
  });

  for (const [name, options] of PROJECTS) {
    test(name, async () => {
      const files = ["esm.mts", ...("moduleResolution" in options ? [] : ["cjs.cts"])];
      if (options.lib.includes("dom")) files.push("element.mts");
      const config = join(project, "tsconfig.json");
      await writeFile(config, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }));
      const errors = await new Promise((resolve) => {
        execFile(process.execPath, [join(modules, "typescript", "bin", "tsc"), "-p", config], (_, stdout) =>
          resolve(stdout),
        );
      });
      assert.equal(errors, "");
    });
  }
});
