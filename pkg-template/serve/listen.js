// @ts-check
// A server on a free port, with limits for clients that send slowly, or nothing.

import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { isIPv6 } from "node:net";
import { UsageError } from "./usage-error.js";

/** Number of ports that are tried. */
const PORTS = 50;
/** Time for the end of requests when the server closes, in milliseconds. */
const GRACE = 5000;

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  // Milliseconds until the headers, or the whole request, must have arrived, also of a connection without a request.
  headersTimeout: 5000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 5000,
};
/** Maximum number of connections; further ones are closed. */
const MAX_CONNECTIONS = 5000;
/** Milliseconds without any progress of a response. */
const STALLED = 60_000;

/** @typedef {import("node:http").Server} Server */

/** @param {Server} server @param {number} port @param {string} host */
async function bind(server, port, host) {
  for (let tries = 0; ; tries++) {
    server.listen(port === 0 ? 0 : port + tries, host);
    try {
      await once(server, "listening");
      break;
    } catch (error) {
      const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== "EADDRINUSE" || port === 0) throw new UsageError(`Cannot listen on ${host}: ${message}`);
      const isLast = tries === PORTS || port + tries >= 65_535;
      if (isLast) throw new UsageError(`No port from ${port} to ${port + tries} is free: choose one with --port.`);
    }
  }
  return /** @type {import("node:net").AddressInfo} */ (server.address());
}

/** The name by which a browser on this machine reaches it. @param {string} host @param {string} address */
function nameFor(host, address) {
  if (["127.0.0.1", "::1", "0.0.0.0", "::"].includes(address)) return "localhost";
  return isIPv6(host) ? `[${host}]` : host;
}

/** @param {{ cert: Buffer, key: Buffer }} tls @returns {Server} */
function tlsServer(tls) {
  try {
    return createTlsServer({ ...LIMITS, ...tls, handshakeTimeout: LIMITS.headersTimeout, minVersion: "TLSv1.2" });
  } catch (error) {
    throw new UsageError(
      `--tls-cert and --tls-key are not a certificate and its key as PEM: ${/** @type {NodeJS.ErrnoException} */ (error).code}`,
    );
  }
}

/**
 * @param {object} options
 * @param {number} options.port
 * @param {string} options.host
 * @param {{ cert: Buffer, key: Buffer } | null} options.tls
 * @param {(listening: import("node:net").AddressInfo) => import("node:http").RequestListener} options.handler
 */
export async function listen({ port, host, tls, handler }) {
  const server = tls ? tlsServer(tls) : createServer(LIMITS);
  server.maxConnections = MAX_CONNECTIONS;
  // All headers that fit into the size: Node.js would drop the last ones, among them an Origin, without a word.
  server.maxHeadersCount = 0;
  server.setTimeout(STALLED);
  const listening = await bind(server, port, host);
  let underWay = 0;
  let isClosing = false;
  let onIdle = () => {};
  server.on("request", (_, response) => {
    underWay++;
    // Otherwise a client could keep its connection busy.
    if (isClosing) response.shouldKeepAlive = false;
    response.on("close", () => {
      underWay--;
      if (underWay === 0) onIdle();
    });
  });
  // No request can have arrived before: this is the same turn of the event loop.
  server.on("request", handler(listening));
  return {
    url: `${tls ? "https" : "http"}://${nameFor(host, listening.address)}:${listening.port}`,
    address: listening.address,
    /** Ends the requests that are under way, but waits for them a moment. */
    async close() {
      isClosing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      if (underWay > 0) {
        await new Promise((resolve) => {
          onIdle = () => resolve(undefined);
          setTimeout(resolve, GRACE).unref();
        });
      }
      server.closeAllConnections();
      await closed;
    },
  };
}
