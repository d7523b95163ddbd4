// @ts-check
// Runs one command: finds it, reads its arguments, and turns the result or the error into an exit code.

import { readFileSync } from "node:fs";
import { findCommand, readArguments } from "./arguments.js";
import { EXIT } from "./exit-codes.js";
import { exitOf, Interrupted, messageOf } from "./failures.js";
import { commandHelp, programHelp } from "./help.js";
import { Output } from "./output/output.js";
import { safe } from "./output/text.js";
import { clientOf, findServer } from "./server/server.js";
import { didYouMean } from "./suggest.js";
import { PROGRAM } from "./texts.js";

/** @typedef {import("./command.js").Command} Command */

const version = () => JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;

/** Aborted by Ctrl-C and SIGTERM; a second one ends the process at once. */
function listenForSignals() {
  const controller = new AbortController();
  /** @type {[NodeJS.Signals, number][]} */
  const signals = [
    ["SIGINT", EXIT.interrupted],
    ["SIGTERM", EXIT.terminated],
  ];
  for (const [signal, exit] of signals) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exit);
      controller.abort(new Interrupted(exit));
    });
  }
  return controller.signal;
}

/** @param {Command} command @param {string[]} rest @param {readonly Command[]} commands @param {Output} out @param {AbortController} reading */
async function perform(command, rest, commands, out, reading) {
  const { options, args, fields } = readArguments(command, rest);
  if (options.help) {
    await out.line(commandHelp(command));
    return EXIT.done;
  }
  out.decideColours(options.color, process.env);
  /** @type {Promise<import("./server/server.js").Server> | undefined} */
  let found;
  const interrupted = listenForSignals();
  const server = (signal = interrupted) => (found ??= findServer(options, process.env, process.stdin, signal));
  interrupted.addEventListener("abort", () => reading.abort(interrupted.reason));
  return command.run({
    options,
    args,
    fields,
    out,
    env: process.env,
    signal: reading.signal,
    interrupted,
    commands,
    server,
    connect: async (signal) => clientOf(await server(signal)),
  });
}

/** @param {string[]} rest @param {string | undefined} name @param {readonly Command[]} commands @param {Output} out */
async function withoutCommand(name, rest, commands, out) {
  if (name === undefined && rest.includes("--version")) {
    await out.line(version());
    return EXIT.done;
  }
  if (name === undefined && (rest.includes("-h") || rest.includes("--help"))) {
    await out.line(programHelp(commands));
    return EXIT.done;
  }
  if (name !== undefined) {
    const names = commands.map((command) => command.name);
    out.note(`${PROGRAM}: unknown command "${safe(name.slice(0, 60))}"${didYouMean(name, names)}`);
    out.note(`The commands are ${names.join(", ")}.`);
  } else {
    out.note(programHelp(commands));
  }
  return EXIT.usage;
}

/**
 * @param {string[]} argv
 * @param {readonly Command[]} commands
 * @returns {Promise<number>} the exit code
 */
export async function run(argv, commands) {
  const reading = new AbortController();
  const hasGone = new Error("the reader of the output has gone");
  const out = new Output(process.stdout, process.stderr, () => reading.abort(out.error ?? hasGone));
  const { name, rest } = findCommand(argv);
  // `help list` is what many try first.
  const [wanted, args] = name === "help" ? [rest[0], ["--help"]] : [name, rest];
  const command = commands.find((each) => each.name === wanted);
  try {
    if (!command) return await withoutCommand(wanted, args, commands, out);
    const code = await perform(command, args, commands, out, reading);
    out.progress.end();
    if (out.error) throw out.error;
    return code;
  } catch (error) {
    out.progress.end();
    if (error === hasGone) return EXIT.done;
    if (error instanceof Interrupted) return error.exit;
    if (command?.failed) return await command.failed(error, out);
    const code = exitOf(error);
    out.note(`${PROGRAM}: ${messageOf(error)}`);
    if (code === EXIT.usage && command) out.note(`"${PROGRAM} ${command.name} -h" shows how it is used.`);
    return code;
  }
}
