// @ts-check
// What set-up does not install: Node, Rust, a C compiler.

import { isOldRust, OLDEST_RUST, rustVersion } from "../lib/rust-version.js";
import { Stop } from "../lib/say.js";
import { which } from "../lib/which.js";

export async function checkPrerequisites() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    throw new Stop(`Node 20 or newer is required, this is ${process.version}: see https://nodejs.org.`);
  }
  if (!which("rustc") || !which("cargo")) {
    throw new Stop(
      "Rust is required, and rustc or cargo is not on the PATH. Install it with rustup (https://rustup.rs), " +
        "open a new terminal and run this again.",
    );
  }
  const version = await rustVersion("rustc");
  if (!version) {
    throw new Stop("rustc does not run. If it comes from rustup, `rustup default stable` installs a toolchain.");
  }
  if (isOldRust(version)) {
    throw new Stop(`Rust ${OLDEST_RUST} or newer is required, this is ${version}: \`rustup update\` installs it.`);
  }
  if (process.platform !== "win32" && !which("cc")) {
    throw new Stop(
      "A C compiler is needed to link what Rust builds and there is no `cc` on the PATH: install gcc or clang " +
        "(Debian, Ubuntu: apt-get install build-essential; macOS: xcode-select --install).",
    );
  }
}
