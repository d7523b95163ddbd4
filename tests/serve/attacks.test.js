// @ts-check
// Attacks, sent as bytes: a client of HTTP would correct them. Prints a table of what was tried and held.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, describe, test } from "node:test";
import { asked, couch, raw, recorder, served } from "./stage.js";

/** Of CouchDB's admin. Never in any response. */
const PASSWORD = "hunter2-hunter2";
const SECRETS = new RegExp(`${PASSWORD}|${Buffer.from(`admin:${PASSWORD}`).toString("base64")}|s3cret|root:.*:0:0:`);

const { host, seen } = await recorder();
const couchdbUrl = `http://admin:${PASSWORD}@${host}`;
const url = (await served({ couchdbUrl, allowWrites: true })).replace("127.0.0.1", "localhost");
const readOnly = await served({ couchdbUrl });
const own = new URL(url).host;
const { port } = new URL(url);

/** @type {string[]} */
const rows = [];
after(() => {
  for (const row of ["| attack | tried | result |", "|---|---|---|", ...rows]) console.log(row);
});

/** @param {string} name @param {(attempt: (what: string) => void) => Promise<string>} work returns the result in words */
function attack(name, work) {
  test(name, async () => {
    let tried = 0;
    const result = await work(() => tried++);
    assert.ok(tried > 0);
    assert.equal((await asked(url, "GET /healthz")).status, 200, "the server continues");
    rows.push(`| ${name} | ${tried} | held: ${result} |`);
  });
}

/** @param {string} text */
const head = (text) => text.slice(0, 80);

/**
 * Each request is refused, and does not reach CouchDB.
 *
 * @param {(what: string) => void} attempt
 * @param {[bytes: string, ...statuses: number[]][]} requests
 */
async function allRefused(attempt, requests) {
  const before = seen.length;
  for (const [bytes, ...statuses] of requests) {
    attempt(bytes);
    const { status, text } = await raw(url, bytes);
    assert.ok(statuses.includes(status), `${head(JSON.stringify(bytes))}: ${status}`);
    assert.doesNotMatch(text, SECRETS);
    assert.equal(text.match(/^HTTP\/1\.1 /gm)?.length ?? 0, status === 0 ? 0 : 1, "one response");
  }
  assert.equal(seen.length, before, "nothing reaches CouchDB");
}

/** @param {string} line @param {string} [more] headers, each ended @returns {string} */
const bytesOf = (line, more = "") => `${line} HTTP/1.1\r\nHost: ${own}\r\n${more}Connection: close\r\n\r\n`;

