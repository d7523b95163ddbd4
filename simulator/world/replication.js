// @ts-check
/**
 * Reads a replication document: whether CouchDB would accept it, its endpoints as rows show them, and the
 * replication id.
 */
import { hex } from "./hash.js";

/** @typedef {import("./database.js").Json} Json */

/** The states that CouchDB writes into the document, and that are final. */
const TERMINAL = new Set(["completed", "failed"]);

/** @param {Json} body */
export function isTerminal(body) {
  return TERMINAL.has(body._replication_state);
}

/**
 * Returns why CouchDB refuses to store this document (403), or null.
 * @param {Json} body
 * @returns {string | null}
 */
export function refusal(body) {
  if (body._replication_state === "failed") return null;
  return badProxies(body) ?? badOption(body) ?? badEndpoint(body.source) ?? badEndpoint(body.target) ?? badFilter(body);
}

/** @param {Json} body */
function badProxies({ proxy, source_proxy, target_proxy }) {
  if (proxy && source_proxy) return thrown('"`proxy` is mutually exclusive with `source_proxy`"');
  if (proxy && target_proxy) return thrown('"`proxy` is mutually exclusive with `target_proxy`"');
  return null;
}

/** @type {[string, string, (value: any) => boolean][]} */
const OPTION_TYPES = [
  ...["cancel", "create_target", "winning_revs_only", "continuous", "use_bulk_get"].map(
    (name) =>
      /** @type {[string, string, (value: any) => boolean]} */ ([
        name,
        "a boolean",
        (value) => typeof value === "boolean",
      ]),
  ),
  ["create_target_params", "a JSON object", isObject],
  ["query_params", "an object", isObject],
  ["selector", "a JSON object", isObject],
  ["doc_ids", "an array", (value) => value === null || Array.isArray(value)],
];

/** @param {Json} body */
function badOption(body) {
  for (const [name, type, isRight] of OPTION_TYPES) {
    if (name in body && !isRight(body[name])) return thrown(`<<"parameter \`${name}\` must be ${type}">>`);
  }
  const choices = ["doc_ids", "filter", "selector"].filter((name) => name in body && body[name] !== null);
  return choices.length > 1 ? thrown('"`doc_ids`,`filter`,`selector` are mutually exclusive"') : null;
}

