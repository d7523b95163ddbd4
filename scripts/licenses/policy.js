// @ts-check
// Which licenses are allowed for what. Users of the package accept the first list, so it is short.

/** For users: compiled into the wasm, or bundled into the page. The first one that an expression offers applies. */
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

/** For tools that build, test and measure. They are used unchanged and not distributed. */
export const TOOLS = /** @type {const} */ ([
  ...SHIPPED,
  "BlueOak-1.0.0",
  "CC0-1.0",
  "CC-BY-4.0",
  "LGPL-3.0-or-later",
  "MPL-2.0",
  "Python-2.0",
]);
