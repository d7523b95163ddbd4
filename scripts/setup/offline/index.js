// @ts-check
// For machines that reach only package registries: Debian's or Ubuntu's, crates.io and npm, but neither rustup's server nor the
// downloads of browsers. Many companies and build containers are like that. If rustup works and browsers are
// installed, nothing here runs; the rest of set-up imports only this file of the folder.
//
//   apt.js               installs packages of the distribution: Chromium, Firefox and their drivers, and a Rust
//   distro-toolchain.js  adds a standard library for wasm32 to that Rust, compiled from its source package

import { Stop, say } from "../../lib/say.js";
import { findWasmEnv, WASM_TARGET } from "../../lib/toolchain.js";
import { haveApt } from "./apt.js";
import { buildDistroToolchain } from "./distro-toolchain.js";

export { aptInstall, haveApt } from "./apt.js";

/**
 * Makes a toolchain that compiles for wasm from the distribution's packages.
 *
 * @param {string} reason why rustup could not do it
 * @param {string} hint what to try instead
 */
export async function installDistroToolchain(reason, hint) {
  if (!(await haveApt())) {
    throw new Stop(
      `The ${WASM_TARGET} target of Rust is missing: ${reason}. The other way, through Debian's packages, needs ` +
        `apt-get and root or sudo without a password. Try ${hint}`,
    );
  }
  say(`    ${reason}; building it from the distribution's packages instead (about 2 minutes)`);
  await buildDistroToolchain().catch((error) => {
    throw error instanceof Stop ? new Stop(`${error.message}\nTry ${hint}`) : error;
  });
  if (!(await findWasmEnv({ again: true }))) {
    throw new Stop(`The toolchain made from the distribution's packages does not compile for wasm. Try ${hint}`);
  }
}
