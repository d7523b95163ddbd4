// @ts-check
// What a command is, and the options that many have.

import { count, duration, oneOf, text } from "./kinds.js";

/**
 * @typedef {object} Option
 * @property {string} help
 * @property {import("./kinds.js").Kind} [kind] of its value; without it, the option is a switch
 * @property {string} [short] one letter
 * @property {boolean} [many] whether it can be given several times; its value is a list then
 *
 * @typedef {object} Command
 * @property {string} name
 * @property {string} summary one line
 * @property {string} [args] as in "SOURCE TARGET"
 * @property {[min: number, max: number]} [count] of the arguments; default: none
 * @property {Record<string, Option>} options its own ones
 * @property {readonly (readonly [line: string, meaning: string])[]} examples the line is without the name of the program
 * @property {string} asks what it asks of the server
 * @property {string[]} [notes] paragraphs
 * @property {Record<number, string>} exits meanings of its exit codes, those of `EXIT.done` and its own
 * @property {boolean} [isLocal] whether it asks no server
 * @property {readonly string[]} [fields] that `--json` can choose; without it there is no `--json`
 * @property {string} [plain] what `--plain` prints; without it there is no `--plain`
 * @property {(work: Work) => Promise<number>} run returns the exit code
 * @property {(error: unknown, out: import("./output/output.js").Output) => Promise<number>} [failed] reports an error otherwise than by default
 *
 * @typedef {object} Work What a command works with.
 * @property {Record<string, any>} options the values, checked
 * @property {string[]} args
 * @property {string[] | undefined} fields that `--json` names
 * @property {import("./output/output.js").Output} out
 * @property {NodeJS.ProcessEnv} env
 * @property {AbortSignal} signal aborted by Ctrl-C, and when the reader of stdout has gone
 * @property {AbortSignal} interrupted aborted by Ctrl-C only: for what is to be done even if nobody reads the report
 * @property {() => Promise<import("./server/server.js").Server>} server that the options and the environment name
 * @property {(signal?: AbortSignal) => Promise<import("couchdb-scheduler").Client>} connect its client; the signal ends the wait for
 *   a password, default: `interrupted`
 * @property {readonly Command[]} commands
 */

/** @type {Record<string, Option>} */
export const HELP = { help: { short: "h", help: "show this text" } };

/** @type {Record<string, Option>} */
export const SERVER = {
  url: { kind: text("URL"), short: "u", help: "URL of CouchDB; default: $COUCHDB_URL, $COUCH_URL, $CLOUDANT_URL" },
  server: { kind: text("NAME"), help: "server of config.json" },
  user: { kind: text("NAME"), help: "user name; default: that of the URL, $COUCHDB_USER" },
  "password-file": { kind: text("FILE"), help: "file with the password; default: $COUCHDB_PASSWORD" },
  "password-stdin": { help: "read the password from standard input" },
};

/** @type {Record<string, Option>} */
export const COLOUR = {
  color: { kind: oneOf(["auto", "always", "never"]), help: "colors; default: on a terminal, unless $NO_COLOR" },
};

/** @type {Record<string, Option>} */
export const DATABASE = {
  database: { kind: text("NAME"), short: "d", help: "replicator database; default: _replicator" },
};

/** What metrics are about. @type {Record<string, Option>} */
export const METRICS = {
  database: {
    kind: text("NAME"),
    short: "d",
    many: true,
    help: "replicator database, several times, or all; default: _replicator",
  },
  "per-replication": {
    kind: oneOf(["none", "unhealthy", "all"]),
    help: "replications with metrics of their own; default: none",
  },
  "max-series": { kind: count(0), help: "maximum number of these metrics; default: 2000" },
  lag: { help: "with --per-replication: how far behind they are, too, which costs more requests" },
};

/** For what can be summed up over all databases. @type {Record<string, Option>} */
export const DATABASES = {
  database: { kind: text("NAME"), short: "d", help: "replicator database, or all; default: _replicator" },
};

/** @type {Record<string, Option>} */
export const STORED = {
  stored: { help: "ask other servers, too, with the credentials in the replication documents" },
};

/** The option of the API for `--stored`. @param {Record<string, any>} options */
export const endpointsOf = ({ stored }) => (stored ? /** @type {const} */ ("stored") : undefined);

/** @type {Record<string, Option>} */
export const WRITES = {
  "dry-run": { help: "show what would be sent, credentials masked, and send nothing" },
  yes: { short: "y", help: "do not ask; needed where nobody can be asked" },
};

/** @type {Record<string, Option>} */
export const TIMEOUT = {
  timeout: { kind: duration, short: "t", help: "longest wait, such as 30s, 5m or 1h; default: no limit" },
};

/** All options of a command, in the order of its help. @param {Command} command @returns {Record<string, Option>} */
export function optionsOf(command) {
  const json = { kind: text("FIELDS"), help: "JSON, with all fields or those that are named" };
  const plain = { help: `separated by tabs: ${command.plain}` };
  return {
    ...command.options,
    ...(command.fields ? { json } : {}),
    ...(command.plain ? { plain } : {}),
    ...(command.isLocal ? {} : COLOUR),
    ...(command.isLocal ? {} : { ...SERVER, ...(command.options.server && { server: command.options.server }) }),
    ...HELP,
  };
}
