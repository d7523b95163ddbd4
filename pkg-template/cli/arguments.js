// @ts-check
// Reads the arguments of the command line.

import { parseArgs } from "node:util";
import { HELP, optionsOf, SERVER } from "./command.js";
import { fieldsOf } from "./output/json.js";
import { safe } from "./output/text.js";
import { didYouMean } from "./suggest.js";
import { UsageError } from "./usage-error.js";

/**
 * @typedef {import("./command.js").Command} Command
 * @typedef {import("./command.js").Option} Option
 */

/** The description of the options for `parseArgs`. @param {Record<string, Option>} options */
const described = (options) =>
  Object.fromEntries(
    Object.entries(options).map(([name, { kind, short }]) => [
      name,
      { type: /** @type {"string" | "boolean"} */ (kind ? "string" : "boolean"), ...(short ? { short } : {}) },
    ]),
  );

/** @param {string[]} args @param {Record<string, Option>} options */
const tokensOf = (args, options) =>
  parseArgs({ args, options: described(options), strict: false, allowPositionals: true, tokens: true }).tokens;

/**
 * Finds the command: the first argument that is not an option.
 *
 * @param {string[]} argv
 * @returns {{ name: string | undefined, rest: string[] }}
 */
export function findCommand(argv) {
  const found = tokensOf(argv, { ...SERVER, ...HELP }).find(({ kind }) => kind === "positional");
  if (found === undefined) return { name: undefined, rest: argv };
  return { name: argv[found.index], rest: argv.filter((_, index) => index !== found.index) };
}

/**
 * `--json` may stand alone, or have its fields in the next argument. A command without arguments takes whatever follows as
 * fields, so that a misspelled field is reported as one.
 *
 * @param {string[]} args
 * @param {Command} command
 */
function withJson(args, { fields, count = [0, 0] }) {
  const end = args.indexOf("--");
  const at = args.indexOf("--json");
  if (!fields || at < 0 || (end >= 0 && end < at)) return args;
  const next = args[at + 1];
  const areFields =
    next !== undefined &&
    !next.startsWith("-") &&
    (count[1] === 0 || next.split(",").every((field) => fields.includes(field)));
  return [...args.slice(0, at), `--json=${areFields ? next : ""}`, ...args.slice(at + (areFields ? 2 : 1))];
}

/**
 * @param {Command} command
 * @param {string[]} argv without the name of the command
 * @returns {{ options: Record<string, any>, args: string[], fields: string[] | undefined }}
 */
export function readArguments(command, argv) {
  const known = optionsOf(command);
  const given = withJson(argv, command);
  /** @type {Record<string, any>} */
  const options = {};
  const args = [];
  for (const token of tokensOf(given, known)) {
    if (token.kind === "positional") args.push(token.value);
    if (token.kind !== "option") continue;
    const name = token.rawName;
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (!option) {
      const names = Object.keys(known).map((each) => `--${each}`);
      throw new UsageError(`${command.name}: unknown option ${safe(name.slice(0, 60))}${didYouMean(name, names)}`);
    }
    const value = readValue(option, token);
    if (option.many) options[token.name] = [...(options[token.name] ?? []), value];
    else if (token.name in options && option.kind) throw new UsageError(`${name} is given twice`);
    else options[token.name] = value;
  }
  if (!options.help) checkCount(command, args);
  if (options.json !== undefined && options.plain) throw new UsageError("--json and --plain exclude each other");
  return {
    options,
    args,
    fields: options.json === undefined ? undefined : fieldsOf(options.json, command.fields ?? []),
  };
}

/** @param {Option} option @param {{ name: string, rawName: string, value?: string | undefined, inlineValue?: boolean | undefined }} token */
function readValue({ kind }, { name, rawName, value, inlineValue }) {
  if (!kind) {
    if (value === undefined) return true;
    throw new UsageError(`${rawName} takes no value`);
  }
  if (name === "json") return value ?? "";
  if (value === undefined) throw new UsageError(`${rawName} needs a value: ${rawName} ${kind.shown}`);
  if (!inlineValue && /^-./.test(value)) {
    throw new UsageError(`${rawName} needs a value; if "${safe(value)}" is meant, write --${name}=${safe(value)}`);
  }
  return kind.read(value, rawName);
}

/** @param {Command} command @param {string[]} args */
function checkCount({ name, args: shown = "", count: [min, max] = [0, 0] }, args) {
  if (args.length < min) throw new UsageError(`${name} needs ${shown}`);
  if (args.length <= max) return;
  const first = safe((args[max] ?? "").slice(0, 60));
  throw new UsageError(`${name}: unexpected argument "${first}"${max === 0 ? "" : `; it takes ${shown}`}`);
}