describe("attacks", () => {
  attack("paths to files", async (attempt) => {
    const long = "x".repeat(300);
    await allRefused(
      attempt,
      [
        "/../package.json",
        "/%2e%2e/package.json",
        "/..%2fpackage.json",
        "/..%5cpackage.json",
        "/.%2e/index.js",
        "/..;/index.js",
        "/%252e%252e/index.js",
        "/../serve.js",
        "/page/index.html",
        "/index.html/x",
        "/index.html/",
        "/index.html%00.js",
        "/%00",
        "/%",
        "/%ff",
        "/%c0%ae%c0%ae/index.js",
        "//etc/passwd",
        "//evil.example/",
        "/etc/passwd",
        "/proc/self/environ",
        "/__proto__",
        "/constructor",
        `/${long}`,
        `/${`${long}/`.repeat(20)}`,
      ].map((path) => [bytesOf(`GET ${path}`), 404]),
    );
    return "404, nothing reaches CouchDB";
  });

  attack("targets that are not paths", async (attempt) => {
    await allRefused(attempt, [
      ...[
        "*",
        "*/etc/passwd",
        "etc/passwd",
        "../package.json",
        "\\etc\\passwd",
        `http://${own}/`,
        `http://${own}/couchdb/_scheduler/jobs`,
        "http://evil.example/",
        "file:///etc/passwd",
        "?x",
      ].map((target) => /** @type {[string, number]} */ ([bytesOf(`GET ${target}`), 400])),
      [bytesOf("OPTIONS *"), 400],
      ["CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", 0],
      [bytesOf("GET /\xe9"), 400, 404],
      ["GET /couchdb/ HTTP/1.1\r\n\r\n", 400],
    ]);
    return "400 or closed, nothing reaches CouchDB";
  });

  attack("paths that leave CouchDB's lists", async (attempt) => {
    await allRefused(
      attempt,
      [
        "/..",
        "/../../admin",
        "/%2e%2E/x",
        "/./x",
        "/_scheduler/../_all_dbs",
        "/_scheduler/docs/_replicator/%2e%2e/%2e%2e/%2e%2e/_all_dbs",
        "/_scheduler/docs/_replicator%2f..%2f..%2f_users",
        "/_scheduler%2fjobs",
        "/_scheduler/jobs%2f..%2f..%2f_all_dbs%00",
        "/_scheduler/docs/%2e%2e%2f_replicator",
        "\\..\\_all_dbs",
        "//_all_dbs",
        "/_all_dbs",
        "/_users/_all_docs?include_docs=true",
        "/_node/_local/_config/admins",
        "/_node/_local/_config/chttpd_auth/secret",
        "/_replicator/_all_docs?include_docs=true&limit=9",
        "/_replicator/_changes?since=0&include_docs=true",
        "/_replicator/_changes?since=0&feed=continuous&heartbeat=1",
        "/_replicator/_design/x/_rewrite/..",
        "/_session?basic=true",
        "/_utils/index.html",
      ].map((path) => /** @type {[string, ...number[]]} */ ([bytesOf(`GET /couchdb${path}`), 400, 403, 404])),
    );
    return "400 or 403, nothing reaches CouchDB";
  });

  attack("names of this server that are not its own (rebinding)", async (attempt) => {
    const names = [
      "rebound.example.com",
      `rebound.example.com:${port}`,
      `localhost.example.com:${port}`,
      `192.0.2.1:${port}`,
      `0.0.0.0:${port}`,
      `localhost.:${port}`,
      `user@localhost:${port}`,
      `localhost:${Number(port) - 1}`,
      `localhost:${port}:${port}`,
      `localhost:${port}/`,
      `[::1%25lo]:${port}`,
      `[::ffff:7f00:1]:${port}`,
      `2130706433:${port}`,
      "localhost",
      "",
    ];
    for (const path of ["/", "/config.json", "/healthz", "/readyz", "/api/summary", "/couchdb/_scheduler/jobs"]) {
      await allRefused(
        attempt,
        names.map((name) => [`GET ${path} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`, 403]),
      );
    }
    await allRefused(attempt, [
      ["GET / HTTP/1.0\r\n\r\n", 403],
      [`GET / HTTP/1.1\r\nHost: ${own}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`, 400],
      [`GET / HTTP/1.1\r\nHost: evil.example\r\nHost: ${own}\r\nConnection: close\r\n\r\n`, 400],
      [bytesOf("GET /", "X-Forwarded-Host: evil.example\r\nHost : evil.example\r\n"), 400],
    ]);
    for (const name of [`127.0.0.1:${port}`, `[::1]:${port}`, `LocalHost:${port}`]) {
      assert.equal((await asked(url, "GET /", { Host: name })).status, 200, name);
    }
    return "403 or 400, nothing reaches CouchDB";
  });

  attack("pages of other origins (CSRF)", async (attempt) => {
    const origins = [
      "null",
      "",
      "http://rebound.example.com",
      `https://${own}`,
      "http://localhost",
      "http://localhost:3000",
      `http://${own}.example.com`,
      `http://${own}/`,
      `http://127.0.0.1:${port}`,
      `http://${own} http://evil.example`,
    ];
    const body = "Content-Type: text/plain\r\nContent-Length: 2\r\n";
    await allRefused(
      attempt,
      origins.flatMap((origin) => [
        [bytesOf("GET /", `Origin: ${origin}\r\n`), 403],
        [bytesOf("GET /couchdb/_scheduler/jobs", `Origin: ${origin}\r\n`), 403],
        [`${bytesOf("POST /couchdb/_replicator", `Origin: ${origin}\r\n${body}`)}{}`, 403],
        [bytesOf("DELETE /couchdb/_replicator/a?rev=1-a", `Origin: ${origin}\r\n`), 403],
        [bytesOf("OPTIONS /couchdb/_replicator", `Origin: ${origin}\r\n`), 403],
      ]),
    );
    await allRefused(attempt, [
      [`${bytesOf("POST /couchdb/_replicator", body)}{}`, 415],
      [bytesOf("OPTIONS /couchdb/_replicator", "Access-Control-Request-Method: PUT\r\n"), 405],
      ...["cross-site", "same-site"].map(
        (site) => /** @type {[string, number]} */ ([bytesOf("GET /couchdb/", `Sec-Fetch-Site: ${site}\r\n`), 403]),
      ),
      ...["script", "iframe", "image", "style", "worker", "serviceworker"].map(
        (use) => /** @type {[string, number]} */ ([bytesOf("GET /api/summary", `Sec-Fetch-Dest: ${use}\r\n`), 403]),
      ),
    ]);
    // A link on another site may lead to the page.
    assert.equal(
      (await asked(url, "GET /", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document" })).status,
      200,
    );
    assert.equal((await asked(url, "GET /couchdb/_scheduler/jobs", { Origin: `http://${own}` })).status, 200);
    return "403, 405 or 415, nothing reaches CouchDB";
  });

  attack("methods that are hidden, odd, or not allowed", async (attempt) => {
    const replication = '{"source":"http://a/x","target":"http://b/x"}';
    const json = `Content-Type: application/json\r\nContent-Length: ${replication.length}\r\n`;
    const before = seen.length;
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "COPY", "MOVE", "TRACE", "OPTIONS", "PROPFIND"]) {
      for (const path of ["/couchdb/_replicator", "/couchdb/_replicator/a", "/couchdb/_replicator/a?rev=1-a"]) {
        attempt(method);
        const { status } = await raw(
          readOnly,
          bytesOf(`${method} ${path}`, json).replaceAll(own, new URL(readOnly).host) + replication,
        );
        assert.equal(status, 405, `${method} ${path}`);
      }
    }
    assert.equal(seen.length, before, "read-only");
    await allRefused(attempt, [
      ["GARBAGE / HTTP/1.1\r\n\r\n", 400],
      ["get / HTTP/1.1\r\n\r\n", 400],
      [bytesOf("PUT /index.html", "Content-Length: 0\r\n"), 405],
      [bytesOf("DELETE /"), 405],
      [bytesOf("POST /api/summary", "Content-Length: 0\r\n"), 405],
      [bytesOf("POST /healthz", "Content-Length: 0\r\n"), 405],
      [bytesOf("TRACE /couchdb/_replicator/a"), 405],
      [bytesOf("POST /couchdb/_replicate", "Content-Length: 0\r\n"), 403],
      [bytesOf("PUT /couchdb/_node/_local/_config/admins/eve", "Content-Length: 0\r\n"), 403],
    ]);
    for (const name of ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method", "_method"]) {
      attempt(name);
      const path = "/couchdb/_scheduler/docs/_replicator?endkey=%22a%22";
      await raw(url, bytesOf(`GET ${path}`, `${name}: DELETE\r\n`));
      const last = seen.at(-1);
      assert.equal(last?.method, "GET");
      assert.equal(last?.headers[name.toLowerCase()], undefined);
    }
    return "405, 403 or 400; overrides are ignored: CouchDB gets a GET";
  });

  attack("two readings of one request (smuggling)", async (attempt) => {
    const hidden = `GET /couchdb/_scheduler/jobs?limit=77 HTTP/1.1\r\nHost: ${own}\r\n\r\n`;
    const json = "Content-Type: application/json\r\n";
    const length = `Content-Length: ${hidden.length}\r\n`;
    await allRefused(
      attempt,
      [
        [
          `${bytesOf("POST /couchdb/_replicator", `${json}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n`)}0\r\n\r\n${hidden}`,
          400,
        ],
        [
          `${bytesOf("POST /couchdb/_replicator", `${json}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n`)}0\r\n\r\n${hidden}`,
          400,
        ],
        [`${bytesOf("POST /couchdb/_replicator", `${json}Content-Length: 0\r\n${length}`)}${hidden}`, 400],
        [`${bytesOf("POST /couchdb/_replicator", `${json}Transfer-Encoding: xchunked\r\n`)}0\r\n\r\n${hidden}`, 400],
        [
          `${bytesOf("POST /couchdb/_replicator", `${json}Transfer-Encoding: chunked, identity\r\n`)}0\r\n\r\n${hidden}`,
          400,
        ],
        [`${bytesOf("POST /couchdb/_replicator", `${json}Transfer-Encoding : chunked\r\n`)}0\r\n\r\n${hidden}`, 400],
        [`${bytesOf("POST /couchdb/_replicator", `${json}Content-Length: -1\r\n`)}${hidden}`, 400],
        [`${bytesOf("POST /couchdb/_replicator", `${json}Content-Length: +5\r\n`)}${hidden}`, 400],
        [`${bytesOf("POST /couchdb/_replicator", `${json}Content-Length: 0x5\r\n`)}${hidden}`, 400],
        [`${bytesOf("POST /couchdb/_replicator", `${json}Transfer-Encoding: chunked\r\n`)}zz\r\n${hidden}`, 400],
        // A body where none belongs is neither passed on nor taken for a request.
        [`${bytesOf("GET /couchdb/_scheduler/jobs", length)}${hidden}`, 400],
        [`${bytesOf("GET /couchdb/_scheduler/jobs", "Transfer-Encoding: chunked\r\n")}0\r\n\r\n${hidden}`, 400],
        [`GET / HTTP/1.1\r\nHost: ${own}\r\n${length}\r\n${hidden}`, 400],
        // Beyond 1,000 headers, Node.js drops the others, unless it is told not to.
        [bytesOf("GET /", `${"a:\r\n".repeat(1100)}Host: evil.example\r\n`), 400],
        [bytesOf("GET /", `${"a:\r\n".repeat(1100)}${length}`) + hidden, 400],
        [
          bytesOf("DELETE /couchdb/_replicator/a?rev=1-a", `${"a:\r\n".repeat(1100)}Origin: http://evil.example\r\n`),
          403,
        ],
        [bytesOf("GET /", "X: a\x00b\r\n"), 400],
        [bytesOf("GET /", "X: a\nY: b\r\n"), 400],
        [bytesOf("GET /", " folded: x\r\n"), 400],
      ].map((request) => /** @type {[string, ...number[]]} */ (request)),
    );
    return "400 or 403, one response each, nothing reaches CouchDB";
  });

  attack("headers that are too large or too many", async (attempt) => {
    await allRefused(attempt, [
      [bytesOf(`GET /${"y".repeat(100_000)}`), 431],
      [bytesOf("GET /", `X: ${"y".repeat(100_000)}\r\n`), 431],
      [bytesOf("GET /", `Cookie: ${"y".repeat(17_000)}\r\n`), 431],
      [bytesOf("GET /", "X: y\r\n".repeat(10_000)), 431],
    ]);
    return "431";
  });

  attack("other protocols", async (attempt) => {
    for (const upgrade of ["websocket", "h2c", "TLS/1.0"]) {
      attempt(upgrade);
      const { status, text } = await raw(
        url,
        bytesOf("GET /config.json", `Upgrade: ${upgrade}\r\n`).replace("close", "Upgrade, close"),
      );
      assert.equal(status, 200, upgrade);
      assert.doesNotMatch(text, /^HTTP\/1\.1 101/);
    }
    await allRefused(attempt, [
      ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
      ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
      ["GET / HTTP/9.9\r\n\r\n", 400],
      ["GET /\r\n\r\n", 403],
      ["\r\n\r\n\r\nnonsense\r\n\r\n", 400],
    ]);
    return "answered as HTTP/1.1, or refused";
  });

  attack("HTTP/1.0 and pipelined requests", async (attempt) => {
    attempt("1.0");
    const old = await raw(url, `GET /config.json HTTP/1.0\r\nHost: ${own}\r\n\r\n`);
    assert.equal(old.status, 200);
    attempt("pipeline");
    const one = (/** @type {string} */ path, host = own) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const { text } = await raw(
      url,
      one("/config.json") + one("/couchdb/_all_dbs") + one("/", "evil.example") + bytesOf("GET /healthz"),
    );
    assert.deepEqual(text.match(/^HTTP\/1\.1 \d+/gm), ["HTTP/1.1 200", "HTTP/1.1 403", "HTTP/1.1 403", "HTTP/1.1 200"]);
    attempt("half");
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write(`${one("/config.json")}GET /`);
    await once(socket, "data");
    socket.resetAndDestroy();
    return "each is checked";
  });

  attack("clients that send slowly, or nothing", async (attempt) => {
    const silent = ["", "G", `GET / HTTP/1.1\r\nHost: ${own}\r\nX: `].map(async (bytes) => {
      attempt(bytes);
      return raw(url, bytes);
    });
    // They end by themselves: the server closes them.
    for (const { status, text } of await Promise.all(silent)) {
      assert.ok([0, 408].includes(status), String(status));
      assert.doesNotMatch(text, SECRETS);
    }
    return "closed after 5 seconds";
  });

  attack("1,000 idle connections", async (attempt) => {
    const sockets = Array.from({ length: 1000 }, () => connect(Number(port), "127.0.0.1").on("error", () => {}));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    const closed = sockets.map((socket) => once(socket.resume(), "close"));
    for (const path of ["/", "/healthz", "/couchdb/_scheduler/jobs?limit=5"]) {
      attempt(path);
      assert.equal((await asked(url, `GET ${path}`)).status, 200, path);
    }
    await Promise.all(closed);
    return "others are answered; closed after 5 seconds";
  });

  attack("secrets in any response", async (attempt) => {
    const real = await couch({ docs: 300, admins: { admin: PASSWORD } });
    const at = await served({ couchdbUrl: real.url.replace("://", `://admin:${PASSWORD}@`), allowWrites: true });
    const headers = { Authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString("base64")}` };
    const secret = {
      source: "https://u:s3cret@a.example/x?api_key=s3cret",
      target: {
        url: "https://b.example/x",
        headers: { "X-Auth": "s3cret" },
        auth: { basic: { username: "u", password: "s3cret" } },
      },
    };
    const written = await real.simulator.fetch(`${real.url}/_replicator/secret`, {
      method: "PUT",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(secret),
    });
    assert.equal(written.status, 201);
    real.simulator.clock.advance(60_000);
    for (const path of [
      "/",
      "/config.json",
      "/readyz",
      "/api/summary",
      "/api/summary?database=x%2F_replicator",
      "/api/incidents",
      "/api/audit",
      "/api/capacity",
      "/api/databases",
      "/api/lag?doc_id=secret",
      "/api/lags",
      "/api/verify?doc_id=secret",
      "/metrics",
      "/couchdb/",
      "/couchdb/_session",
      "/couchdb/_scheduler/jobs",
      "/couchdb/_scheduler/jobs/missing",
      "/couchdb/_scheduler/docs/_replicator",
      "/couchdb/_scheduler/docs/_replicator/secret",
      "/couchdb/_scheduler/docs/missing%2F_replicator",
      "/couchdb/_replicator/secret",
      "/couchdb/_replicator/_changes?since=0",
      "/couchdb/_replicator/_all_docs?limit=1000",
      "/couchdb/_replicator/missing",
    ]) {
      attempt(path);
      const { status, text } = await asked(at, `GET ${path}`);
      assert.ok(status >= 200 && status < 500, `${path}: ${status}`);
      assert.doesNotMatch(text, SECRETS, path);
    }
    const { text } = await asked(at, "GET /couchdb/_replicator/secret");
    assert.match(text, /a\.example/, "the document is shown, masked");
    return "masked";
  });
});
