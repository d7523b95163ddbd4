// @ts-check
// Forwards requests to CouchDB, so that page and server have one origin and CORS is not needed.

import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { pipeline } from "node:stream/promises";
import { DATA_HEADERS } from "./policy.js";
import { Refusal } from "./refusal.js";

/**
 * @typedef {import("node:http").IncomingMessage} IncomingMessage
 * @typedef {import("node:http").IncomingHttpHeaders} Headers
 */

// Forwards only what CouchDB's API needs, in both directions. Everything else is about a connection, another origin, or
// the browser: `Location`, `Refresh`, `Clear-Site-Data`, a forged user, another method.
const OF_REQUEST = ["accept", "accept-encoding", "content-type", "if-match", "if-none-match"];
const OF_RESPONSE = [
  "cache-control",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "etag",
  "retry-after",
  "server",
  "x-couch-request-id",
  "x-couchdb-body-time",
];
const READS = ["GET", "HEAD"];
const WRITES = ["POST", "PUT", "DELETE"];

/** @param {Headers} headers @param {string[]} names */
const pick = (headers, names) =>
  Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));

/** CouchDB's cookie. Other cookies of this host name belong to other servers. @param {string} cookie */
const isSession = (cookie) => /^\s*AuthSession=/.test(cookie);

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {URL} url */
function basicAuth({ username, password }) {
  if (!username) return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64")}`;
}

/**
 * If a name has several addresses, Node's error has only a list of reasons.
 *
 * @param {NodeJS.ErrnoException & { errors?: Error[] }} error
 */
const describe = (error) => error.message || error.errors?.[0]?.message || error.code;

/** @param {string} reason */
const badGateway = (reason) => new Refusal(502, "bad_gateway", reason);

/**
 * @param {string} couchdbUrl its user info is used for requests without credentials
 * @param {{ allowWrites: boolean }} options
 */
export function createProxy(couchdbUrl, { allowWrites }) {
  const target = new URL(couchdbUrl);
  const ours = basicAuth(target);
  const base = target.pathname.replace(/\/+$/, "");
  const send = target.protocol === "https:" ? httpsRequest : httpRequest;
  const methods = allowWrites ? [...READS, ...WRITES] : READS;

  /** Each request has one identity: its own credentials, its own session, or ours. @param {Headers} headers */
  function credentialsOf({ authorization, cookie }) {
    if (authorization) return { authorization };
    const session = cookie?.split(";").find(isSession)?.trim();
    return session ? { cookie: session } : { ...(ours && { authorization: ours }) };
  }

  /**
   * @param {import("node:http").RequestOptions} options
   * @param {IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   * @returns {Promise<IncomingMessage>}
   */
  const exchange = (options, request, response) =>
    new Promise((resolve, reject) => {
      const onward = send(options, resolve).on("error", reject);
      onward.on("upgrade", (_, socket) => {
        socket.destroy();
        reject(new Error("it switches to another protocol"));
      });
      response.on("close", () => onward.destroy());
      if (READS.includes(options.method ?? "")) onward.end();
      else pipeline(request, onward).catch(reject);
    });

  /** @param {IncomingMessage} answer */
  function check({ statusCode = 0, headers: { location } }) {
    if (statusCode < 200 || statusCode > 599)
      throw badGateway(`${target.origin} answers with the status ${statusCode}.`);
    if (statusCode < 300 || statusCode > 399 || statusCode === 304) return;
    const to = URL.canParse(location ?? "", target.origin) ? new URL(location ?? "", target.origin) : undefined;
    const where = to ? `${to.protocol}//${to.host}${to.pathname}` : "another address";
    throw badGateway(`${target.origin} redirects to ${where}: put the final address into COUCHDB_URL.`);
  }

  /**
   * @param {string} path with the query, unchanged: a normalized path would name other documents
   * @param {IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  return async (path, request, response) => {
    const { method = "" } = request;
    if (!methods.includes(method)) {
      const reason = allowWrites
        ? `${method} is not handed on.`
        : "This server hands on GET and HEAD only: `npm start -- --allow-writes` allows changes.";
      throw new Refusal(405, "method_not_allowed", reason, { Allow: methods.join(", ") });
    }
    // Intermediate servers may resolve these, and leave the path of COUCHDB_URL.
    const isLeaving = /^[^?]*\/(\.|%2e){1,2}([/?]|$)/i.test(path);
    if (isLeaving || path.includes("\\")) throw new Refusal(400, "bad_request", "The path has dot segments.");
    const credentials = credentialsOf(request.headers);
    const isRead = READS.includes(method);
    const answer = await exchange(
      {
        hostname: target.hostname.replace(/^\[|\]$/g, ""),
        port: target.port,
        path: base + (path.startsWith("/") ? path : `/${path}`),
        method,
        headers: { ...pick(request.headers, isRead ? OF_REQUEST : [...OF_REQUEST, "content-length"]), ...credentials },
      },
      request,
      response,
    ).catch((error) => {
      throw badGateway(`${target.origin} could not be reached: ${describe(error)}`);
    });
    check(answer);
    // A session from our credentials does not belong to the browser.
    const isOurs = ours !== undefined && "authorization" in credentials && credentials.authorization === ours;
    const cookies = isOurs ? [] : (answer.headers["set-cookie"] ?? []).filter(isSession);
    response.writeHead(answer.statusCode ?? 502, {
      ...pick(answer.headers, OF_RESPONSE),
      ...(cookies.length > 0 && { "set-cookie": cookies }),
      ...DATA_HEADERS,
    });
    // If CouchDB's response breaks off, this one must, too.
    await pipeline(answer, response);
  };
}