/** @param {any} endpoint */
function badEndpoint(endpoint) {
  if (endpoint === undefined) return "Missing replicator database";
  if (typeof endpoint === "string" && !/^https?:\/\//.test(endpoint)) return "local_endpoints_not_supported";
  return USABLE_URL.test(urlText(endpoint)) ? null : "endpoint has an invalid url";
}

/** @param {Json} body */
function badFilter({ filter }) {
  if (filter === undefined || filter === null || String(filter).startsWith("_")) return null;
  return /^[^/]+\/[^/]+$/.test(filter) ? null : "Invalid filter. Must match `ddocname/filtername`.";
}

/**
 * An Erlang exception as text, with a line break if the line is too long.
 * @param {string} term
 */
function thrown(term) {
  const text = `{throw,{bad_request,${term}}}`;
  return text.length <= 80 ? text : text.replace(",", ",\n    ");
}

/** @param {any} value @returns {value is Json} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Scheme, user info, host, port. Lists show two URLs per row, and `new URL` would take most of their time. */
const USABLE_URL = /^https?:\/\/(?:[^/?#@]*@)?(?:\[[\da-f:.]+\]|[^/?#:@\s]+)(?::\d+)?(?:[/?#]|$)/i;

/** @param {any} endpoint a URL, or `{ url, headers, auth }` */
function urlText(endpoint) {
  return String(isObject(endpoint) ? endpoint.url : endpoint);
}

/** @param {any} endpoint @returns {URL | null} null if CouchDB cannot use it */
export function parseUrl(endpoint) {
  const text = urlText(endpoint);
  return USABLE_URL.test(text) ? new URL(text) : null;
}

/**
 * Returns the credentials of a replication at this endpoint.
 * @param {any} endpoint
 * @returns {{ user: string, password: string } | null}
 */
export function credentialsOf(endpoint) {
  const basic = endpoint?.auth?.basic;
  if (basic) return { user: basic.username, password: basic.password };
  const url = parseUrl(endpoint);
  // A user without a password is none.
  if (url && /^[^/]+\/\/[^/?#@]*:[^/?#]*@/.test(urlText(endpoint)))
    return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  const header = Object.entries(endpoint?.headers ?? {}).find(([name]) => name.toLowerCase() === "authorization");
  const encoded = /^Basic (.+)$/i.exec(String(header?.[1] ?? ""))?.[1];
  if (!encoded || !isBase64(encoded.trim())) return null;
  const [user, ...password] = atob(encoded).split(":");
  return password.length > 0 ? { user, password: password.join(":") } : null;
}

/** @param {string} text */
const isBase64 = (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0;

/**
 * An endpoint as CouchDB shows it: without credentials (CouchDB does not recognize those in a query string), with a
 * slash at the end.
 * @param {any} endpoint
 * @returns {string | null}
 */
export function shownEndpoint(endpoint) {
  if (typeof endpoint === "string" && !/^https?:\/\//.test(endpoint)) return endpoint;
  if (!USABLE_URL.test(urlText(endpoint))) return null;
  const text = urlText(endpoint).replace(/^(https?:\/\/)[^/?#]*@/, "$1");
  return text.includes("?") || text.endsWith("/") ? text : `${text}/`;
}

/** @param {string | undefined} proxy */
export function shownProxy(proxy) {
  return proxy ? proxy.replace(/(https?|socks5):\/\/([^:]+):[^@]+@(.*)$/, "$1://$2:*****@$3") : null;
}

/**
 * What identifies an end: its address and who asks, but not the password.
 * @param {any} endpoint
 */
export function identityOf(endpoint) {
  const parts = ADDRESS.exec(urlText(endpoint));
  if (!parts) return [shownEndpoint(endpoint)];
  // CouchDB takes the host as it is written, upper case included.
  const [, scheme, userInfo, host, port = "", path = "", query = ""] = parts;
  const isDefault = DEFAULT_PORTS[scheme.toLowerCase()].includes(port);
  // CouchDB does not decode the name in the URL.
  const named = userInfo?.includes(":") ? userInfo.split(":")[0] : undefined;
  const user = endpoint?.auth?.basic?.username ?? named ?? (isObject(endpoint) ? credentialsOf(endpoint)?.user : null);
  return [
    host,
    isDefault ? "" : Number(port),
    path.replace(/\/$/, "") + query,
    user ?? null,
    identifyingHeaders(endpoint),
  ];
}

/** Scheme, user info, host, port, path, query. Faster than `URL`. */
const ADDRESS = /^(https?):\/\/(?:([^/?#@]*)@)?(\[[^\]]+\]|[^/?#:@\s]+)(?::(\d+))?(\/[^?#]*)?(\?[^#]*)?/i;

/** @type {Record<string, string[]>} */
const DEFAULT_PORTS = { http: ["", "80", "5984"], https: ["", "443"] };

/** @param {any} endpoint */
function identifyingHeaders(endpoint) {
  if (!isObject(endpoint) || !endpoint.headers) return [];
  return Object.entries(endpoint.headers)
    .filter(([name, value]) => !(name.toLowerCase() === "authorization" && /^basic /i.test(String(value))))
    .filter(([name, value]) => !(name === "Accept" && value === "application/json"))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The same replication has the same id in every document.
 * @param {Json} body @param {string} [code] of its filter, where the source has it
 */
export function replicationId(body, code) {
  const ends = [identityOf(body.source), identityOf(body.target)];
  const base = hex(JSON.stringify([...ends, isPartial(body) ? choiceOf(body, code) : null]));
  return base + (body.continuous ? "+continuous" : "") + (body.create_target ? "+create_target" : "");
}

/** @param {Json} body */
function isPartial({ filter, selector, doc_ids, since_seq, winning_revs_only }) {
  return [filter, selector, doc_ids, since_seq, winning_revs_only].some((option) => option !== undefined);
}

/** What of its source a replication copies. @param {Json} body @param {string} [code] */
function choiceOf({ filter, query_params, doc_ids, selector, since_seq, winning_revs_only }, code) {
  const choice = {
    filter: filter ? [(code ?? filter).trim(), query_params ?? {}] : undefined,
    // An empty selector, `since_seq: null` and an empty list of ids count.
    selector,
    since_seq,
    doc_ids: doc_ids ? [...new Set(doc_ids.map(decoded))].sort() : undefined,
    winning_revs_only: winning_revs_only === true || undefined,
  };
  return Object.values(choice).every((option) => option === undefined) ? null : choice;
}

/** @param {any} id */
function decoded(id) {
  try {
    return decodeURIComponent(String(id).replaceAll("+", " "));
  } catch {
    return String(id);
  }
}

/** Whether the state in a document is one that CouchDB does not know: its document processor dies of it. @param {Json} body */
export function isPoisoned(body) {
  return "_replication_state" in body && !KNOWN_STATES.has(body._replication_state);
}

const KNOWN_STATES = new Set(["triggered", "error", "completed", "failed"]);

/**
 * The document as shown to a reader who is neither its owner nor an admin.
 * @param {Json} body
 */
export function withoutCredentials(body) {
  return { ...body, source: strip(body.source), target: strip(body.target) };
}

/** @param {any} endpoint */
function strip(endpoint) {
  if (typeof endpoint === "string") return endpoint.replace(/http(s)?:\/\/(?:[^:]+):[^@]+@(.*)$/, "http$1://$2");
  if (!isObject(endpoint)) return endpoint;
  const { headers: _headers, auth: _auth, ...rest } = endpoint;
  return rest;
}
