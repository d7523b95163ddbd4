// @ts-check
// Packages of Debian and Ubuntu, if they can be installed without a password.

import { join } from "node:path";
import { LOGS } from "../../lib/paths.js";
import { run } from "../../lib/run.js";
import { Stop, tail } from "../../lib/say.js";
import { which } from "../../lib/which.js";

/**
 * The prefix that runs a command as root: empty if we are root; undefined if we cannot become root.
 *
 * @returns {Promise<string[] | undefined>}
 */
async function root() {
  if (process.getuid?.() === 0) return [];
  if (which("sudo") && (await run("sudo", ["-n", "true"], { seconds: 5 })).ok) return ["sudo", "-n"];
  return undefined;
}

export const haveApt = async () => which("apt-get") !== undefined && (await root()) !== undefined;

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import("../../lib/run.js").RunOptions} [options]
 */
export async function runAsRoot(command, args, options) {
  const [program = command, ...rest] = [...((await root()) ?? []), command, ...args];
  return run(program, rest, options);
}

/** @type {Promise<unknown>} */
let queue = Promise.resolve();
let updated = false;

/**
 * @param {string} name name of the log
 * @param {string[]} args
 * @param {number} seconds
 */
async function apt(name, args, seconds) {
  // DEBIAN_FRONTEND is set with env, as sudo does not pass variables.
  const result = await runAsRoot("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", ...args], {
    seconds,
    log: join(LOGS, `apt-${name}.log`),
  });
  if (!result.ok) throw new Stop(`apt-get ${args.join(" ")} failed:\n${tail(result.output, 10)}`);
}

/**
 * Installs packages; concurrent calls wait for each other, as apt holds a lock.
 *
 * @param {string} name name of the log
 * @param {string[]} packages
 */
export function aptInstall(name, packages) {
  const turn = queue.then(async () => {
    if (!updated) await apt("update", ["update"], 180);
    updated = true;
    const args = ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"];
    await apt(name, [...args, ...packages], 900);
  });
  queue = turn.catch(() => {});
  return turn;
}
