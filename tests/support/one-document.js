// @ts-check
// A server with one replication document, kept as text: for what CouchDB's responses alone cannot show, such as a server that
// changes the document meanwhile, or loses a response.

import { Replicator } from "couchdb-scheduler";
import { membersOf, valueText, withMember } from "../../pkg-template/insight/json-text.js";

/**
 * @typedef {object} Happening what happens instead of, or before, the response to a PUT
 * @property {(document: OneDocument) => void} [before]
 * @property {boolean} [isLostBefore] the request does not arrive
 * @property {boolean} [isLostAfter] the response does not arrive
 */

export class OneDocument {
  /** The text of the document. */
  text;
  /** Bodies of the PUTs that arrived. @type {string[]} */
  puts = [];
  /** @type {string[]} */
  requests = [];
  /** The next PUTs. @type {Happening[]} */
  happenings = [];
  /** Options that the replicator of this server knows. @type {string[]} */
  options;
  starts = 1;
  id = "0a0b+continuous";
  version = "3.5.2";

  /** @param {string} text @param {string[]} [options] */
  constructor(text, options = ["create_target_params", "connection_timeout", "cancel"]) {
    this.text = text;
    this.options = options;
  }

  /** @param {import("couchdb-scheduler").ClientOptions} [options] */
  replicator(options) {
    return new Replicator("http://couch.test", { ...options, fetch: /** @type {any} */ (this.fetch) });
  }

  get rev() {
    return JSON.parse(valueText(this.text, "_rev") ?? "null");
  }

  /** Another client, or CouchDB, writes the document. @param {string} text */
  write(text) {
    const used = (/** @type {string} */ document) =>
      JSON.stringify(this.options.map((name) => valueText(document, name)));
    const isEnded = /"_replication_state":"(completed|failed)"/.test(this.text);
    if (used(text) !== used(this.text) || isEnded) this.starts++;
    const [generation] = this.rev.split("-");
    this.text = withMember(text, "_rev", `"${Number(generation) + 1}-${"f".repeat(32)}"`);
  }

  fetch = async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
    const { pathname } = new URL(url);
    this.requests.push(`${init.method} ${pathname}`);
    init.signal?.throwIfAborted();
    if (pathname.startsWith("/_scheduler/docs/")) return Response.json(this.row);
    if (pathname === "/") return Response.json({ couchdb: "Welcome", version: this.version });
    if (init.method === "GET") return new Response(this.text);
    const { before, isLostBefore, isLostAfter } = this.happenings.shift() ?? {};
    before?.(this);
    if (isLostBefore) throw new TypeError("fetch failed");
    const body = String(init.body);
    this.puts.push(body);
    if (JSON.parse(body)._rev !== this.rev) {
      return Response.json({ error: "conflict", reason: "Document update conflict." }, { status: 409 });
    }
    this.write(body);
    if (isLostAfter) throw new TypeError("fetch failed");
    return Response.json({ ok: true, id: JSON.parse(this.text)._id, rev: this.rev }, { status: 201 });
  };

  get row() {
    const { _id, _replication_state: state = "running" } = JSON.parse(this.text);
    const start_time = new Date(Date.UTC(2026, 0, 1) + this.starts * 60_000).toISOString();
    return {
      database: "_replicator",
      doc_id: _id,
      id: state === "running" ? this.id : null,
      state,
      start_time,
      last_updated: start_time,
    };
  }

  /** The members, in order, except for the revision. */
  get members() {
    const members = membersOf(this.text).filter(({ key }) => key !== "_rev");
    return members.map(({ start, end }) => this.text.slice(start, end));
  }
}
