// @ts-check
/**
 * Puts a simulator on a port, for Node. Faults happen at the socket.
 *
 *     const { url, close } = await serve(createSimulator({ docs: 1000, clock: { speed: 10 } }), { port: 5984 });
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { Cut, chunksOf } from "./faults.js";
import { withLength } from "./fetch.js";

/**
 * @typedef {import("node:http").IncomingMessage} IncomingMessage
 * @typedef {import("node:http").ServerResponse} ServerResponse
 */

/**
 * @param {import("../index.js").Simulator} simulator
 * @param {{ port?: number, host?: string }} [options] port 0, the default, is any free port
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` does not end with a slash
 */
export async function serve(simulator, { port = 0, host = "127.0.0.1" } = {}) {
  const server = createServer((incoming, outgoing) => {
    exchange(simulator, incoming, outgoing).catch((error) => {
      if (!(error instanceof Cut)) console.error(error);
      incoming.socket.destroy();
    });
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** @param {import("../index.js").Simulator} simulator @param {IncomingMessage} incoming @param {ServerResponse} outgoing */
async function exchange(simulator, incoming, outgoing) {
  const method = incoming.method ?? "GET";
  const reply = await simulator.handle({
    method,
    url: new URL(`http://${incoming.headers.host ?? "localhost"}${incoming.url}`),
    headers: headersOf(incoming),
    text: () => textOf(incoming),
  });
  if (reply.connection === "reset") return void incoming.socket.resetAndDestroy();
  const { status, body } = reply;
  outgoing.sendDate = false;
  outgoing.writeHead(status, withLength(reply.headers, body).flat());
  if (method === "HEAD" || body === null) return void outgoing.end();
  await send(outgoing, chunksOf(body));
}

/** Sends chunks as fast as the client reads, and stops when the client disconnects. @param {ServerResponse} outgoing @param {Iterable<Uint8Array> | AsyncIterable<Uint8Array>} chunks */
async function send(outgoing, chunks) {
  try {
    for await (const chunk of chunks) {
      if (!outgoing.write(chunk)) await drained(outgoing);
      if (outgoing.destroyed) return;
    }
    outgoing.end();
  } catch (error) {
    // Data written before the cut has to arrive.
    if (error instanceof Cut) await new Promise((sent) => outgoing.write("", sent));
    throw error;
  }
}

/** Resolves when the socket accepts data again, or is closed. @param {ServerResponse} outgoing @returns {Promise<void>} */
function drained(outgoing) {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.on("drain", done).on("close", done);
  });
}

/** @param {IncomingMessage} incoming */
function headersOf(incoming) {
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i], incoming.rawHeaders[i + 1]);
  return headers;
}

/** @param {IncomingMessage} incoming */
async function textOf(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
