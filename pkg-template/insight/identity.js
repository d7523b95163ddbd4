// @ts-check
// What of a replication document makes the id of its replication, and so where its checkpoints are. With another id, CouchDB
// begins from the beginning. Where only CouchDB can tell, such as for the code of a filter, a difference counts as another id.

import { isObject, isText } from "../runtime/checks.js";
import { attempt } from "../runtime/http.js";
import { segment } from "./call.js";
import { membersOf, valueText } from "./json-text.js";

/** Ports that are one with the default, and are not part of the id. @type {Record<string, number[]>} */
const DEFAULT_PORTS = { http: [80, 5984], https: [443] };

/**
 * Names what gives an edited document another replication id.
 *
 * @param {string} before the text of a replication document
 * @param {string} after
 * @returns {string[]} fields, as CouchDB calls them; empty if the id stays the same
 */
export function rewindsOf(before, after) {
  const [old, edited] = [identityOf(before), identityOf(after)];
  return Object.keys(old).filter((name) => old[name] !== edited[name]);
}

/** @param {string} text @returns {Record<string, string | undefined>} */
function identityOf(text) {
  const document = JSON.parse(text);
  const { filter, doc_ids, winning_revs_only } = document;
  const isIds = Array.isArray(doc_ids);
  return {
    ...endOf("source", document.source),
    ...endOf("target", document.target),
    filter: normalized(valueText(text, "filter")),
    query_params: isText(filter) ? (normalized(valueText(text, "query_params")) ?? "{}") : undefined,
    selector: selectorOf(valueText(text, "selector")),
    doc_ids: isIds ? JSON.stringify([...new Set(doc_ids.map(unquoted))].sort()) : undefined,
    since_seq: normalized(valueText(text, "since_seq")),
    winning_revs_only: winning_revs_only === true ? "true" : undefined,
  };
}

/** @param {string} name @param {any} end a URL, or an object with one */
function endOf(name, end) {
  const { url, headers, auth } = isObject(end) ? end : /** @type {any} */ ({ url: end });
  const [, scheme, named, host, port, path = ""] = ADDRESS.exec(String(url)) ?? [];
  const shownPort = port && !DEFAULT_PORTS[scheme].includes(Number(port)) ? String(Number(port)) : "";
  const address = [host, shownPort, /\/$|\?/.test(path) ? path : `${path}/`].join("|");
  const { user, others } = headersOf(headers);
  // The order in which CouchDB takes them. A user without a password does not count.
  const users = [bytesOf(auth?.basic?.username), bytesOf(named), user];
  return {
    [`${name}.url`]: host === undefined ? String(url) : address,
    [`${name}.auth`]: users.find((found) => found !== undefined),
    [`${name}.headers`]: JSON.stringify(others),
  };
}

/** Scheme, user with a password, host, port, path and query. CouchDB does not decode the user. */
const ADDRESS = /^(https?):\/\/(?:(?:([^/?#:]*):)?[^/?#]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d+))?([/?].*)?$/;

/** The user of HTTP Basic, and the headers that count. @param {any} headers */
function headersOf(headers) {
  /** @type {string | undefined} */
  let user;
  const others = Object.entries(isObject(headers) ? headers : {}).filter(([name, value]) => {
    if (name === "Accept" && value === "application/json") return false;
    const [, encoded] = name.toLowerCase() === "authorization" ? (/^basic\s+(\S+)$/i.exec(String(value)) ?? []) : [];
    if (encoded === undefined) return true;
    const decoded = attempt(() => atob(encoded));
    user ??= decoded?.includes(":") ? decoded.slice(0, decoded.indexOf(":")) : undefined;
    return false;
  });
  return { user, others: others.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** JSON without white space, with the order of keys and the numbers as they are. @param {string | undefined} text */
function normalized(text) {
  return text?.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|\s+/g, (part) =>
    part[0] === '"' ? JSON.stringify(JSON.parse(part)) : "",
  );
}

/** `{"t":"x"}` means `{"t":{"$eq":"x"}}`. @param {string | undefined} text */
function selectorOf(text) {
  if (!text?.startsWith("{")) return text;
  return membersOf(text)
    .map(({ key, value, end }) => {
      const condition = normalized(text.slice(value, end)) ?? "";
      const isValue = !key.startsWith("$") && !condition.startsWith("{");
      return `${JSON.stringify(key)}:${isValue ? `{"$eq":${condition}}` : condition}`;
    })
    .join();
}

/** The bytes of a text, each as a character. @param {string} text */
const bytes = (text) => decodedBytes(segment(text));

/** @param {unknown} value */
const bytesOf = (value) => (typeof value === "string" ? bytes(value) : undefined);

/** @param {string} text */
const decodedBytes = (text) =>
  text.replace(/%[\da-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));

/** An id of `doc_ids` as CouchDB decodes it: as a part of a query. @param {unknown} id */
const unquoted = (id) => decodedBytes(bytes(String(id).replaceAll("+", " ")));
