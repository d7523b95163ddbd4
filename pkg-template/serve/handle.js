// @ts-check
// The way of a request: who sends it and from where, what it wants, and the response.

import { accepts } from "./accepts.js";
import { allowed, READ_ONLY } from "./allow-list.js";
import { compressed } from "./compression.js";
import { identityOf } from "./credentials.js";
import { createEditor, editAt, editOf } from "./edits.js";
import { exposed } from "./exposition.js";
import { readiness } from "./health.js";
import { DATA_HEADERS, FILE_HEADERS } from "./policy.js";
import { createQuestions, METRICS } from "./questions.js";
import { Refusal, refuse } from "./refusal.js";
import { createSharing } from "./shared.js";
import { ask } from "./upstream.js";
import { LoginRefusal } from "./upstream-errors.js";
import { change } from "./writes.js";

/**
 * @typedef {import("node:http").IncomingMessage} IncomingMessage
 * @typedef {import("node:http").ServerResponse} ServerResponse
 * @typedef {import("./credentials.js").Identity} Identity
 *
 * @typedef {object} Setup
 * @property {import("./upstream.js").Upstream} upstream
 * @property {import("./credentials.js").Own | null} own credentials of the server; null: visitors use theirs
 * @property {ReturnType<typeof import("./page.js").loadPage>} page
 * @property {ReturnType<typeof import("./gate.js").createGate>} gate
 * @property {ReturnType<typeof import("./visitors.js").createDoorkeeper> | null} doorkeeper null: everyone may visit
 * @property {boolean} allowWrites
 * @property {boolean} isDemo
 * @property {boolean} isRemote whether other machines reach this server: on one machine, compressing takes longer than sending
 * @property {object} [listing] `config.json` of a page with several servers
 * @property {import("./questions.js").Measured} measured
 * @property {(line: string) => void} log
 * @property {() => number} now monotonic clock in milliseconds
 */

const PREFIX = "/couchdb";
const JSON_TYPE = "application/json";
const TEXT_TYPE = "text/plain; charset=utf-8";
/** Smaller data, in bytes, is not compressed: it fits into a few packets. */
const MIN_COMPRESSED = 10_000;

/** Whether the response is data, not a file of the page. @param {string} target */
const isData = (target) => /^\/(?:couchdb|api|metrics)(?:[/?]|$)/.test(target);

