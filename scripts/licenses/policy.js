// @ts-check
// Which licenses may be used for what. Whoever installs the package accepts the first list, so it is short.

/** What users receive: compiled into the wasm, or bundled into the page. The first that an expression offers is used. */
export const SHIPPED = /** @type {const} */ ([
  "MIT",
  "ISC",
  "0BSD",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Zlib",
  "Unicode-3.0",
  "Apache-2.0",
]);

/** Tools that build, test and measure. They are used as they are, and nothing of them is distributed. */
export const TOOLS = /** @type {const} */ ([
  ...SHIPPED,
  "BlueOak-1.0.0",
  "CC0-1.0",
  "CC-BY-4.0",
  "LGPL-3.0-or-later",
  "MPL-2.0",
  "Python-2.0",
]);
