// @ts-check
// One search in the replications of all servers.

import { html, nothing } from "lit";
import { troubleOf } from "../connection/trouble.js";
import { counted, endpoint, number } from "../model/format.js";
import { DEFAULT_DATABASE } from "../model/location.js";
import { announce } from "./announce.js";
import { fire } from "./fire.js";
import { badge } from "./icons.js";
import { LightElement } from "./light-element.js";

/** @typedef {import("../connection/search-everywhere.js").Found} Found */

/** Fires `open-replication` with `{ url, database, key }`. */
export class SearchEverywhere extends LightElement {
  /** @override */
  static properties = {
    search: { attribute: false },
    skipped: { attribute: false },
    found: { state: true },
    isBusy: { state: true },
  };

  constructor() {
    super();
    /** @type {(text: string, signal: AbortSignal, onFound: (found: Found) => void) => Promise<void>} */
    this.search = async () => {};
    /** Number of servers that cannot be searched without their password. */
    this.skipped = 0;
    /** By the server's URL; null before the first search. @type {ReadonlyMap<string, Found> | null} */
    this.found = null;
    this.isBusy = false;
  }

  /** @type {AbortController | undefined} */
  #attempt;

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#cancel();
  }

  #cancel() {
    this.#attempt?.abort();
    this.isBusy = false;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    this.#cancel();
    const text = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("everywhere")).trim();
    this.found = null;
    if (text === "") return;
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.isBusy = true;
    await this.search(text, attempt.signal, (found) => {
      if (!attempt.signal.aborted) this.found = new Map(this.found ?? []).set(found.server.url, found);
    });
    if (attempt.signal.aborted) return;
    this.isBusy = false;
    announce(`${counted(this.#total, "replication")} found`);
  }

  get #total() {
    return [...(this.found?.values() ?? [])].reduce((sum, { rows }) => sum + rows.length, 0);
  }

  /** @override */
  render() {
    return html`<form role="search" class="everywhere flow" @submit=${this.#submit}>
        <label for="everywhere">Search all servers</label>
        <input id="everywhere" name="everywhere" type="search" placeholder="id, source, target or error" spellcheck="false" autocomplete="off">
        <button type="submit">Search</button>
        ${this.isBusy ? html`<button type="button" @click=${() => this.#cancel()}>Cancel</button>` : nothing}
      </form>
      ${this.found ? this.#results([...this.found.values()]) : nothing}`;
  }

  /** @param {Found[]} all */
  #results(all) {
    const some = all.filter(({ rows, error }) => rows.length > 0 || error);
    const read = all.reduce((sum, found) => sum + found.read, 0);
    return html`<section class="found box" aria-label="Results">
      ${some.map((found) => this.#group(found))}
      <p class="hint">${this.isBusy ? "Searching: " : ""}${counted(this.#total, "replication")} found in ${number(read)}.
        ${this.skipped > 0 ? `${counted(this.skipped, "server")} not searched: the password is missing.` : nothing}</p>
    </section>`;
  }

  /** @param {Found} found */
  #group({ server, rows, status, error }) {
    return html`<h3>${server.name}</h3>
      ${error ? html`<p class="fault">${troubleOf(error, { ...server, database: "" }).message}</p>` : nothing}
      <ul>${rows.map(
        ({ key, state, source, target, error, given }) => html`<li>
          <button type="button" class="link" @click=${() =>
            fire(this, "open-replication", { url: server.url, database: given.database, key })}>${key}</button>
          ${badge(state)}
          ${given.database === DEFAULT_DATABASE ? nothing : html`<span class="hint">in ${given.database}</span>`}
          <span class="hint">${endpoint(source)} → ${endpoint(target)}</span>
          ${error ? html`<span class="message hint">${error}</span>` : nothing}
        </li>`,
      )}</ul>
      ${status === "full" ? html`<p class="hint">The first ${number(rows.length)}; there may be more.</p>` : nothing}`;
  }
}

customElements.define("search-everywhere", SearchEverywhere);
