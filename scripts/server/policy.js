// @ts-check
// What the page may do, as a Content-Security-Policy: its own scripts and styles, wasm, and requests to the servers that
// people type in.

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

/** Browsers heed this one only in a header. */
export const HEADER_POLICY = `${POLICY}; frame-ancestors 'none'`;
