// @ts-check
/**
 * The simulator as a `fetch`: the same arguments, the same ways to fail.
 */
import { Cut } from "./faults.js";
import { isChunked } from "./http.js";

/**
 * @typedef {import("./http.js").SimRequest} SimRequest
 * @typedef {import("./http.js").Reply} Reply
 */

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 20;

/**
 * @param {(request: SimRequest) => Promise<Reply>} handle
 * @returns {typeof fetch}
 */
export function asFetch(handle) {
  return async (input, init = {}) => {
    const asked = input instanceof Request ? input : null;
    const signal = init.signal ?? asked?.signal ?? null;
    const body = init.body ?? (asked?.body ? await asked.clone().text() : null);
    // Creates no `Request`, which would drop the headers that pages may not set.
    let request = {
      method: (init.method ?? asked?.method ?? "GET").toUpperCase(),
      url: new URL(asked ? asked.url : String(input)),
      headers: new Headers(init.headers ?? asked?.headers),
      text: async () => (body === null ? "" : new Response(/** @type {any} */ (body)).text()),
    };
    if (request.url.username) throw new TypeError("Request cannot be constructed from a URL that includes credentials");
    if (body !== null && !request.headers.has("content-type") && typeof body === "string")
      request.headers.set("content-type", "text/plain;charset=UTF-8");
    for (let redirects = 0; ; redirects++) {
      const reply = await orAborted(handle(request), signal);
      if (reply.connection === "reset") throw failed("ECONNRESET", "read ECONNRESET");
      const location = reply.headers.find(([name]) => name.toLowerCase() === "location")?.[1];
      const mode = init.redirect ?? asked?.redirect ?? "follow";
      if (!REDIRECTS.has(reply.status) || !location || mode === "manual")
        return responseOf(reply, request, redirects > 0, signal);
      if (mode === "error") throw failed("UND_ERR", "unexpected redirect");
      if (redirects === MAX_REDIRECTS) throw failed("UND_ERR", "redirect count exceeded");
      request = redirected(request, new URL(location, request.url), reply.status);
    }
  };
}

/** @param {SimRequest} request @param {URL} url @param {number} status @returns {SimRequest} */
function redirected(request, url, status) {
  const headers = new Headers(request.headers);
  if (url.origin !== request.url.origin) for (const name of ["authorization", "cookie"]) headers.delete(name);
  const asGet = status === 303 || (status < 303 && request.method === "POST");
  return asGet ? { method: "GET", url, headers, text: async () => "" } : { ...request, url, headers };
}

/** The error of a `fetch` without a response. @param {string} code @param {string} message */
function failed(code, message) {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}

/** @template T @param {Promise<T>} promise @param {AbortSignal | null} signal @returns {Promise<T>} */
function orAborted(promise, signal) {
  if (!signal) return promise;
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** @param {Reply} reply @param {SimRequest} request @param {boolean} wasRedirected @param {AbortSignal | null} signal */
function responseOf({ status, headers, body }, { method, url }, wasRedirected, signal) {
  const isEmpty = method === "HEAD" || status === 204 || status === 304;
  const content = isEmpty ? null : isChunked(body) ? streamOf(body, signal) : /** @type {any} */ (body);
  const response = new Response(content, { status, headers: withLength(headers, body) });
  Object.defineProperties(response, { url: { value: url.href }, redirected: { value: wasRedirected } });
  return response;
}

/** @param {[string, string][]} headers @param {Reply["body"]} body @returns {[string, string][]} */
export function withLength(headers, body) {
  if (typeof body === "string") return [...headers, ["Content-Length", String(new TextEncoder().encode(body).length)]];
  return body instanceof Uint8Array ? [...headers, ["Content-Length", String(body.length)]] : headers;
}

/** @param {Iterable<Uint8Array> | AsyncIterable<Uint8Array>} chunks @param {AbortSignal | null} signal */
function streamOf(chunks, signal) {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  let abort = () => {};
  const release = () => signal?.removeEventListener("abort", abort);
  return new ReadableStream(
    {
      start(controller) {
        abort = () => controller.error(signal?.reason);
        signal?.addEventListener("abort", abort, { once: true });
      },
      async pull(controller) {
        try {
          const { value, done } = await iterator.next();
          if (signal?.aborted) return;
          if (!done) return controller.enqueue(value);
          release();
          controller.close();
        } catch (error) {
          release();
          controller.error(
            error instanceof Cut
              ? new TypeError("terminated", {
                  cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
                })
              : error,
          );
        }
      },
      cancel() {
        release();
        void iterator.return?.();
      },
    },
    // Chunks are produced only when they are read.
    { highWaterMark: 0 },
  );
}
