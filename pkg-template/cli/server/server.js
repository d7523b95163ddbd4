// @ts-check
// Which server a command asks, and as whom.

import { Client } from "couchdb-scheduler";
import { UsageError } from "../usage-error.js";
import { namedServer } from "./config.js";
import { passwordFromFile, passwordFromStdin } from "./password.js";

/**
 * @typedef {import("couchdb-scheduler").Auth} Auth
 *
 * @typedef {object} Server
 * @property {string} url may contain user info, which the `Client` then uses
 * @property {Auth | undefined} auth takes precedence
 */

const NO_SERVER = `No server is named. Set COUCHDB_URL, or use --url or --server:
  COUCHDB_URL=http://admin:PASSWORD@127.0.0.1:5984 couchdb-scheduler …
  couchdb-scheduler … --url http://127.0.0.1:5984 --user admin --password-file FILE`;

/**
 * User name and password in a URL. Null if it has none, or is not a URL: the `Client` explains that.
 *
 * @param {string} text
 */
export function userInfoOf(text) {
  try {
    const url = new URL(text);
    const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    if (username === "" && password === "") return null;
    url.username = "";
    url.password = "";
    return { username, password, bare: url.href };
  } catch {
    return null;
  }
}

/** Refuses a password in an argument. @param {string} url @param {string} option @param {string} remedy */
export function refusePassword(url, option, remedy) {
  // Also in what is not a valid URL, or lacks its beginning.
  if (!userInfoOf(url)?.password && !/^(?:[^/?#]*\/\/)?[^/?#@:]*:(?!\/\/)[^@]*@/.test(url)) return;
  throw new UsageError(`${option} contains a password, and every user of this machine can see arguments. ${remedy}`);
}

/** @typedef {{ url: string, from: string, isCloudant?: boolean, named?: import("./config.js").NamedServer }} Place */

/** A wrong URL is said by where it is from. @param {string} url @param {string} from */
function checkUrl(url, from) {
  try {
    new Client(url).free();
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    const inOurWords = message
      .replace(/^new Client: url/, from)
      .replace("the `database` option of each call", "--database")
      .replace("or give it as `auth`", "or give it by COUCHDB_PASSWORD or --password-file");
    throw new UsageError(inOurWords);
  }
}

/** @param {Record<string, any>} options @param {NodeJS.ProcessEnv} env @returns {Place} */
function placeOf(options, env) {
  // A list where it can be given several times.
  const [server] = [options.server].flat();
  if (options.url !== undefined && server !== undefined) throw new UsageError("--url and --server exclude each other");
  if (server !== undefined) {
    const named = namedServer(server, env);
    return { url: named.url, from: `The url of the server ${server}`, named };
  }
  if (options.url !== undefined) {
    refusePassword(
      options.url,
      "--url",
      "Put the URL into COUCHDB_URL, or use --user with --password-file or --password-stdin.",
    );
    return { url: options.url, from: "--url" };
  }
  for (const from of ["COUCHDB_URL", "COUCH_URL", "CLOUDANT_URL"]) {
    const url = env[from];
    if (url) return { url, from, isCloudant: from === "CLOUDANT_URL" };
  }
  throw new UsageError(NO_SERVER);
}

/**
 * The password that options name.
 *
 * @param {Record<string, any>} options
 * @param {NodeJS.ReadStream} stdin
 * @param {AbortSignal} signal
 */
async function givenPassword(options, stdin, signal) {
  const file = options["password-file"];
  if (file !== undefined && options["password-stdin"]) {
    throw new UsageError("--password-file and --password-stdin exclude each other");
  }
  if (file !== undefined) return passwordFromFile(file, "--password-file");
  return options["password-stdin"] ? passwordFromStdin(stdin, signal) : undefined;
}

/**
 * Options come first, then the URL or the named server, then the environment, whose user and password are not for named
 * servers.
 *
 * @param {Record<string, any>} options
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.ReadStream} stdin
 * @param {AbortSignal} signal ends the wait for standard input
 * @returns {Promise<Server>}
 */
export async function findServer(options, env, stdin, signal) {
  const { url, from, named, isCloudant } = placeOf(options, env);
  checkUrl(url, from);
  const password = await givenPassword(options, stdin, signal);
  const inUrl = userInfoOf(url);
  const bare = inUrl?.bare ?? url;
  if (named?.iam_api_key !== undefined && password === undefined) {
    return { url: bare, auth: { type: "iam", apiKey: named.iam_api_key } };
  }
  if (isCloudant && env.CLOUDANT_IAM_API_KEY && password === undefined) {
    return { url: bare, auth: { type: "iam", apiKey: env.CLOUDANT_IAM_API_KEY } };
  }
  const file = password === undefined ? named?.password_file : undefined;
  const stored = file === undefined ? named?.password : passwordFromFile(file, "password_file");
  const sources = [
    { user: inUrl?.username, password: inUrl?.password },
    named ? { user: named.user, password: stored } : { user: env.COUCHDB_USER, password: env.COUCHDB_PASSWORD },
  ];
  const username = options.user ?? sources.find(({ user }) => user)?.user;
  // A password is for its own user only.
  const fitting = sources.find((source) => source.password && (!source.user || source.user === username));
  const secret = password ?? fitting?.password;
  if (username === undefined && secret === undefined) return { url: bare, auth: undefined };
  if (username === undefined)
    throw new UsageError("A password is given, but no user name: use --user NAME, or COUCHDB_USER");
  if (secret === undefined) {
    throw new UsageError(
      "A user name is given, but no password: use --password-file or --password-stdin, or COUCHDB_PASSWORD",
    );
  }
  return { url: bare, auth: { username, password: secret } };
}

/** @param {Server} server @param {typeof globalThis.fetch} [fetch] instead of the platform's; nothing is tried again then */
export const clientOf = ({ url, auth }, fetch) =>
  new Client(url, { ...(auth ? { auth } : {}), ...(fetch ? { fetch, retries: 0 } : {}) });
