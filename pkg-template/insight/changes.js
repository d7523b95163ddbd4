// @ts-check
// Changes of a replication document, made in its text: what does not change stays as it is, to the byte.

import { isObject } from "../runtime/checks.js";
import { valueText, withMember, withoutMember } from "./json-text.js";
import { isEnded, withoutState } from "./replication-document.js";

/** Fields that CouchDB's replicator does not use. */
const OF_THE_DOCUMENT = ["owner", "user_ctx"];

/**
 * @param {string} text a replication document
 * @param {Record<string, any>} changes as `changesOf` in runtime/new-replication.js returns them: `null` removes a field
 * @param {(name: string) => boolean} isKnown whether CouchDB knows a field
 * @returns {{ text: string, changed: string[] }} the edited document, and the fields that are not the same
 */
export function withChanges(text, changes, isKnown) {
  let edited = text;
  const changed = [];
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    const old = valueText(text, name);
    const next = name === "source" || name === "target" ? withEnd(old ?? "{}", value) : jsonOf(value);
    if (isSame(old, next)) continue;
    changed.push(name);
    edited = next === undefined ? withoutMember(edited, name) : withMember(edited, name, next);
  }
  const isUsed = changed.some((name) => isKnown(name) && !OF_THE_DOCUMENT.includes(name));
  const { _replication_state } = JSON.parse(text);
  // A replication that has ended runs again with its changes, if it is about them.
  const keepsState = !isUsed && isEnded(_replication_state);
  return { text: changed.length === 0 || keepsState ? edited : withoutState(edited), changed };
}

/** @param {any} value @returns {string | undefined} JSON; undefined for null, which removes a field */
const jsonOf = (value) => (value === null ? undefined : JSON.stringify(value));

/** Whether both are the same for JavaScript, which cannot tell 1.0 from 1. @param {string | undefined} old @param {string | undefined} next */
const isSame = (old, next) =>
  old === undefined || next === undefined
    ? old === next
    : JSON.stringify(JSON.parse(old)) === JSON.stringify(JSON.parse(next));

/**
 * An end with its changes. With a `url` it is another end: credentials of the old one are for the old address. Without, its URL and
 * all members that are not given stay. Credentials are in one place: new ones replace those in the URL, too.
 *
 * @param {string} old JSON
 * @param {any} change a URL, or an object with `url`, `headers` and `auth`
 * @returns {string} JSON
 */
function withEnd(old, change) {
  if (!isObject(change)) return JSON.stringify(change);
  if (change.url !== undefined) {
    return JSON.stringify(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null)));
  }
  const names = ["headers", "auth"].filter((name) => change[name] !== undefined);
  if (names.length === 0) return old;
  let end = old.startsWith("{") ? old : `{"url":${old}}`;
  for (const name of names) {
    const value = jsonOf(change[name]);
    end = value === undefined ? withoutMember(end, name) : withMember(end, name, value);
  }
  const isAuth = change.auth !== undefined;
  if (isAuth || authorizationOf(change.headers) !== undefined) {
    const url = JSON.parse(valueText(end, "url") ?? "null");
    if (typeof url === "string") end = withMember(end, "url", JSON.stringify(url.replace(USER_INFO, "$1")));
    if (!isAuth) end = withoutMember(end, "auth");
  }
  const headers = JSON.parse(valueText(end, "headers") ?? "{}");
  const name = authorizationOf(headers);
  if (isAuth && change.headers === undefined && name !== undefined) {
    end = withMember(end, "headers", withoutMember(valueText(end, "headers") ?? "{}", name));
  }
  const { url, ...rest } = JSON.parse(end);
  return old.startsWith('"') && Object.keys(rest).length === 0 ? JSON.stringify(url) : end;
}

const USER_INFO = /^(https?:\/\/)[^/?#]*@/;

/** The name of the header with credentials. @param {any} headers */
const authorizationOf = (headers) =>
  Object.keys(isObject(headers) ? headers : {}).find((name) => name.toLowerCase() === "authorization");
