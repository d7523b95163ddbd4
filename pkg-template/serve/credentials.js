// @ts-check
// How the server's requests identify themselves to CouchDB: by one identity each, the server's own or, if it has none,
// the visitor's.

import { Client } from "couchdb-scheduler";
import { refusalOf } from "./upstream-errors.js";

/**
 * @typedef {import("couchdb-scheduler").ClientOptions} ClientOptions
 * @typedef {Pick<ClientOptions, "auth" | "headers">} Credentials
 *
 * @typedef {object} Identity
 * @property {string} key equal for the same identity
 * @property {Credentials} credentials
 *
 * @typedef {object} Own credentials of the server
 * @property {() => Promise<Credentials>} get throws a `Refusal` if CouchDB has refused them lately
 * @property {(used: Credentials) => Promise<void>} renew unless that has happened since
 * @property {boolean} isRenewable
 * @property {(refusal: import("./refusal.js").Refusal) => void} refused CouchDB has refused them
 * @property {() => Promise<void>} close ends the session, if there is one
 */

/** CouchDB's cookie. Other cookies of this host name belong to other servers. @param {string} cookie */
const isSession = (cookie) => /^\s*AuthSession=/.test(cookie);

/** @param {import("node:http").IncomingHttpHeaders} headers @returns {Identity} of the visitor */
export function identityOf({ authorization, cookie }) {
  const [, basic] = /^Basic ([A-Za-z0-9+/=]{1,4096})$/i.exec(authorization ?? "") ?? [];
  if (basic !== undefined) {
    const [, username = "", password = ""] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(basic, "base64").toString("utf8")) ?? [];
    if (username !== "") return { key: `basic ${basic}`, credentials: { auth: { username, password } } };
  }
  const session = cookie?.split(";").find(isSession)?.trim();
  return session && /^[\x21-\x7e]{1,4096}$/.test(session)
    ? { key: session, credentials: { headers: { Cookie: session } } }
    : { key: "", credentials: {} };
}

/** Time limit of a login, and of its end when the server ends, in milliseconds. */
const LOGIN_TIMEOUT = 5000;
/** How long refused credentials are not tried again, in milliseconds: five failures within five minutes lock an account. */
const REST = 120_000;

/**
 * The server's own credentials for single requests. A session or an IAM token is obtained once, by a client that is
 * kept; the others need none.
 *
 * @param {string} url
 * @param {ClientOptions} options
 * @param {() => number} now monotonic clock in milliseconds
 * @returns {Own}
 */
export function ownCredentials(url, { auth, headers, fetch = globalThis.fetch }, now) {
  const type = auth && "type" in auth ? auth.type : undefined;
  const isRenewable = type === "session" || type === "iam";
  /** @type {Credentials | null} */
  let held = isRenewable ? null : { auth, headers };
  /** @type {{ until: number, refusal: import("./refusal.js").Refusal } | null} */
  let rest = null;

  /** Notes what identifies a request to CouchDB. @type {typeof globalThis.fetch} */
  const noting = (input, init) => {
    const sent = new Headers(init?.headers);
    const token = /^Bearer (.+)$/.exec(sent.get("authorization") ?? "")?.[1];
    const cookie = sent.get("cookie");
    if (String(input).startsWith(`${url}/`)) {
      if (token) held = { auth: { type: "bearer", token }, headers };
      if (cookie) held = { headers: { ...headers, Cookie: cookie } };
    }
    return fetch(input, init);
  };
  /** @type {Client | null} */
  let keeper = null;
  /** @type {Promise<void> | null} */
  let renewing = null;

  async function logIn() {
    keeper?.free();
    keeper = new Client(url, { auth, headers, fetch: noting, retries: 0, timeout: LOGIN_TIMEOUT });
    try {
      await keeper.session();
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Many requests may find out at the same time that a session has ended. @param {Credentials | null} used */
  async function renew(used) {
    if (held !== used) return;
    renewing ??= logIn().finally(() => {
      renewing = null;
    });
    await renewing;
  }

  const refused = (/** @type {import("./refusal.js").Refusal} */ refusal) => {
    // Those that are not sent meanwhile get the same one: they do not prolong the rest.
    if (refusal !== rest?.refusal) rest = { until: now() + REST, refusal };
  };
  return {
    isRenewable,
    refused,
    renew,
    async get() {
      if (rest !== null && now() < rest.until) throw rest.refusal;
      if (held === null) await renew(null);
      return held ?? {};
    },
    close: async () => keeper?.close().catch(() => {}),
  };
}
