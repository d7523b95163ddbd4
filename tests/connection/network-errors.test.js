// @ts-check
// Connections that fail: the error names the reason, wherever the platform puts it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Client, Scheduler } from "couchdb-scheduler";
import { streamOf } from "../support/answers.js";
import { errorOf } from "../support/promises.js";

/** The error of a call whose `fetch` rejects with this cause. @param {unknown} cause */
const failingWith = (cause) =>
  errorOf(new Scheduler("https://couch.test", { fetch: () => Promise.reject(cause), retries: 0 }).listDocs());

/** @param {string} code @param {string} [message] */
const coded = (code, message = "the platform's words") => Object.assign(new Error(message), { code });

/** Each code, and the expected words of the error. @type {[string, RegExp][]} */
const CODES = [
  ["ECONNREFUSED", /connection refused/],
  ["ConnectionRefused", /connection refused/],
  ["ECONNRESET", /the server closed the connection/],
  ["UND_ERR_SOCKET", /the server closed the connection/],
  ["ENOTFOUND", /the host name does not resolve/],
  ["EAI_AGAIN", /the name server does not respond/],
  ["EHOSTUNREACH", /no route to the host/],
  ["ETIMEDOUT", /the connection timed out/],
  ["UND_ERR_CONNECT_TIMEOUT", /the connection timed out/],
  ["CERT_HAS_EXPIRED", /certificate has expired/],
  ["CERT_NOT_YET_VALID", /certificate is not valid yet/],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", /self-signed certificate.*NODE_EXTRA_CA_CERTS/],
  ["SELF_SIGNED_CERT_IN_CHAIN", /unknown authority/],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /unknown authority/],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /intermediate certificate/],
  ["ERR_TLS_CERT_ALTNAME_INVALID", /another host name/],
  ["ERR_SSL_WRONG_VERSION_NUMBER", /https to an http port/],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", /https to an http port/],
  ["HPE_INVALID_CONSTANT", /not HTTP/],
];

/** Where a platform can put the error with the code. @type {[string, (error: Error) => unknown][]} */
const CHAINS = [
  ["itself", (error) => error],
  ["the cause", (cause) => new TypeError("fetch failed", { cause })],
  ["the cause of a cause", (cause) => new TypeError("fetch failed", { cause: new Error("x", { cause }) })],
  ["the first of several", (error) => new AggregateError([error, coded("EOTHER")], "all failed")],
  [
    "the first of several of a cause",
    (error) => new TypeError("fetch failed", { cause: new AggregateError([error, coded("EOTHER")], "") }),
  ],
  ["the cause of an error with a code of its own", (cause) => Object.assign(coded("ERR_OUTER"), { cause })],
  ["the cause of a plain object", (cause) => ({ cause })],
];

