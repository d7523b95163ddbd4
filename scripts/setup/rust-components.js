// @ts-check
// rustfmt and clippy, which a minimal rustup does not install.

import { join } from "node:path";
import { LOGS } from "../lib/paths.js";
import { run } from "../lib/run.js";
import { Stop, tail } from "../lib/say.js";
import { which } from "../lib/which.js";

const COMPONENTS = /** @type {const} */ ([
  ["rustfmt", "rustfmt"],
  ["clippy", "clippy-driver"],
]);

/** @type {import("../setup.js").Check} */
export async function rustComponents() {
  /** @type {string[]} */
  const missing = [];
  for (const [component, program] of COMPONENTS) {
    // rustup puts a proxy on the PATH for each component, installed or not: only running it shows whether it is.
    if (!(await run(program, ["--version"], { seconds: 30 })).ok) missing.push(component);
  }
  if (missing.length === 0) return undefined;
  const hint = `\`rustup component add ${missing.join(" ")}\``;
  return {
    name: missing.join(" and "),
    why: `checks of the Rust code; ${hint}`,
    async install() {
      if (!which("rustup")) throw new Stop(`${missing.join(" and ")} missing, and rustup is not installed.`);
      const options = { seconds: 60, log: join(LOGS, "rustup-components.log") };
      const result = await run("rustup", ["component", "add", ...missing], options);
      if (!result.ok) throw new Stop(`${hint} failed:\n${tail(result.output, 5)}`);
    },
  };
}
