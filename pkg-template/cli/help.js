// @ts-check
// The help texts, from the descriptions of the commands.

import { COLOUR, HELP, optionsOf, SERVER } from "./command.js";
import { EXIT, MEANINGS } from "./exit-codes.js";
import { widthOf } from "./output/text.js";
import { PROGRAM, SERVERS } from "./texts.js";

/**
 * @typedef {import("./command.js").Command} Command
 * @typedef {import("./command.js").Option} Option
 */

/** Texts are wrapped at this column. */
const WIDTH = 88;

/** @param {string} text @param {string} indent @returns {string} */
export function wrapped(text, indent = "") {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = "";
    }
    line += (line === "" ? "" : " ") + word;
  }
  return [...lines, line].map((each) => indent + each).join("\n");
}

/** Two columns; the second one is wrapped. @param {(readonly [string, string])[]} rows */
export function aligned(rows) {
  const width = Math.min(34, Math.max(...rows.map(([left]) => widthOf(left))));
  const indent = " ".repeat(width + 4);
  return rows
    .map(([left, right]) => {
      const text = wrapped(right, indent);
      if (widthOf(left) > width) return `  ${left}\n${text}`;
      return `  ${left}${" ".repeat(width - widthOf(left))}  ${text.slice(indent.length)}`;
    })
    .join("\n");
}

/** How an option is written: "-d, --database NAME". @param {string} name @param {Option} option */
export function optionName(name, { short, kind }) {
  const value = name === "json" ? "[=FIELDS]" : kind ? ` ${kind.shown}` : "";
  return `${short ? `-${short}, ` : "    "}--${name}${value}`;
}

/** @param {Record<string, Option>} options */
const optionRows = (options) =>
  Object.entries(options).map(([name, option]) => /** @type {const} */ ([optionName(name, option), option.help]));

/** "couchdb-scheduler show DOC [options]" @param {Command} command */
export const usageOf = ({ name, args }) => `${PROGRAM} ${name}${args ? ` ${args}` : ""} [options]`;

/** The sections of a command's help, after its summary. @param {Command} command @returns {[title: string, text: string][]} */
export function sectionsOf(command) {
  const shared = command.isLocal ? HELP : { ...COLOUR, ...SERVER, ...HELP };
  const own = Object.fromEntries(Object.entries(optionsOf(command)).filter(([name]) => !(name in shared)));
  const examples = command.examples.map(([line, meaning]) => /** @type {const} */ ([`${PROGRAM} ${line}`, meaning]));
  const exits = Object.entries(exitsOf(command));
  /** @type {[string, string][]} */
  const sections = [
    ["Examples", examples.map(([line, meaning]) => `  ${line}\n      ${meaning}`).join("\n")],
    ["Usage", `  ${usageOf(command)}`],
  ];
  if (Object.keys(own).length > 0) sections.push(["Options", aligned(optionRows(own))]);
  sections.push([command.isLocal ? "General options" : "Server and general options", aligned(optionRows(shared))]);
  for (const note of command.notes ?? []) sections.push(["", wrapped(note)]);
  sections.push(["Asks the server", wrapped(command.asks, "  ")]);
  sections.push(["Exit codes", aligned(exits)]);
  return sections;
}

/** @param {Command} command @returns {Record<string, string>} */
function exitsOf({ exits, isLocal }) {
  const { [EXIT.notAuthorized]: _, [EXIT.notFound]: __, ...local } = MEANINGS;
  return 3 in exits && 2 in exits ? toText(exits) : toText({ ...(isLocal ? local : MEANINGS), ...exits });
}

/** @param {Record<number, string>} exits @returns {Record<string, string>} */
const toText = (exits) => Object.fromEntries(Object.entries(exits));

/** The help of one command. @param {Command} command */
export function commandHelp(command) {
  const sections = sectionsOf(command).map(([title, text]) => (title ? `${title}:\n${text}` : text));
  return [`${PROGRAM} ${command.name}: ${command.summary}`, ...sections].join("\n\n");
}

/** @type {readonly (readonly [line: string, meaning: string])[]} */
export const EXAMPLES = [
  ["summary", "counts the replications in each state"],
  ["list --state crashing,error,failed", "lists those that have a problem"],
  ["show orders", "explains one of them"],
  ["check", "one line for Nagios or Icinga"],
  ["start orders orders-copy --create-target --wait", "copies a database and waits for the end"],
];

/** The help of the program. @param {readonly Command[]} commands */
export const programHelp = (commands) => `${PROGRAM}: how CouchDB's replications are doing

Examples:
${aligned(EXAMPLES.map(([line, meaning]) => [`${PROGRAM} ${line}`, meaning]))}

Usage:
  ${PROGRAM} COMMAND [options]

Commands:
${aligned(commands.map(({ name, args, summary }) => [args ? `${name} ${args}` : name, summary]))}

The server:
${aligned(optionRows(SERVER))}

${wrapped(SERVERS)}

Other options:
${aligned([...optionRows(HELP), ["    --version", "show the version"]])}

"${PROGRAM} COMMAND -h" shows more about a command.`;
