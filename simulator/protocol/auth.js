// @ts-check
/**
 * Credentials of a request: Basic, or the cookie of a session. Locks a user out after several wrong passwords.
 */
import { hash32 } from "../world/hash.js";
import { isMember, isServerAdmin } from "../world/security.js";
import { badRequest, HttpError, json, jsonBody, methodNotAllowed } from "./http.js";

/**
 * @typedef {import("./http.js").SimRequest} SimRequest
 * @typedef {import("./http.js").Reply} Reply
 *
 * @typedef {object} UserCtx
 * @property {string | null} name null: anonymous
 * @property {string[]} roles
 * @property {"cookie" | "default"} [by] how the user logged in
 * @property {string} [renewal] a new cookie for the response, because the present one expires soon
 */

const WRONG_PASSWORDS_ALLOWED = 5;
const NOT_ADMIN = "You are not a server admin.";

export class Auth {
  #clock;
  #admins;
  #users;
  #roles;
  #requireValidUser;
  #sessionMs;
  #lockoutMs;
  #secret;
  /** Wrong passwords since `since`. @type {Map<string, { count: number, since: number }>} */
  #failures = new Map();

  /**
   * @param {object} options
   * @param {import("../world/clock.js").Clock} options.clock
   * @param {number} options.seed
   * @param {Record<string, string>} options.admins passwords by name
   * @param {Record<string, string>} options.users passwords of users who are not admins, by name
   * @param {Record<string, string[]>} options.roles of users by name
   * @param {boolean} options.requireValidUser
   * @param {number} options.sessionSeconds
   * @param {number} options.lockoutSeconds
   */
  constructor({ clock, seed, admins, users, roles, requireValidUser, sessionSeconds, lockoutSeconds }) {
    this.#clock = clock;
    this.#secret = seed;
    this.#admins = admins;
    this.#users = users;
    this.#roles = roles;
    this.#requireValidUser = requireValidUser;
    this.#sessionMs = sessionSeconds * 1000;
    this.#lockoutMs = lockoutSeconds * 1000;
  }

  get requireValidUser() {
    return this.#requireValidUser;
  }

  /** @param {string} name @param {string} password @returns {UserCtx | null} null: the password is wrong */
  userOf(name, password) {
    return this.#passwordOf(name) === password ? { name, roles: this.#rolesOf(name) } : null;
  }

  /**
   * @param {SimRequest} request
   * @returns {UserCtx}
   */
  authenticate(request) {
    const user = this.#byCookie(request) ?? this.#byPassword(request) ?? { name: null, roles: [] };
    const isLogin = request.method === "POST" && request.url.pathname === "/_session";
    if (user.name === null && this.#requireValidUser && !isLogin) {
      throw new HttpError(401, "unauthorized", "Authentication required.");
    }
    return user;
  }

