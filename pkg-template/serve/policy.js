// @ts-check
// What the page may do, as a Content-Security-Policy: its own scripts and styles, wasm, and requests to the servers that
// users enter.

export const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' http: https:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Headers of every response: no content sniffing, no embedding by other sites. */
const STRICT = {
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Headers of the page's files. Browsers accept `frame-ancestors` only in a header. */
export const FILE_HEADERS = { ...STRICT, "Content-Security-Policy": `${POLICY}; frame-ancestors 'none'` };

/** Headers of responses that are data: one that is opened as a page has no scripts and no origin. */
export const DATA_HEADERS = {
  ...STRICT,
  "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
};
