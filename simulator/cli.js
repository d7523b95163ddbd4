#!/usr/bin/env node
// @ts-check
/**
 * A simulated server on the command line: `npm run simulator -- --help`.
 */
import { parseArgs } from "node:util";
import { createSimulator } from "./index.js";
import { STATES } from "./protocol/query.js";
import { serve } from "./protocol/server.js";

const HELP = `Simulates a CouchDB server with replications.

Usage: npm run simulator -- [options]

  --port <n>         port to listen on; 0 for any free port         (default 5984)
  --host <address>   address to listen on                           (default 127.0.0.1)
  --docs <n>         replication documents in _replicator           (default 1000)
  --speed <n>        how many times faster than real time it runs   (default 1)
  --seed <n>         random seed; each makes another fleet          (default 1)
  --user <name>      user name of the admin                         (default admin)
  --password <text>  password of the admin                          (default pass)
  --help             shows this text
`;

/** An error in the user's arguments; reported without a stack. */
class UsageError extends Error {}

/** @param {string[]} args */
function readOptions(args) {
  const text = (/** @type {string} */ byDefault) => ({ type: /** @type {const} */ ("string"), default: byDefault });
  const options = {
    port: text("5984"),
    host: text("127.0.0.1"),
    docs: text("1000"),
    speed: text("1"),
    seed: text("1"),
    user: text("admin"),
    password: text("pass"),
    help: { type: /** @type {const} */ ("boolean"), default: false },
  };
  let values;
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  return {
    ...values,
    port: number("port", values.port, 0, 65_535),
    docs: number("docs", values.docs, 0, 1_000_000),
    speed: number("speed", values.speed, 0, 100_000, false),
    seed: number("seed", values.seed, 0, 2 ** 31),
  };
}

/** @param {string} name @param {string | undefined} text @param {number} min @param {number} max @param {boolean} [whole] */
function number(name, text, min, max, whole = true) {
  const value = Number(text);
  if (text?.trim() && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(
    `--${name} must be ${whole ? "a whole number" : "a number"} from ${min} to ${max}, not "${text}"`,
  );
}

/** @param {unknown} error @param {number} port */
function explained(error, port) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === "EADDRINUSE")
    return `Port ${port} is in use: choose another one with --port; --port 0 uses any free port.`;
  if (code === "EACCES") return `This user is not allowed to use port ${port}: choose a port above 1023 with --port.`;
  return message;
}

/** @param {string[]} args */
async function main(args) {
  const { port, host, docs, speed, seed, user, password, help } = readOptions(args);
  if (help) return void process.stdout.write(HELP);
  const simulator = createSimulator({ docs, seed, clock: { speed, start: Date.now() }, admins: { [user]: password } });
  const counts = simulator.fleet.countStates();
  const { url, close } = await serve(simulator, { port, host }).catch((error) => {
    throw new UsageError(explained(error, port));
  });
  console.log(`Simulated CouchDB at ${url} (${user}/${password}), ${speed} times real time. Ctrl-C ends it.`);
  for (const { name, docCount, isReplicator } of simulator.fleet.databases.values()) {
    if (isReplicator) console.log(`  ${name}: ${docCount} documents`);
  }
  for (const state of STATES) console.log(`  ${state.padEnd(12)} ${String(counts[state] ?? 0).padStart(7)}`);
  process.once("SIGINT", () => void close());
  process.once("SIGTERM", () => void close());
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof UsageError ? `${error.message}\nTry --help.` : error);
  process.exitCode = 1;
});