for (const [code, says] of CODES) {
  test(`${code} is explained, wherever it is`, async () => {
    for (const [where, chain] of CHAINS) {
      const cause = chain(coded(code));
      const { code: kind, message, cause: given } = await failingWith(cause);
      assert.equal(kind, "network");
      assert.match(message, says, where);
      assert.ok(message.includes(`(${code})`), `${where}: ${message}`);
      assert.ok(message.startsWith("cannot connect to the server: "), message);
      assert.doesNotMatch(message, /CORS|the platform's words/);
      assert.equal(given, cause);
    }
  });
}

test("an unknown code is shown with the platform's message", async () => {
  for (const [, chain] of CHAINS) {
    const { message } = await failingWith(chain(coded("ERR_SOMETHING_NEW", "something new")));
    assert.match(message, /^cannot connect to the server: something new \(ERR_SOMETHING_NEW\) \(GET /);
  }
});

test("without a code the innermost message is shown", async () => {
  for (const [cause, words] of /** @type {[unknown, string][]} */ ([
    [new TypeError("fetch failed", { cause: new Error("other side closed") }), ": other side closed"],
    [new TypeError("fetch failed"), ""],
    [new TypeError("Failed to fetch"), ""],
    [new TypeError("Load failed"), ""],
    [new TypeError("NetworkError when attempting to fetch resource."), ""],
    [new Error("Network connection lost."), ": Network connection lost."],
    [new DOMException("Signal timed out.", "TimeoutError"), ": Signal timed out."],
    [Object.assign(new Error("x"), { code: 23 }), ": x"],
    [Object.assign(new Error("x"), { code: "a code with words" }), ": x"],
    [Object.assign(new Error("x"), { cause: null, errors: [] }), ": x"],
    [{}, ""],
    ["offline", ""],
    [null, ""],
    [undefined, ""],
  ])) {
    const { message } = await failingWith(cause);
    assert.equal(message, `cannot connect to the server${words} (GET https://couch.test/_scheduler/docs/_replicator)`);
  }
});

test("a cyclic cause, or one that throws on access, is a network error", async () => {
  const ring = coded("ECONNREFUSED");
  ring.cause = ring;
  assert.match((await failingWith(ring)).message, /connection refused/);
  const refusing = new Proxy(new Error("x"), {
    get() {
      throw new Error("looked at");
    },
  });
  assert.equal((await failingWith(refusing)).code, "network");
});

test("the address of a proxy in the platform's message is shown without its password", async () => {
  const cause = new Error("connect to proxy http://user:S3CR3T-pw@proxy.test:8080 failed");
  const { message } = await failingWith(new TypeError("fetch failed", { cause }));
  assert.match(message, /connect to proxy http:\/\/user:\*{5}@proxy\.test:8080 failed/);
});

test("a connection that breaks in the middle of a response also names the reason", async () => {
  function* breaking() {
    yield '{"total_rows":1,"offset":0,"docs":[';
    throw new TypeError("terminated", { cause: coded("UND_ERR_SOCKET", "other side closed") });
  }
  const fetch = async () => new Response(streamOf(breaking()));
  const error = await errorOf(new Scheduler("https://couch.test", { fetch, retries: 0 }).listDocs());
  assert.equal(error.code, "truncated");
  assert.match(error.message, /the server closed the connection \(UND_ERR_SOCKET\)/);
});

test("the token server and the login also name the reason", async () => {
  for (const auth of /** @type {import("couchdb-scheduler").Auth[]} */ ([
    { type: "iam", apiKey: "key-key-key" },
    { type: "session", username: "admin", password: "hunter2" },
  ])) {
    const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: coded("CERT_HAS_EXPIRED") }));
    const { message } = await errorOf(new Scheduler("https://couch.test", { auth, fetch, retries: 0 }).listDocs());
    assert.match(message, /certificate has expired \(CERT_HAS_EXPIRED\) \(POST https:/);
  }
});

// Real connections

/** @param {import("node:test").TestContext} t @param {import("node:net").Server} server @returns {Promise<number>} its port */
async function listening(t, server) {
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}

/** @param {string} url */
const asking = (url) => errorOf(new Client(url, { retries: 0 }).info());

test("a port without a listener", async () => {
  const server = createSocketServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  assert.match((await asking(`http://127.0.0.1:${port}`)).message, /connection refused.*\(ECONNREFUSED\)/);
  // Node tries both of its addresses: an AggregateError.
  assert.match((await asking(`http://localhost:${port}`)).message, /connection refused.*\(ECONNREFUSED\)/);
});

test("https to an http port", async (t) => {
  const port = await listening(t, createServer());
  const { message } = await asking(`https://127.0.0.1:${port}`);
  assert.match(message, /https to an http port/);
  assert.doesNotMatch(message, /CORS/);
});

test("http to an https port, and to a port without HTTP", async (t) => {
  const port = await listening(
    t,
    createSocketServer((socket) => {
      socket.on("error", () => {});
      socket.end("\x15\x03\x01\x00\x02\x02\x46");
    }),
  );
  assert.match((await asking(`http://127.0.0.1:${port}`)).message, /not HTTP; is this an https port/);
});

test("a server that closes the connection", async (t) => {
  const port = await listening(
    t,
    createSocketServer((socket) => socket.once("data", () => socket.destroy())),
  );
  assert.match((await asking(`http://127.0.0.1:${port}`)).message, /the server closed the connection/);
});

test("a host name that does not exist", async () => {
  // Without a network, the name server may not respond either.
  assert.match((await asking("http://couch.invalid")).message, /does not resolve|name server/);
});

/** @returns {{ key: Buffer, cert: Buffer } | undefined} a self-signed certificate, if openssl is there to make one */
function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost`;
    execFileSync("openssl", [...words.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a self-signed certificate", async (t) => {
  const pair = certificate();
  if (pair === undefined) return t.skip("openssl is missing");
  const port = await listening(t, createSecureServer(pair));
  const { message } = await asking(`https://localhost:${port}`);
  assert.match(message, /self-signed certificate.*NODE_EXTRA_CA_CERTS.*\(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
});
