// @ts-check
// The servers that the page knows: those that its operator has configured, and those that the user has added.

/** Maximum number of servers. */
export const MAX_SERVERS = 100;
const MAX_NAME = 100;
const FIELDS = ["name", "url", "writes", "api"];

/**
 * @typedef {object} Server
 * @property {string} name unique
 * @property {string} url without credentials, and unique
 * @property {"password" | "session" | "none"} how to log in
 * @property {string} username empty: none
 * @property {boolean | null} writes whether the server of this page forwards write requests to it; null: unknown
 * @property {string | null} api URL of the answers that the server of this page has itself; null: it has none
 * @property {boolean} isRemembered by the browser, without its password
 * @property {boolean} isConfigured by the operator of the page, so the user cannot remove it
 */

/**
 * Reads the servers of `config.json`. Wrong entries are left out.
 *
 * @param {any} config
 * @param {string} base URL of the page
 * @returns {{ servers: Server[], faults: string[] }} faults: for the operator
 */
export function configuredServers(config, base) {
  /** @type {Server[]} */
  const servers = [];
  /** @type {string[]} */
  const faults = [];
  const { url, writes, api, servers: list = [] } = isObject(config) ? config : {};
  const entries = Array.isArray(list) ? list : [];
  if (entries !== list) faults.push("config.json: servers must be a list.");
  if (entries.length > MAX_SERVERS) {
    faults.push(`config.json: only the first ${MAX_SERVERS} of ${entries.length} servers are shown.`);
  }
  const all = entries
    .slice(0, MAX_SERVERS)
    .map((entry, at) => /** @type {[string, any]} */ ([`servers[${at}]`, entry]));
  if (typeof url === "string") all.unshift(["url", { url, writes, api }]);
  for (const [where, entry] of all) {
    const fault = faultOf(entry, base, servers);
    if (fault) faults.push(`config.json: ${where} ${fault}`);
    if (fault && !fault.startsWith("has an unknown")) continue;
    const address = new URL(entry.url, base);
    servers.push({
      name: entry.name ?? freeName(nameOfUrl(address), servers),
      url: bare(address),
      how: "none",
      username: "",
      writes: typeof entry.writes === "boolean" ? entry.writes : null,
      api: typeof entry.api === "string" ? new URL(entry.api, base).href : null,
      isRemembered: false,
      isConfigured: true,
    });
  }
  return { servers, faults };
}

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Never quotes a URL, which can have a password. @param {any} entry @param {string} base @param {Server[]} servers the preceding ones */
function faultOf(entry, base, servers) {
  if (!isObject(entry)) return 'must be { "name": "…", "url": "…" }.';
  const { name, url, writes, api } = entry;
  if (typeof url !== "string" || !URL.canParse(url, base)) return "has no valid url.";
  const address = new URL(url, base);
  if (!/^https?:$/.test(address.protocol)) return "has a url that does not begin with http:// or https://.";
  if (address.username || address.password) return "has a url with credentials, which the page does not use.";
  if (servers.some((server) => server.url === bare(address))) return "has the url of another server.";
  if (name !== undefined && (typeof name !== "string" || name.trim() === "" || name.length > MAX_NAME)) {
    return `has a name that is not a text of 1 to ${MAX_NAME} characters.`;
  }
  if (servers.some((server) => server.name === name)) return "has the name of another server.";
  if (writes !== undefined && typeof writes !== "boolean")
    return "has a value of writes that is neither true nor false.";
  if (api !== undefined && (typeof api !== "string" || !URL.canParse(api, base))) return "has no valid api.";
  // It receives the credentials for the server.
  if (api !== undefined && new URL(api, base).origin !== address.origin) {
    return "has an api of another origin than that of its url.";
  }
  const unknown = Object.keys(entry).find((field) => !FIELDS.includes(field));
  return unknown === undefined ? null : `has an unknown field "${unknown.slice(0, 40)}".`;
}

/** The URL as clients have it. @param {URL} url */
const bare = ({ origin, pathname }) => origin + pathname.replace(/\/+$/, "");

/** The shortest that says which one it is. @param {URL} url */
const nameOfUrl = ({ host, pathname }) => host + pathname.replace(/\/+$/, "");

/** @param {string} name @param {readonly Server[]} servers */
function freeName(name, servers) {
  for (let at = 1; ; at++) {
    const free = at === 1 ? name : `${name} (${at})`;
    if (!servers.some((server) => server.name === free)) return free;
  }
}

/**
 * Adds a server of the user, or notes how the user logs in to a known one.
 *
 * @param {readonly Server[]} servers
 * @param {Pick<Server, "url" | "how" | "username" | "isRemembered">} login
 * @returns {readonly Server[]} unchanged if there are too many
 */
export function withServer(servers, { url, how, username, isRemembered }) {
  const address = bare(new URL(url));
  const known = servers.find((server) => server.url === address);
  if (known) return servers.map((server) => (server === known ? { ...known, how, username, isRemembered } : server));
  if (servers.length >= MAX_SERVERS) return servers;
  const name = freeName(nameOfUrl(new URL(url)), servers);
  return [
    ...servers,
    { name, url: address, how, username, writes: null, api: null, isRemembered, isConfigured: false },
  ];
}

/** What may be stored: without the operator's, and without secrets. @param {readonly Server[]} servers */
export const toStore = (servers) =>
  servers
    .filter(({ isRemembered, isConfigured }) => isRemembered && !isConfigured)
    .map(({ url, how, username }) => ({ url, how, username }));

/** Anything may be in the storage. @param {readonly Server[]} servers @param {unknown} stored @returns {readonly Server[]} */
export function withStored(servers, stored) {
  for (const entry of Array.isArray(stored) ? stored : []) {
    const { url, how, username } = isObject(entry) ? entry : {};
    // Others would be no address of a client.
    if (typeof url !== "string" || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) continue;
    if (servers.some((server) => server.url === bare(new URL(url)))) continue;
    servers = withServer(servers, {
      url,
      how: how === "session" || how === "none" ? how : "password",
      username: typeof username === "string" ? username : "",
      isRemembered: true,
    });
  }
  return servers;
}
