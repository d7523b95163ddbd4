// @ts-check
// The dev server: files, and the proxy in front of CouchDB.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { startDevServer } from "../../scripts/dev-server.js";
import { fromRoot } from "../../scripts/lib/paths.js";
import { ownAddresses } from "../../scripts/server/gate.js";

/** @param {import("../../scripts/dev-server.js").DevServerOptions} options */
async function serve(options) {
  const server = await startDevServer(options);
  after(() => server.close());
  return server.url;
}

/**
 * A server that replaces CouchDB.
 *
 * @param {import("node:http").RequestListener} answer
 */
async function upstream(answer) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
}

/** Sends a path unchanged, which fetch would normalize. @param {string} url @param {string} path @returns {Promise<number>} */
const statusOf = (url, path) =>
  new Promise((resolve) => {
    get({ host: "localhost", port: new URL(url).port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });

const simulated = await serve({ simulator: { docs: 5 } });

test("the page, the package, the simulator and the configuration", async () => {
  const page = await fetch(`${simulated}/`);
  assert.match(await page.text(), /<!doctype html>/i);
  assert.match(page.headers.get("content-security-policy") ?? "", /script-src 'self' 'wasm-unsafe-eval';/);
  const entry = await fetch(`${simulated}/couchdb-scheduler/index.js`);
  assert.equal(entry.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert.equal(entry.headers.get("cache-control"), "no-cache");
  assert.match(await entry.text(), /Scheduler/);
  const simulator = await fetch(`${simulated}/simulator/index.js`);
  assert.match(await simulator.text(), /createSimulator/, "for the try-out mode");
  assert.deepEqual(await (await fetch(`${simulated}/config.json`)).json(), {
    url: "/couchdb",
    simulator: true,
    writes: true,
  });
  assert.equal((await fetch(`${simulated}/nothing`)).status, 404);
  assert.equal((await fetch(`${simulated}/`, { method: "POST" })).status, 405);
});

test("no path leads out of the folders", async () => {
  for (const path of [
    "/../package.json",
    "/%2e%2e/package.json",
    "/couchdb-scheduler/../../package.json",
    "/couchdb-scheduler/..%2f..%2fpackage.json",
    "/..%5cpackage.json",
    "/%00",
    "/%",
    "//etc/passwd",
    "/couchdb-scheduler",
  ]) {
    assert.equal(await statusOf(simulated, path), 404, path);
  }
});

test("the simulator answers without a password, and refuses a wrong one", async () => {
  const { docs } = await (await fetch(`${simulated}/couchdb/_scheduler/docs?limit=2`)).json();
  assert.equal(docs.length, 2);
  const wrong = await fetch(`${simulated}/couchdb/_scheduler/docs`, {
    headers: { authorization: `Basic ${btoa("admin:wrong")}` },
  });
  assert.equal(wrong.status, 401);
});

test("requests are forwarded unchanged, with the URL's user if they have no credentials", async () => {
  /** @type {import("node:http").IncomingMessage[]} */
  const seen = [];
  let body = "";
  const host = await upstream(async (request, response) => {
    seen.push(request);
    for await (const chunk of request) body += chunk;
    response.writeHead(201, { "X-Couch-Request-ID": "abc" }).end("{}");
  });
  const url = await serve({ couchdbUrl: `http://me:p%40ss@${host}/prefix/`, allowWrites: true });
  assert.deepEqual(await (await fetch(`${url}/config.json`)).json(), {
    url: "/couchdb",
    simulator: false,
    writes: true,
  });

  const response = await fetch(`${url}/couchdb/_scheduler/docs/a%2Fb/c%2Bd?x=%22y%22`, { method: "PUT", body: "{}" });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-couch-request-id"), "abc");
  const [first] = seen;
  assert.equal(first?.url, "/prefix/_scheduler/docs/a%2Fb/c%2Bd?x=%22y%22");
  assert.equal(first?.method, "PUT");
  assert.equal(body, "{}");
  assert.equal(first?.headers.authorization, `Basic ${btoa("me:p@ss")}`);
  assert.equal(first?.headers.host, host);

  await fetch(`${url}/couchdb`, { headers: { authorization: "Bearer x" } });
  assert.equal(seen[1]?.url, "/prefix/");
  assert.equal(seen[1]?.headers.authorization, "Bearer x");
});

test("responses are streamed, and one that breaks off also breaks off for the client", async () => {
  let breakOff = () => {};
  const host = await upstream((_, response) => {
    response.write("first");
    breakOff = () => response.destroy();
  });
  const url = await serve({ couchdbUrl: `http://${host}` });
  const { body } = await fetch(`${url}/couchdb/_changes`);
  assert.ok(body);
  const reader = body.getReader();
  assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), "first");
  breakOff();
  await assert.rejects(async () => void (await reader.read()));
});

test("a client that disconnects aborts the request to CouchDB", async () => {
  /** @type {() => void} */
  let ended = () => {};
  const end = new Promise((resolve) => {
    ended = () => resolve(undefined);
  });
  const host = await upstream((_, response) => {
    response.write("first");
    response.on("close", ended);
  });
  const url = await serve({ couchdbUrl: `http://${host}` });
  const controller = new AbortController();
  await fetch(`${url}/couchdb/`, { signal: controller.signal });
  controller.abort();
  await end;
});

test("a CouchDB that cannot be reached is a 502 with an explanation", async () => {
  const url = await serve({ couchdbUrl: "http://admin:secret@127.0.0.1:1" });
  const response = await fetch(`${url}/couchdb/_all_dbs`);
  assert.equal(response.status, 502);
  const { error, reason } = await response.json();
  assert.equal(error, "bad_gateway");
  assert.match(reason, /^http:\/\/127\.0\.0\.1:1 could not be reached: .*ECONNREFUSED/);
});

/**
 * Sends a raw request, and reads the complete response.
 *
 * @param {string} url
 * @param {string} head request line and headers, without the empty line
 */
async function raw(url, head) {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(`${head.replaceAll("\n", "\r\n")}\r\nConnection: close\r\n\r\n`, "latin1");
  let text = "";
  try {
    for await (const chunk of socket.setEncoding("latin1")) text += chunk;
  } catch (error) {
    // Node 24 resets the connection after its response to a request that it has not read to the end.
    if (text === "") throw error;
  }
  return { status: Number(text.split(" ")[1] ?? 0), text };
}

/** @param {string} url @param {Record<string, string>} headers @param {string} [path] @param {string} [method] */
async function statusWith(url, headers, path = "/couchdb/", method = "GET") {
  const lines = Object.entries({ Host: new URL(url).host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  return (await raw(url, [`${method} ${path} HTTP/1.1`, ...lines].join("\n"))).status;
}

test("Host and Origin must be the server's own, for every path", async () => {
  const { host, port } = new URL(simulated);
  for (const path of ["/couchdb/", "/", "/config.json", "/couchdb-scheduler/index.js"]) {
    const status = (/** @type {Record<string, string>} */ headers) => statusWith(simulated, headers, path);
    assert.equal(await status({}), 200);
    for (const name of [`127.0.0.1:${port}`, `[::1]:${port}`, `LocalHost:${port}`]) {
      assert.equal(await status({ Host: name }), 200, name);
    }
    for (const name of [
      "rebound.example.com",
      `rebound.example.com:${port}`,
      `localhost.example.com:${port}`,
      `192.0.2.1:${port}`,
      `localhost.:${port}`,
      `user@localhost:${port}`,
      `localhost:${Number(port) - 1}`,
      "localhost",
      "",
    ]) {
      assert.equal(await status({ Host: name }), 403, name);
    }
    assert.equal(await status({ Origin: `http://${host}` }), 200);
    for (const origin of [
      "null",
      "",
      "http://rebound.example.com",
      `https://${host}`,
      "http://localhost",
      "http://localhost:3000",
      `http://${host}.example.com`,
      `http://127.0.0.1:${port}`,
    ]) {
      assert.equal(await status({ Origin: origin }), 403, origin);
    }
  }
  assert.match((await raw(simulated, "GET / HTTP/1.0")).text, /^HTTP\/1\.1 403 /, "no Host at all");
});

test("the proxy is not for other sites, and serves data only", async () => {
  for (const [name, good, bad] of /** @type {const} */ ([
    ["Sec-Fetch-Site", ["same-origin", "none"], ["cross-site", "same-site"]],
    ["Sec-Fetch-Dest", ["empty", "document"], ["script", "iframe", "image", "style", "worker", "serviceworker"]],
  ])) {
    for (const value of good) assert.equal(await statusWith(simulated, { [name]: value }), 200, value);
    for (const value of bad) assert.equal(await statusWith(simulated, { [name]: value }), 403, value);
  }
  // A link on another site may lead to the page.
  assert.equal(await statusWith(simulated, { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document" }, "/"), 200);
});

test("beyond loopback the Host is an address of this machine, or a name that was allowed", async () => {
  const server = await startDevServer({ host: "0.0.0.0", allowedHosts: ["Dash.example", "other.example:99"] });
  after(() => server.close());
  assert.equal(server.isPublic, true);
  assert.match(server.url, /^http:\/\/localhost:\d+$/, "an address that this machine's browser can open");
  const { port } = new URL(server.url);
  for (const address of ownAddresses()) assert.equal(await statusWith(server.url, { Host: `${address}:${port}` }), 200);
  const origin = { Host: "dash.example", Origin: "https://dash.example" };
  for (const headers of [{ Host: "dash.example:8443" }, { Host: "other.example:99" }, origin]) {
    assert.equal(await statusWith(server.url, headers), 200, JSON.stringify(headers));
  }
  for (const name of [`0.0.0.0:${port}`, `192.0.2.1:${port}`, "other.example:98", "a.dash.example", "dash.example."]) {
    assert.equal(await statusWith(server.url, { Host: name }), 403, name);
  }
  const local = await startDevServer();
  after(() => local.close());
  assert.equal(local.isPublic, false);
});

/** A CouchDB that records its requests. @param {import("node:http").OutgoingHttpHeaders} [headers] of its answers */
async function recorder(headers) {
  /** @type {import("node:http").IncomingMessage[]} */
  const seen = [];
  const host = await upstream((request, response) => {
    seen.push(request);
    response.writeHead(200, headers).end("{}");
  });
  return { host, seen };
}

test("a real server is read-only unless writes are allowed", async () => {
  const { host, seen } = await recorder();
  const url = await serve({ couchdbUrl: `http://admin:secret@${host}` });
  assert.equal((await (await fetch(`${url}/config.json`)).json()).writes, false);
  for (const method of ["POST", "PUT", "DELETE", "COPY", "OPTIONS", "PATCH", "TRACE", "PROPFIND"]) {
    for (const path of ["/couchdb/_replicator/a", "/couchdb/_session", "/couchdb", "/couchdb?x"]) {
      assert.equal(await statusWith(url, { "Content-Length": "0" }, path, method), 405, `${method} ${path}`);
    }
  }
  const refused = await fetch(`${url}/couchdb/db`, { method: "PUT" });
  assert.equal(refused.headers.get("allow"), "GET, HEAD");
  assert.match((await refused.json()).reason, /--allow-writes/);
  assert.equal(seen.length, 0);
  const override = { "X-HTTP-Method-Override": "DELETE", "Content-Type": "application/json" };
  await fetch(`${url}/couchdb/db`, { headers: override });
  assert.equal((await fetch(`${url}/couchdb/db`, { method: "HEAD" })).status, 200);
  assert.deepEqual(
    seen.map(({ method, headers }) => [method, headers["x-http-method-override"]]),
    [
      ["GET", undefined],
      ["HEAD", undefined],
    ],
  );

  const writable = await serve({ couchdbUrl: `http://admin:secret@${host}`, allowWrites: true });
  seen.length = 0;
  for (const method of ["POST", "PUT", "DELETE"])
    assert.equal((await fetch(`${writable}/couchdb/db`, { method })).status, 200);
  for (const method of ["OPTIONS", "TRACE", "COPY"])
    assert.equal(await statusWith(writable, {}, "/couchdb/db", method), 405);
  assert.deepEqual(
    seen.map(({ method }) => method),
    ["POST", "PUT", "DELETE"],
  );
});

test("the body of a GET request is not forwarded, and the response does not wait for its end", async () => {
  const { host, seen } = await recorder();
  const url = await serve({ couchdbUrl: `http://${host}` });
  const head = `GET /couchdb/ HTTP/1.1\nHost: ${new URL(url).host}\nContent-Length: 5`;
  assert.equal((await raw(url, head)).status, 200);
  assert.equal(seen[0]?.headers["content-length"], undefined);
});

test("only CouchDB's session cookie is forwarded, and only if it is the browser's", async () => {
  const cookies = ["AuthSession=abc; Path=/; HttpOnly", "tracking=1", "AuthSessionX=2"];
  const { host, seen } = await recorder({ "Set-Cookie": cookies });
  const open = await serve({ couchdbUrl: `http://${host}` });
  const mine = { cookie: "theme=dark; AuthSession=mine; other=1; AuthSession=second" };
  assert.deepEqual((await fetch(`${open}/couchdb/`, { headers: mine })).headers.getSetCookie(), [cookies[0]]);
  assert.deepEqual((await fetch(`${open}/couchdb/`)).headers.getSetCookie(), [cookies[0]]);
  await fetch(`${open}/couchdb/`, { headers: { cookie: "theme=dark; XAuthSession=1" } });
  assert.deepEqual(
    seen.map(({ headers }) => headers.cookie),
    ["AuthSession=mine", undefined, undefined],
  );

  const admins = await serve({ couchdbUrl: `http://admin:secret@${host}` });
  seen.length = 0;
  const ours = await fetch(`${admins}/couchdb/`, { headers: { cookie: "theme=dark" } });
  assert.deepEqual(ours.headers.getSetCookie(), [], "the admin's session is not passed on");
  await fetch(`${admins}/couchdb/`, { headers: mine });
  await fetch(`${admins}/couchdb/`, { headers: { ...mine, authorization: "Bearer x" } });
  assert.deepEqual(
    seen.map(({ headers: { authorization, cookie } }) => [authorization, cookie]),
    [
      [`Basic ${btoa("admin:secret")}`, undefined],
      [undefined, "AuthSession=mine"],
      ["Bearer x", undefined],
    ],
    "one identity a request",
  );
});

test("only the headers of CouchDB's API are forwarded, in both directions", async () => {
  const { host, seen } = await recorder({
    ETag: '"1"',
    Location: "http://evil.example/",
    Refresh: "0; url=http://evil.example/",
    "WWW-Authenticate": 'Basic realm="x"',
    "Access-Control-Allow-Origin": "*",
    "Service-Worker-Allowed": "/",
    "Clear-Site-Data": '"*"',
    "Content-Security-Policy": "default-src *",
  });
  const url = await serve({ couchdbUrl: `http://${host}` });
  const { headers } = await fetch(`${url}/couchdb/`, {
    headers: { "If-None-Match": '"0"', "X-Auth-CouchDB-UserName": "admin", "X-Forwarded-For": "1.2.3.4" },
  });
  assert.equal(headers.get("etag"), '"1"');
  for (const name of ["location", "refresh", "www-authenticate", "access-control-allow-origin", "clear-site-data"]) {
    assert.equal(headers.get(name), null, name);
  }
  assert.equal(headers.get("service-worker-allowed"), null);
  const [{ headers: sent } = /** @type {any} */ ({})] = seen;
  assert.equal(sent["if-none-match"], '"0"');
  for (const name of ["x-auth-couchdb-username", "x-forwarded-for", "referer", "origin"])
    assert.equal(sent[name], undefined);
});

test("no response of CouchDB becomes a page of this origin", async () => {
  const { host } = await recorder({ "Content-Type": "text/html" });
  const url = await serve({ couchdbUrl: `http://${host}` });
  const responses = [
    await fetch(`${url}/couchdb/db/doc/page.html`),
    await fetch(`${url}/couchdb/`, { method: "PUT" }),
    await fetch(`${await serve({ couchdbUrl: "http://127.0.0.1:1" })}/couchdb/`),
  ];
  for (const { headers } of responses) {
    assert.match(headers.get("content-security-policy") ?? "", /^sandbox;/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
  }
});

test("a redirect is neither followed nor forwarded", async () => {
  for (const status of [300, 301, 302, 303, 305, 307, 308, 399]) {
    for (const location of ["https://u:s3cret@evil.example/db?token=s3cret", "/elsewhere", "http://[", undefined]) {
      const { host, seen } = await recorder();
      const moved = await upstream((_, response) => {
        response
          .writeHead(
            status,
            location === undefined ? {} : { Location: location.replace("/elsewhere", `http://${host}/`) },
          )
          .end();
      });
      const url = await serve({ couchdbUrl: `http://admin:secret@${moved}` });
      const response = await fetch(`${url}/couchdb/`, { redirect: "manual" });
      assert.equal(response.status, 502);
      assert.equal(response.headers.get("location"), null);
      const { reason } = await response.json();
      assert.match(reason, /redirects to .*put the final address into COUCHDB_URL/);
      assert.doesNotMatch(reason, /s3cret|secret/);
      assert.equal(seen.length, 0);
    }
  }
  const fresh = await upstream((_, response) => response.writeHead(304).end());
  const url = await serve({ couchdbUrl: `http://${fresh}` });
  assert.equal(await statusOf(url, "/couchdb/"), 304);
});

/** A server that responds to every request with these bytes, and disconnects. @param {string} bytes */
async function garbage(bytes) {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(bytes, "latin1"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => server.close());
  return `127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
}

test("no response of the other server ends this server", async () => {
  for (const bytes of [
    "",
    "garbage\r\n\r\n",
    "HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 600 High\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 999 High\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: a\x01b\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: a\x00b\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`,
  ]) {
    const url = await serve({ couchdbUrl: `http://admin:secret@${await garbage(bytes)}` });
    const response = await fetch(`${url}/couchdb/`);
    assert.equal(response.status, 502, bytes.slice(0, 60));
    assert.equal((await response.json()).error, "bad_gateway");
    assert.equal((await fetch(`${url}/`)).status, 200, "it continues");
  }
  for (const bytes of [
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot hex",
  ]) {
    const url = await serve({ couchdbUrl: `http://${await garbage(bytes)}` });
    await assert.rejects(async () => (await fetch(`${url}/couchdb/`)).text(), bytes);
    assert.equal((await fetch(`${url}/`)).status, 200, "it continues");
  }
  // Other text is omitted.
  const odd =
    "HTTP/1.1 200 OK\r\nX: \x80\r\nSet-Cookie: a\r\nSet-Cookie: AuthSession=\xff\r\nContent-Length: 2\r\n\r\n{}";
  assert.equal((await fetch(`${await serve({ couchdbUrl: `http://${await garbage(odd)}` })}/couchdb/`)).status, 200);
});

test("no request ends the server, or reaches another server or file", async () => {
  const { host, seen } = await recorder();
  const url = await serve({ couchdbUrl: `http://admin:secret@${host}/prefix` });
  const own = `Host: ${new URL(url).host}`;
  const long = "x".repeat(300);
  for (const [request, ...expected] of /** @type {[string, ...number[]][]} */ ([
    ["GET */etc/passwd HTTP/1.1", 400],
    ["GET *%2fetc%2fpasswd HTTP/1.1", 400],
    ["OPTIONS * HTTP/1.1", 400],
    ["GET etc/passwd HTTP/1.1", 400],
    ["GET ../package.json HTTP/1.1", 400],
    ["GET \\etc\\passwd HTTP/1.1", 400],
    [`GET http://${new URL(url).host}/ HTTP/1.1`, 400],
    ["GET http://evil.example/ HTTP/1.1", 400],
    ["GET file:///etc/passwd HTTP/1.1", 400],
    ["CONNECT evil.example:443 HTTP/1.1", 0, 400],
    ["GET /index.html/x HTTP/1.1", 404],
    ["GET /index.html/ HTTP/1.1", 404],
    ["GET /style/ HTTP/1.1", 404],
    ["GET /style HTTP/1.1", 404],
    [`GET /${long} HTTP/1.1`, 404],
    [`GET /${`${long}/`.repeat(20)} HTTP/1.1`, 404],
    ["GET /%00 HTTP/1.1", 404],
    ["GET /index.html%00.js HTTP/1.1", 404],
    ["GET /% HTTP/1.1", 404],
    ["GET /%ff HTTP/1.1", 404],
    ["GET /%c0%ae%c0%ae/package.json HTTP/1.1", 404],
    ["GET /..;/package.json HTTP/1.1", 404],
    ["GET /.%2e/package.json HTTP/1.1", 404],
    ["GET /\xe9 HTTP/1.1", 400],
    ["GET //evil.example/ HTTP/1.1", 404],
    [`GET /${"y".repeat(100_000)} HTTP/1.1`, 431],
    ["PUT /index.html HTTP/1.1", 405],
    ["DELETE / HTTP/1.1", 405],
    ["GET /couchdb/.. HTTP/1.1", 400],
    ["GET /couchdb/../../admin HTTP/1.1", 400],
    ["GET /couchdb/%2e%2E/x HTTP/1.1", 400],
    ["GET /couchdb/./x HTTP/1.1", 400],
    ["GET /couchdb/.%2e?x HTTP/1.1", 400],
    ["GET /couchdb\\..\\x HTTP/1.1", 404],
    ["GET /couchdb/..\\x HTTP/1.1", 400],
    ["GARBAGE / HTTP/1.1", 400],
  ])) {
    const { status, text } = await raw(url, `${request}\n${own}`);
    assert.ok(expected.includes(status), `${request.slice(0, 80)}: ${status}`);
    assert.doesNotMatch(text, /root:|couchdb-scheduler-workspace/);
  }
  assert.equal(seen.length, 0);
  // Half a request, and one that is cancelled.
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(`GET /couchdb/ HTTP/1.1\r\n${own}\r\n\r\nGET /`);
  await once(socket, "data");
  socket.resetAndDestroy();
  // A request for another protocol is answered like any other request.
  assert.equal((await raw(url, `GET /couchdb/ HTTP/1.1\n${own}\nUpgrade: websocket`)).status, 200);
  // Document ids are unchanged.
  const ids = "/couchdb/db/a%2F..%2Fb/...?x=/../%";
  assert.equal((await raw(url, `GET ${ids} HTTP/1.1\n${own}`)).status, 200);
  assert.equal(seen.at(-1)?.url, `/prefix${ids.slice("/couchdb".length)}`);
});

test("symbolic links do not lead outside the folders", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
  writeFileSync(join(elsewhere, "secret.txt"), "secret");
  const link = fromRoot("www", `link-${process.pid}`);
  symlinkSync(elsewhere, link);
  try {
    assert.equal(await statusOf(simulated, `/${basename(link)}/secret.txt`), 404);
  } finally {
    rmSync(link);
    rmSync(elsewhere, { recursive: true });
  }
});

test("a password that cannot be percent-decoded is sent unchanged", async () => {
  const { host, seen } = await recorder();
  await fetch(`${await serve({ couchdbUrl: `http://me:50%@${host}` })}/couchdb/`);
  assert.equal(seen[0]?.headers.authorization, `Basic ${btoa("me:50%")}`);
});

test("if a port is in use, the next one is used, and closing does not wait for idle connections", async () => {
  const first = await startDevServer({ simulator: {} });
  const port = Number(new URL(first.url).port);
  const second = await startDevServer({ port, simulator: {} });
  assert.ok(Number(new URL(second.url).port) > port);
  const idle = connect(port, "127.0.0.1");
  await once(idle, "connect");
  // Only closing ends it: otherwise the server would wait for it.
  await Promise.all([first.close(), second.close()]);
  if (!idle.destroyed) await once(idle, "close");
});