  /** @param {SimRequest} request @returns {UserCtx | null} */
  #byPassword({ headers }) {
    const header = headers.get("authorization");
    if (!header || !/^basic /i.test(header)) return null;
    let text;
    try {
      text = new TextDecoder().decode(Uint8Array.from(atob(header.slice(6).trim()), (c) => c.charCodeAt(0)));
    } catch {
      throw Object.assign(new HttpError(500, "unknown_error", "badarg"), { ref: 2650020842 });
    }
    const colon = text.indexOf(":");
    const name = text.slice(0, Math.max(0, colon));
    if (!this.#passwordOf(name)) throw wrongPassword();
    this.#check(name, text.slice(colon + 1));
    return { name, roles: this.#rolesOf(name), by: "default" };
  }

  /** Throws if the password is wrong, or after too many wrong ones. @param {string} name @param {string} password */
  #check(name, password) {
    const failures = this.#failuresOf(name);
    if (failures && failures.count >= WRONG_PASSWORDS_ALLOWED) {
      throw new HttpError(403, "forbidden", "Account is temporarily locked due to multiple authentication failures");
    }
    if (this.#passwordOf(name) === password) return;
    if (failures) failures.count++;
    else this.#failures.set(name, { count: 1, since: this.#clock.now() });
    throw wrongPassword();
  }

  /** @param {string} name */
  #failuresOf(name) {
    const failures = this.#failures.get(name);
    if (!failures || this.#clock.now() - failures.since < this.#lockoutMs) return failures;
    this.#failures.delete(name);
    return undefined;
  }

  /** @param {string} name @returns {string | undefined} */
  #passwordOf(name) {
    if (Object.hasOwn(this.#admins, name)) return this.#admins[name];
    return Object.hasOwn(this.#users, name) ? this.#users[name] : undefined;
  }

  /** @param {string} name */
  #rolesOf(name) {
    return Object.hasOwn(this.#admins, name) ? ["_admin"] : Object.hasOwn(this.#roles, name) ? this.#roles[name] : [];
  }

  // ------------------------------------------------------------------------------ session

  /** `/_session`. @param {SimRequest} request @param {UserCtx} user @returns {Promise<Reply>} */
  async session(request, user) {
    if (request.method === "POST") return this.#logIn(request);
    if (request.method === "DELETE") return json({ ok: true }, 200, [this.#cookieHeader("")]);
    if (request.method !== "GET" && request.method !== "HEAD") throw methodNotAllowed("GET,HEAD,POST,DELETE");
    const info = { authentication_handlers: ["cookie", "default"], ...(user.by && { authenticated: user.by }) };
    return json({ ok: true, userCtx: { name: user.name, roles: user.roles }, info });
  }

  /** @param {SimRequest} request @returns {Promise<Reply>} */
  async #logIn(request) {
    const { name, password } = await loginForm(request);
    try {
      this.#check(name, password);
    } catch (error) {
      if (error instanceof HttpError && error.status === 401) error.headers.push(this.#cookieHeader(""));
      throw error;
    }
    return json({ ok: true, name, roles: this.#rolesOf(name) }, 200, [this.#cookieHeader(this.#cookieFor(name))]);
  }

  /** @param {SimRequest} request @returns {UserCtx | null} */
  #byCookie({ headers }) {
    const cookie = /(?:^|;\s*)AuthSession="?([^;"]*)/.exec(headers.get("cookie") ?? "")?.[1];
    if (!cookie) return null;
    const [name, time] = takeApart(cookie);
    const leftMs = Number.parseInt(time, 16) * 1000 + this.#sessionMs - this.#clock.now();
    if (!(leftMs > 0) || this.#passwordOf(name) === undefined || cookie !== this.#sign(name, time)) return null;
    const renewal = leftMs < this.#sessionMs * 0.9 ? this.#cookieHeader(this.#cookieFor(name))[1] : undefined;
    return { name, roles: this.#rolesOf(name), by: "cookie", renewal };
  }

  /** @param {string} name */
  #cookieFor(name) {
    return this.#sign(
      name,
      Math.floor(this.#clock.now() / 1000)
        .toString(16)
        .toUpperCase(),
    );
  }

  /** The name and the time in clear text, and a signature that only this server can make. @param {string} name @param {string} time */
  #sign(name, time) {
    let signature = "";
    for (let i = 0; i < 8; i++) {
      const word = hash32(`${name}:${time}:${this.#passwordOf(name)}`, hash32(`secret ${i}`, this.#secret));
      for (let shift = 0; shift < 32; shift += 8) signature += String.fromCharCode((word >>> shift) & 255);
    }
    const bytes = String.fromCharCode(...new TextEncoder().encode(`${name}:${time}:`)) + signature;
    return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }

  /** @param {string} value @returns {[string, string]} */
  #cookieHeader(value) {
    const expires = new Date(this.#clock.now() + this.#sessionMs)
      .toUTCString()
      .replace(/^(\w+, \d+) (\w+) (\d+)/, "$1-$2-$3");
    return [
      "Set-Cookie",
      `AuthSession=${value}; Version=1; Expires=${expires}; Max-Age=${this.#sessionMs / 1000}; Path=/; HttpOnly`,
    ];
  }
}

/** @param {UserCtx} user */
export function requireAdmin(user) {
  if (!isServerAdmin(user)) throw new HttpError(401, "unauthorized", NOT_ADMIN);
}

/** @param {UserCtx} user */
export function requireMetrics(user) {
  if (isServerAdmin(user) || user.roles.includes("_metrics")) return;
  throw new HttpError(401, "unauthorized", "You are not a server admin or read-only metrics user");
}

/** @param {UserCtx} user @param {import("../world/database.js").Json} security of the database */
export function requireMember(user, security) {
  if (isMember(user, security)) return;
  if (user.name === null) throw new HttpError(401, "unauthorized", "You are not authorized to access this db.");
  throw new HttpError(403, "forbidden", "You are not allowed to access this db.");
}

function wrongPassword() {
  return new HttpError(401, "unauthorized", "Name or password is incorrect.");
}

/** @param {string} cookie @returns {string[]} */
function takeApart(cookie) {
  try {
    const bytes = Uint8Array.from(atob(cookie.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const parts = new TextDecoder().decode(bytes).split(":");
    if (parts.length >= 3) return parts;
  } catch {
    // Not base64: malformed, too.
  }
  throw badRequest("Malformed AuthSession cookie. Please clear your cookies.");
}

/** @param {SimRequest} request */
async function loginForm(request) {
  const type = request.headers.get("content-type") ?? "";
  const isForm = type.startsWith("application/x-www-form-urlencoded");
  if (!isForm && !type.startsWith("application/json")) {
    throw new HttpError(
      415,
      "bad_content_type",
      "Content-Type must be 'application/x-www-form-urlencoded' or 'application/json'",
    );
  }
  const fields = isForm ? Object.fromEntries(new URLSearchParams(await request.text())) : await jsonBody(request);
  const name = fields.username ?? fields.name;
  if (name === undefined) throw badRequest("request body must contain a username");
  return { name: String(name), password: String(fields.password ?? "") };
}
