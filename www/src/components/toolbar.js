// @ts-check
// Which replications are listed: documents or jobs, of which database, and the search in them.

import { html, nothing } from "lit";
import { nameOfEnd } from "../model/ends.js";
import { EVERYTHING } from "../model/filter.js";
import { number } from "../model/format.js";
import { fragmentOf, goTo } from "../model/location.js";

/**
 * @typedef {import("../model/location.js").Place} Place
 * @typedef {import("../connection/replication-list.js").ReplicationList<any>} ReplicationList
 */

/** @param {Place} place @param {ReplicationList} list @param {readonly string[]} databases known ones @param {() => void} onChoose before the user chooses one */
export function toolbar(place, list, databases, onChoose) {
  const isJobs = place.list === "jobs";
  const show = (/** @type {Place["list"]} */ list) => () => goTo({ ...place, list, key: null });
  const chooseDatabase = (/** @type {Event} */ { target }) => {
    const field = /** @type {HTMLInputElement} */ (target);
    if (field.reportValidity()) goTo({ ...place, list: "docs", database: field.value, key: null });
  };
  const search = (/** @type {Event} */ { target }) => {
    const text = /** @type {HTMLInputElement} */ (target).value;
    goTo({ ...place, filter: { ...place.filter, text } }, { replaces: true });
  };
  const all = { ...place, filter: EVERYTHING };
  return html`
    <div class="tabs" role="group" aria-label="What to list">
      <button type="button" aria-pressed=${!isJobs} @click=${show("docs")}>Documents</button>
      <button type="button" aria-pressed=${isJobs} title="Started by a request to /_replicate, without a document"
        @click=${show("jobs")}>Transient jobs</button>
    </div>
    <div class="field" ?hidden=${isJobs}>
      <label for="database">Database</label>
      <input id="database" list="databases" .value=${place.database} required pattern="(.+/)?_replicator"
        spellcheck="false" autocapitalize="none" autocomplete="off" @change=${chooseDatabase} @focus=${onChoose}
        title="_replicator, or a name that ends in /_replicator">
      <datalist id="databases">${databases.map((name) => html`<option value=${name}></option>`)}</datalist>
    </div>
    <div class="field search">
      <label for="search">Search</label>
      <input id="search" type="search" placeholder="id, source, target or error" spellcheck="false" autocomplete="off"
        .value=${place.filter.text} @input=${search}>
    </div>
    <p class="matches hint" id="matches">${matches(list)}</p>
    ${ends(place)}
    ${
      fragmentOf(all) === fragmentOf(place)
        ? nothing
        : html`<button type="button" id="show-all" @click=${() => goTo(all)}>Show all</button>`
    }`;
}

/** The servers or databases that were chosen in the topology, and the way back there. @param {Place} place */
function ends(place) {
  const { source, target, either } = place.filter.ends ?? {};
  const words = [
    either !== undefined && nameOfEnd(either),
    source !== undefined && nameOfEnd(source),
    target !== undefined && `→ ${nameOfEnd(target)}`,
  ];
  return place.filter.ends
    ? html`<a class="chip" href=${fragmentOf({ ...place, view: "topology" })} title="Show in the topology">${words.filter(Boolean).join(" ")}</a>`
    : nothing;
}

/** @param {ReplicationList} list */
function matches({ rows, view, isKnown }) {
  const some = view.list.length;
  const ofAll = some === rows.size ? number(some) : `${number(some)} of ${number(rows.size)}`;
  return isKnown || some === 0 ? ofAll : `the first ${ofAll}, loading the others`;
}

/** Why the table has no rows. @param {Place} place @param {ReplicationList} list */
export function whyEmpty({ list, database }, { rows, isKnown }) {
  if (!isKnown) return "Loading…";
  if (rows.size > 0) return "No replication matches the search and the filters.";
  return list === "jobs"
    ? "No transient jobs. They are started by requests to /_replicate."
    : `No replication documents in ${database}.`;
}
