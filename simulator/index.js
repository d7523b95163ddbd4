// @ts-check
/**
 * CouchDB's scheduler API on its own clock, for the demo, the tests and the benchmarks.
 *
 *     const simulator = createSimulator({ docs: 1000, seed: 1 });
 *     const scheduler = new Scheduler("http://couch.test", { fetch: simulator.fetch, auth: { username: "admin", password: "pass" } });
 *     simulator.clock.advance(60_000);        // a minute passes
 *     simulator.fail({ path: "/_scheduler/jobs", status: 503 });
 *     simulator.requests;                     // the requests so far, and how many rows each produced
 *
 * Nothing here needs Node: `protocol/server.js` puts a simulator on a port.
 */
import { Auth } from "./protocol/auth.js";
import { damaged, Faults, replacement } from "./protocol/faults.js";
import { asFetch } from "./protocol/fetch.js";
import { accepts, commonHeaders, corsHeaders, errorReply, HttpError, isChunked, preflight } from "./protocol/http.js";
import { Prepared } from "./protocol/prepared.js";
import { route } from "./protocol/routes.js";
import { Clock } from "./world/clock.js";
import { populate } from "./world/demo.js";
import { Fleet } from "./world/fleet.js";
import { Provoke } from "./world/provoke.js";

/**
 * @typedef {import("./protocol/http.js").SimRequest} SimRequest
 * @typedef {import("./protocol/http.js").Reply} Reply
 *
 * @typedef {object} SimulatorOptions
 * @property {number} [docs] number of documents in the demo fleet; default 0: an empty server
 * @property {number} [seed] the same seed gives the same fleet and events; default 1
 * @property {{ start?: number | string | Date, speed?: number }} [clock] default: stands still until advanced
 * @property {number} [shards] number per database (CouchDB's `q`); default 2
 * @property {string[]} [nodes] of the cluster; default `["couchdb@127.0.0.1"]`
 * @property {number} [maxJobs] maximum number of running jobs; default 500, or slightly less than a demo fleet needs
 * @property {number} [maxChurn] maximum number of jobs exchanged in each interval; default 20
 * @property {number} [interval] of the scheduler in ms; default 60 000
 * @property {Record<string, string>} [admins] passwords by name; default `{ admin: "pass" }`
 * @property {Record<string, string>} [users] passwords of users who are not admins, by name
 * @property {Record<string, string[]>} [roles] of users by name, e.g. `["_metrics"]`
 * @property {boolean} [requireValidUser] whether every request needs credentials
 * @property {number} [sessionSeconds] lifetime of a cookie; default 600
 * @property {number} [lockoutSeconds] length of the lock-out after five wrong passwords; default 300
 * @property {number} [chunkBytes] size of the chunks of a list; default 1490, as in CouchDB
 *
 * @typedef {object} LoggedRequest
 * @property {string} method
 * @property {string} path with the query
 * @property {Headers} headers as they were sent
 * @property {number} status 0 before the response, and if the connection was reset
 * @property {number} rows rows produced so far: a list produces them while it is read
 */

/** Limits the log, so that a server that runs for days does not fill the memory. */
const REQUESTS_KEPT = 10_000;

