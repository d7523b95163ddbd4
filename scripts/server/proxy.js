// @ts-check
// Hands requests on to CouchDB, so that page and server have one origin and nobody has to set up CORS.

import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { pipeline } from "node:stream";

// Each of these is about one connection, not about the message; and to CouchDB we are no page of another origin.
const NOT_HANDED_ON = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "host",
  "origin",
  "referer",
]);

/** @param {import("node:http").IncomingHttpHeaders} headers */
function handedOn(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_HANDED_ON.has(name)));
}

/** @param {URL} url */
function basicAuth({ username, password }) {
  if (!username) return undefined;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

/**
 * Where a name has several addresses, Node puts the reasons into a list and says nothing itself.
 *
 * @param {NodeJS.ErrnoException & { errors?: Error[] }} error
 */
const describe = (error) => error.message || error.errors?.[0]?.message || error.code;

/**
 * @param {string} couchdbUrl user info in it is used for requests that say nothing themselves
 */
export function createProxy(couchdbUrl) {
  const target = new URL(couchdbUrl);
  const authorization = basicAuth(target);
  const base = target.pathname.replace(/\/+$/, "");
  const send = target.protocol === "https:" ? httpsRequest : httpRequest;

  /**
   * @param {string} path with the query, as it came: a normalised one would name other documents
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  return (path, request, response) => {
    const headers = { ...(authorization && { authorization }), ...handedOn(request.headers) };
    const options = {
      hostname: target.hostname.replace(/^\[|\]$/g, ""),
      port: target.port,
      path: base + (path.startsWith("/") ? path : `/${path}`),
      method: request.method,
      headers,
    };
    const onward = send(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, handedOn(answer.headers));
      // An answer that breaks off there must break off here, too; pipeline sees to it.
      pipeline(answer, response, () => {});
    });
    onward.on("error", (error) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      const reason = `${target.origin} could not be reached: ${describe(error)}`;
      response.writeHead(502, { "Content-Type": "application/json", "Cache-Control": "no-cache" });
      response.end(`${JSON.stringify({ error: "bad_gateway", reason })}\n`);
    });
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  };
}
