// @ts-check
// WebDriver has no scripts that run before those of a page. So this process's HTTP servers, which are the page's, add one
// to each HTML document, as a file of the same origin: the page's policy stays as it is.

import { subscribe, unsubscribe } from "node:diagnostics_channel";

const CHANNEL = "http.server.request.start";
const NAME = "init-script.js";

/** Returns the present text. @type {() => string} */
let script = () => "";

/** From now on, instead of an earlier one. @param {() => string} text */
export function setInitScript(text) {
  removeInitScript();
  script = text;
  subscribe(CHANNEL, addScript);
}

/** Leaves the documents for other browsers as they are. */
export function removeInitScript() {
  unsubscribe(CHANNEL, addScript);
}

/**
 * Changes a response before it is sent.
 *
 * @param {import("node:http").ServerResponse} response
 * @param {string} type of the changed body
 * @param {(body: string) => string | undefined} change
 */
function rewrite(response, type, change) {
  const { writeHead, end } = /** @type {any} */ (response);
  /** @type {Buffer[]} */
  const chunks = [];
  /** @type {[number, import("node:http").OutgoingHttpHeaders]} */
  let head = [200, {}];
  response.writeHead = /** @type {any} */ (
    (/** @type {number} */ status, /** @type {import("node:http").OutgoingHttpHeaders} */ headers = {}) => {
      head = [status, headers];
      return response;
    }
  );
  response.write = (/** @type {any} */ chunk) => {
    chunks.push(Buffer.from(chunk));
    return true;
  };
  response.end = /** @type {any} */ (
    (/** @type {any} */ chunk) => {
      if (chunk?.length > 0) chunks.push(Buffer.from(chunk));
      const body = Buffer.concat(chunks);
      const changed = change(body.toString());
      const [status, headers] = head;
      const kept = Object.entries(headers).filter(([name]) => !/^content-(length|type)$/i.test(name));
      const own = changed === undefined ? headers : { ...Object.fromEntries(kept), "Content-Type": type };
      writeHead.call(response, changed === undefined ? status : 200, own);
      return end.call(response, changed ?? body);
    }
  );
}

/** @param {unknown} message */
function addScript(message) {
  const { request, response } =
    /** @type {{ request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse }} */ (
      message
    );
  if (request.url?.endsWith(`/${NAME}`)) rewrite(response, "text/javascript", () => script());
  else if (request.headers["sec-fetch-dest"] === "document" || request.headers.accept?.startsWith("text/html")) {
    // The whole text, as it is.
    for (const name of ["accept-encoding", "if-none-match"]) delete request.headers[name];
    rewrite(response, "text/html", (body) =>
      body.replace(/<head>/.test(body) ? "<head>" : /^<!doctype html>/i, `$&<script src="${NAME}"></script>`),
    );
  }
}
