// @ts-check
// Where the server listens and to whom, TLS, and its end.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ownAddresses } from "../../pkg/serve/gate.js";
import { serve } from "../../pkg/serve/index.js";
import { hashPassword } from "../../pkg/serve/password.js";
import { recorder, statusWith, upstream } from "./stage.js";

const folder = mkdtempSync(join(tmpdir(), "listening-"));
after(() => rmSync(folder, { recursive: true }));
const [tlsCert, tlsKey, authFile] = ["cert.pem", "key.pem", "visitors"].map((name) => join(folder, name));
writeFileSync(authFile ?? "", `ops:${await hashPassword("x")}\n`);
const subject = ["-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,DNS:dash.example"];
const made = spawnSync("openssl", [
  "req",
  "-x509",
  "-newkey",
  "rsa:2048",
  ...subject,
  "-keyout",
  tlsKey ?? "",
  "-out",
  tlsCert ?? "",
]);
/** Node.js cannot make a certificate. */
const withoutOpenssl = made.status === 0 ? false : "openssl is missing";

/** @param {import("../../pkg/serve/options.js").ServeOptions} options @param {RegExp} words */
const refused = (options, words) =>
  assert.rejects(serve({ demo: true, port: 0, ...options }), (/** @type {Error} */ error) => {
    assert.equal(error.name, "UsageError");
    assert.match(error.message, words);
    return true;
  });

test("beyond loopback it needs names and TLS, or a proxy that does both", async () => {
  const needs = /is open to other machines: it needs --auth-file with --tls-cert and --tls-key\. --behind-proxy says/;
  for (const host of ["0.0.0.0", "::", "192.0.2.1", "dash.example", "localhost.example"]) {
    await refused({ host }, needs);
    await refused({ host, authFile }, needs);
  }
  await refused({ tlsCert }, /need each other/);
  await refused({ tlsKey }, /need each other/);
  await refused({ tlsCert: join(folder, "missing"), tlsKey }, /--tls-cert .*missing cannot be read: ENOENT/);
  await refused({ tlsCert: authFile, tlsKey: authFile }, /are not a certificate and its key/);
  await refused({ authFile: join(folder, "missing") }, /--auth-file .*missing cannot be read/);
  await refused({ host: "192.0.2.1", behindProxy: true }, /Cannot listen on 192\.0\.2\.1/);
  await refused({ allowHosts: ["http://dash.example/"] }, /--allow-host .*without scheme/);
  await refused({ demo: false }, /There is no server to show/);
  await refused({ demo: false, couchdb: { url: "ftp://u:s3cret@x" } }, /^(?!.*s3cret).*url must be/);
});

test("behind a proxy, the Host is an address of this machine, or a name that was allowed", async () => {
  const server = await serve({
    demo: true,
    port: 0,
    host: "0.0.0.0",
    behindProxy: true,
    allowHosts: ["Dash.example", "other.example:99"],
  });
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
  const local = await serve({ demo: true, port: 0 });
  after(() => local.close());
  assert.equal(local.isPublic, false);
});

test("with names and TLS it listens on every address", { skip: withoutOpenssl }, async () => {
  const { host, seen } = await recorder();
  const server = await serve({
    couchdb: { url: `http://admin:x@${host}` },
    port: 0,
    host: "0.0.0.0",
    authFile,
    tlsCert,
    tlsKey,
  });
  after(() => server.close());
  assert.match(server.url, /^https:\/\/localhost:/);
  const { port } = new URL(server.url);
  /** @param {Record<string, string>} headers @param {string} [auth] */
  const status = async (headers, auth = "ops:x") => {
    const ca = readFileSync(tlsCert ?? "");
    const path = "/couchdb/_scheduler/jobs";
    const [response] = await once(
      request({ host: "localhost", port, path, headers, auth, ca, agent: false }).end(),
      "response",
    );
    response.resume();
    return response.statusCode;
  };
  assert.equal(await status({}), 200);
  assert.equal(await status({ Origin: server.url }), 200);
  assert.equal(await status({ Origin: server.url.replace("https", "http") }), 403);
  assert.equal(await status({}, "ops:y"), 401);
  assert.equal(seen.length, 1, "within a second");
  // Plain HTTP to this port is not answered.
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  let text = "";
  for await (const chunk of socket.setEncoding("latin1")) text += chunk;
  assert.doesNotMatch(text, /200 OK|html/);
});

test("if a port is in use, the next one is used", async () => {
  const first = await serve({ demo: true, port: 0 });
  const port = Number(new URL(first.url).port);
  const second = await serve({ demo: true, port });
  assert.ok(Number(new URL(second.url).port) > port);
  await Promise.all([first.close(), second.close()]);
});

test("closing does not wait for idle connections, only for requests under way", async () => {
  /** @type {(response: import("node:http").ServerResponse) => void} */
  let arrived = () => {};
  const arrival = new Promise((resolve) => {
    arrived = resolve;
  });
  const host = await upstream((_, response) => arrived(response));
  const server = await serve({ couchdb: { url: `http://admin:x@${host}` }, port: 0 });
  const idle = connect(Number(new URL(server.url).port), "127.0.0.1");
  await once(idle, "connect");
  const response = fetch(`${server.url.replace("localhost", "127.0.0.1")}/couchdb/_session`);
  const held = /** @type {import("node:http").ServerResponse} */ (await arrival);
  const closed = server.close();
  held.end('{"ok":true,"userCtx":{"name":"admin","roles":[]}}');
  assert.equal((await response).status, 200);
  await closed;
  if (!idle.destroyed) await once(idle, "close");
});
