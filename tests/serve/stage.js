// @ts-check
// What a test of the server needs: the server, a server that replaces CouchDB, and raw sockets, since a client of HTTP would
// correct what an attacker sends.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { after } from "node:test";
import { serve } from "../../pkg/serve/index.js";
import { createSimulator } from "../../simulator/index.js";
import { serve as serveSimulator } from "../../simulator/protocol/server.js";

/** @typedef {import("../../pkg/serve/options.js").ServeOptions} ServeOptions */

/** @param {import("node:net").Server} server */
const portOf = (server) => /** @type {import("node:net").AddressInfo} */ (server.address()).port;

/**
 * @param {Partial<ServeOptions> & { couchdbUrl?: string }} options
 * @param {{ now?: () => number }} [clock]
 */
export async function served({ couchdbUrl, ...options }, clock) {
  const couchdb = couchdbUrl === undefined ? options.couchdb : { url: couchdbUrl };
  const server = await serve({ port: 0, log: () => {}, ...options, ...(couchdb && { couchdb }) }, clock);
  after(() => server.close());
  // With a name, Node 20 gives up a connection after 250 ms, which a busy machine can need.
  return server.url.replace("localhost", "127.0.0.1");
}

/** Each moment is later than a response is used again. */
export const FAST = { now: () => 10_000 * performance.now() };

/** Time stands still until it is advanced. */
export function standing() {
  let time = 0;
  return {
    now: () => time,
    advance: (/** @type {number} */ ms) => {
      time += ms;
    },
  };
}

/**
 * A server that replaces CouchDB.
 *
 * @param {import("node:http").RequestListener} answer
 */
export async function upstream(answer) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${portOf(server)}`;
}

const LIST = '{"total_rows":0,"offset":0,"docs":[],"jobs":[],"rows":[],"results":[],"last_seq":"1"}';

/** A CouchDB with empty lists that records its requests. @param {import("node:http").OutgoingHttpHeaders} [headers] of its responses */
export async function recorder(headers) {
  /** @type {{ method: string, url: string, headers: import("node:http").IncomingHttpHeaders, body: string }[]} */
  const seen = [];
  const host = await upstream(async (request, response) => {
    const { method = "", url = "", headers: received } = request;
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ method, url, headers: received, body });
    const written = '{"ok":true,"id":"a","rev":"1-0a"}';
    response.writeHead(200, headers).end(method === "GET" || method === "HEAD" ? LIST : written);
  });
  return { host, seen };
}

/** The simulator on a port. @param {import("../../simulator/index.js").SimulatorOptions} [options] */
export async function couch(options) {
  const simulator = createSimulator({ docs: 40, ...options });
  const { url, close } = await serveSimulator(simulator);
  after(close);
  return { simulator, url, withAdmin: url.replace("://", "://admin:pass@") };
}

/**
 * Sends bytes, and reads until the connection ends.
 *
 * @param {string} url
 * @param {string} bytes
 * @returns {Promise<{ status: number, text: string }>} status 0: without a response
 */
export async function raw(url, bytes) {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes, "latin1");
  let text = "";
  try {
    for await (const chunk of socket.setEncoding("latin1")) text += chunk;
  } catch (error) {
    // Node 24 resets the connection after its response to a request that it has not read to the end.
    assert.equal(/** @type {NodeJS.ErrnoException} */ (error).code, "ECONNRESET");
  }
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}

/**
 * A request without a body that ends the connection.
 *
 * @param {string} url
 * @param {string} line request line without the version
 * @param {Record<string, string>} [headers] in addition to `Host`, or instead of it
 */
export function asked(url, line, headers = {}) {
  const lines = Object.entries({ Host: new URL(url).host, ...headers, Connection: "close" }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return raw(url, `${line} HTTP/1.1\r\n${lines.join("")}\r\n`);
}

/** @param {string} url @param {Record<string, string>} headers @param {string} [path] @param {string} [method] */
export async function statusWith(url, headers, path = "/couchdb/_scheduler/jobs", method = "GET") {
  return (await asked(url, `${method} ${path}`, headers)).status;
}