/** @param {SimulatorOptions} [options] */
export function createSimulator(options = {}) {
  const {
    docs = 0,
    seed = 1,
    shards = 2,
    nodes = ["couchdb@127.0.0.1"],
    maxChurn = 20,
    interval = 60_000,
    chunkBytes = 1490,
  } = options;
  if (!Number.isInteger(shards) || shards < 1 || shards > 8) throw new RangeError("shards must be 1 to 8");
  const clock = new Clock(options.clock);
  const auth = new Auth({
    clock,
    seed,
    admins: options.admins ?? { admin: "pass" },
    users: options.users ?? {},
    roles: options.roles ?? {},
    requireValidUser: options.requireValidUser ?? false,
    sessionSeconds: options.sessionSeconds ?? 600,
    lockoutSeconds: options.lockoutSeconds ?? 300,
  });
  const userOf = (/** @type {string} */ name, /** @type {string} */ password) => auth.userOf(name, password);
  const fleet = new Fleet({ clock, seed, shards, nodes, maxJobs: options.maxJobs ?? 500, maxChurn, interval, userOf });
  if (docs > 0) {
    const maxJobs = populate(fleet, { docs, seed });
    fleet.scheduler.pool.defaults.maxJobs = options.maxJobs ?? Math.max(1, Math.floor(maxJobs / nodes.length));
  }

  const faults = new Faults();
  /** @type {LoggedRequest[]} */
  const requests = [];
  /** @type {Prepared | null} */
  let prepared = null;
  let count = 0;

  /** @param {SimRequest} request @returns {Promise<Reply>} */
  async function handle(request) {
    const logged = {
      method: request.method,
      path: request.url.pathname + request.url.search,
      headers: request.headers,
      status: 0,
      rows: 0,
    };
    requests.push(logged);
    if (requests.length > REQUESTS_KEPT) requests.shift();
    const fault = faults.take(request);
    if (fault?.delay) await clock.sleep(fault.delay);
    const onRow = (rows = 1) => {
      logged.rows += rows;
    };
    const reply = (fault && replacement(fault)) ?? (await answer(request, onRow));
    logged.status = reply.status;
    return fault ? damaged(fault, reply) : reply;
  }

  /** @param {SimRequest} request @param {(rows?: number) => void} onRow @returns {Promise<Reply>} */
  async function answer(request, onRow) {
    fleet.scheduler.settle();
    const common = commonHeaders(clock.now(), ++count);
    const granted = preflight(request);
    if (granted) return { ...granted, headers: [...granted.headers, ...common] };
    let reply;
    /** @type {[string, string][]} */
    const renewal = [];
    try {
      const user = auth.authenticate(request);
      if (user.renewal) renewal.push(["Set-Cookie", user.renewal]);
      reply = await route({ fleet, auth, user, request, chunkBytes, onRow, prepared });
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      reply = unauthorizedReply(error, request, auth.requireValidUser) ?? errorReply(error);
    }
    const headers = [
      ...corsHeaders(request),
      /** @type {[string, string]} */ (["Cache-Control", "must-revalidate"]),
      ...reply.headers,
      ...renewal,
      ...common,
    ];
    if (!reply.headers.some(([name]) => name === "Content-Type")) headers.push(["Content-Type", "application/json"]);
    // CouchDB does not produce a list to report its length.
    return { ...reply, headers, body: request.method === "HEAD" && isChunked(reply.body) ? "" : reply.body };
  }

  return {
    /** Replaces the global `fetch`; accepts any host and port. */
    fetch: asFetch(handle),
    /** One exchange without a `Request` or `Response`: for servers. */
    handle,
    clock,
    /** The databases and replications; `fleet.loadVerbatim` loads rows that never change. */
    fleet,
    /** Makes responses fail; returns a function that removes the rule. */
    fail: (/** @type {import("./protocol/faults.js").Fault} */ rule) => faults.add(rule),
    /** Removes all rules of `fail`. */
    heal: () => faults.clear(),
    /** Troubles of replications and nodes, one method each. */
    provoke: new Provoke(fleet),
    /** The latest 10,000 requests, oldest first. */
    requests,
    /** The server restarts: for five seconds it knows only terminal states. */
    restart() {
      fleet.scheduler.settle();
      fleet.restart();
    },
    /** Renders all lists once, and serves them from memory from then on: for benchmarks. */
    prepare() {
      fleet.scheduler.settle();
      prepared = new Prepared(fleet);
    },
  };
}

/** @typedef {ReturnType<typeof createSimulator>} Simulator */

/**
 * Redirects an unauthorized browser to a login page, unless the server requests a password itself.
 * @param {HttpError} error @param {SimRequest} request @param {boolean} asksForPassword
 * @returns {Reply | null}
 */
function unauthorizedReply(error, { url, headers }, asksForPassword) {
  // A failed login has its own response, with a cookie.
  if (error.status !== 401 || error.headers.length > 0) return null;
  if (asksForPassword) {
    return errorReply(new HttpError(401, error.error, error.reason, [["WWW-Authenticate", 'Basic realm="server"']]));
  }
  const accept = headers.get("accept");
  if (accepts(accept, "application/json") || !accepts(accept, "text/html")) return null;
  const query = `return=${encodeURIComponent(url.pathname)}&reason=${encodeURIComponent(error.reason ?? "")}`;
  return { ...errorReply(error), status: 302, headers: [["Location", `${url.origin}/_utils/session.html?${query}`]] };
}