/** @param {string} target */
const pathOf = (target) => target.replace(/[?#].*$/s, "");

/** @param {IncomingMessage} request */
const isRead = ({ method }) => method === "GET" || method === "HEAD";

/** @param {IncomingMessage} request */
const hasBody = ({ headers }) =>
  headers["transfer-encoding"] !== undefined || !["0", undefined].includes(headers["content-length"]);

/** @param {string} reason */
const onlyReads = (reason) => new Refusal(405, "method_not_allowed", reason, { Allow: "GET, HEAD" });

/** @param {ServerResponse} response @param {number} status @param {string} type @param {Buffer} body @param {Record<string, string | string[]>} headers */
function send(response, status, type, body, headers) {
  response.writeHead(status, { ...headers, "Content-Type": type, "Content-Length": body.length });
  response.end(body);
}

/** @param {Setup} setup @returns {(request: IncomingMessage, response: ServerResponse) => void} */
export function createHandler({
  upstream,
  own,
  page,
  gate,
  doorkeeper,
  allowWrites,
  isDemo,
  isRemote,
  listing,
  measured,
  log,
  now,
}) {
  const { share, forget } = createSharing(now);
  const questionOf = createQuestions(upstream, measured);
  const edit = createEditor(upstream);
  // Its own, since it must not wait for lists, and these not for what takes minutes.
  const health = createSharing(now);
  const { share: shareLong } = createSharing(now);
  const config = Buffer.from(
    `${JSON.stringify({ url: PREFIX.slice(1), api: "api", simulator: isDemo, writes: allowWrites })}\n`,
  );
  const listed = listing && Buffer.from(`${JSON.stringify(listing)}\n`);
  const fresh = { ...DATA_HEADERS, "Cache-Control": "no-store" };

  /** @param {IncomingMessage} request @returns {Promise<Identity>} towards CouchDB */
  async function identity({ headers }) {
    return own ? { key: "", credentials: await own.get() } : identityOf(headers);
  }

  /**
   * A session or token may have ended: it is renewed once. Credentials that CouchDB refuses are not sent again and again.
   *
   * @template T
   * @param {IncomingMessage} request
   * @param {(identity: Identity) => Promise<T>} work
   * @param {boolean} [isRepeatable]
   */
  async function identified(request, work, isRepeatable = isRead(request)) {
    try {
      const used = await identity(request);
      try {
        return await work(used);
      } catch (error) {
        if (!own?.isRenewable || !(error instanceof LoginRefusal)) throw error;
        await own.renew(used.credentials);
        // The body of a change has been read: its sender can repeat it. The login itself is not refused.
        if (!isRepeatable) throw new Refusal(error.status, error.error, error.message);
        return await work(await identity(request));
      }
    } catch (error) {
      if (own && error instanceof LoginRefusal) own.refused(error);
      throw error;
    }
  }

  /** @param {IncomingMessage} request @param {ServerResponse} response @param {number} status @param {string} type @param {Buffer} body @param {Record<string, string | string[]>} headers */
  async function sendData({ headers: asked }, response, status, type, body, headers) {
    if (!isRemote || body.length < MIN_COMPRESSED) return send(response, status, type, body, headers);
    const varying = { ...headers, Vary: "Accept-Encoding" };
    if (!accepts(asked["accept-encoding"], "gzip")) return send(response, status, type, body, varying);
    send(response, status, type, await compressed(body, 1), { ...varying, "Content-Encoding": "gzip" });
  }

  /** @param {IncomingMessage} request @param {ServerResponse} response @param {string} target @param {string | null} visitor @param {AbortSignal} signal */
  async function data(request, response, target, visitor, signal) {
    const asked = target.startsWith(PREFIX) ? null : questionOf(target);
    if (asked) {
      if (!isRead(request)) throw onlyReads("This can only be read.");
      const isMetrics = pathOf(target) === METRICS;
      const { status, body } = await identified(request, (identity) =>
        (asked.isLong ? shareLong : share)(
          `${asked.key} ${identity.key}`,
          signal,
          (signal) => asked.ask(identity, signal),
          !isMetrics,
        ),
      );
      const shown = isMetrics ? exposed(body.toString(), request.headers.accept) : { type: JSON_TYPE, body };
      return sendData(request, response, status, shown.type, shown.body, fresh);
    }
    const action = editAt(target);
    if (action) {
      if (!allowWrites) throw onlyReads(READ_ONLY);
      if (request.method !== "POST") {
        throw new Refusal(405, "method_not_allowed", "A change is a POST.", { Allow: "POST" });
      }
      const context = { visitor, log, signal, done: forget };
      const wanted = await editOf(action, request, context);
      const { status, body } = await identified(
        request,
        ({ credentials }) => edit(wanted, credentials, request, context),
        true,
      );
      return send(response, status, JSON_TYPE, body, fresh);
    }
    if (!target.startsWith(PREFIX)) throw new Refusal(404, "not_found", "not found");
    const what = allowed(request.method ?? "", target.slice(PREFIX.length) || "/", allowWrites);
    const { status, body, headers } = await identified(request, async ({ key, credentials }) => {
      if (!what.isWrite) {
        return share(`${what.path} ${key}`, signal, (signal) => ask(upstream, what, credentials, signal));
      }
      return change(upstream, what, credentials, request, { visitor, log, signal, done: forget });
    });
    // A session from the server's own credentials does not belong to the visitor.
    const { "Set-Cookie": cookies = [], ...others } = headers;
    const known = { ...fresh, ...others, ...(own ? {} : { "Set-Cookie": cookies }) };
    return sendData(request, response, status, JSON_TYPE, body, known);
  }

  /** @param {ServerResponse} response @param {AbortSignal} signal */
  async function ready(response, signal) {
    const { status, body } = await health.share("", signal, (signal) => readiness(upstream, own, signal));
    send(response, status, TEXT_TYPE, body, fresh);
  }

  /** @param {IncomingMessage} request @param {ServerResponse} response @param {AbortSignal} signal */
  async function answer(request, response, signal) {
    const target = request.url ?? "";
    if (!target.startsWith("/")) throw new Refusal(400, "bad_request", "The request target must begin with a slash.");
    gate(request, isData(target));
    // A body that is not read could be taken for the next request.
    if (isRead(request) && hasBody(request)) {
      throw new Refusal(400, "bad_request", "A GET or HEAD request has no body.", { Connection: "close" });
    }
    const pathname = pathOf(target);
    if (isRead(request) && pathname === "/healthz") return send(response, 200, TEXT_TYPE, Buffer.from("ok\n"), fresh);
    if (isRead(request) && pathname === "/readyz") return ready(response, signal);
    const { remoteAddress = "" } = request.socket;
    const visitor = doorkeeper ? await doorkeeper(request.headers.authorization, remoteAddress) : null;
    if (isData(target)) return data(request, response, target, visitor, signal);
    if (!isRead(request)) throw onlyReads("Files can only be read.");
    if (pathname === "/config.json") return send(response, 200, JSON_TYPE, listed ?? config, fresh);
    const { status, headers, body } = await page(pathname, request.headers);
    response.writeHead(status, { ...FILE_HEADERS, ...headers, ...(body && { "Content-Length": body.length }) });
    response.end(body);
  }

  return (request, response) => {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    answer(request, response, gone.signal).catch((error) => {
      // What is not read of a refused request must not be taken for the next one.
      if (!request.complete && hasBody(request)) response.shouldKeepAlive = false;
      refuse(response, error, isData(request.url ?? ""));
    });
  };
}
