// @ts-check
// Everything that is drawn of a server's replications.

import { DatabaseChooser } from "./database-chooser.js";
import { docsTable } from "./doc-columns.js";
import { byId, setText } from "./dom.js";
import { matching } from "./filter.js";
import { number } from "./format.js";
import { jobsTable } from "./job-columns.js";
import { Listing } from "./listing.js";
import { Overview } from "./overview.js";
import { announce } from "./status.js";
import { startTabs } from "./tabs.js";

/** @typedef {import("./server.js").Snapshot} Snapshot */

export class Dashboard {
  #element = byId("dashboard", HTMLElement);
  #docsTab = byId("docs-tab", HTMLElement);
  #jobsTab = byId("jobs-tab", HTMLElement);
  #docs = new Listing(byId("docs-panel", HTMLElement), docsTable);
  #jobs = new Listing(byId("jobs-panel", HTMLElement), jobsTable);
  #search = byId("search", HTMLInputElement);
  #overview = new Overview(() => this.#filter());
  #databases;
  /** @type {Snapshot | undefined} */
  #snapshot;

  /** @param {() => void} onDatabase another database was chosen */
  constructor(onDatabase) {
    this.#databases = new DatabaseChooser(() => {
      this.forget();
      onDatabase();
    });
    this.#search.addEventListener("input", () => this.#filter());
    startTabs(byId("tabs", HTMLElement), () => this.#draw(false));
  }

  get database() {
    return this.#databases.chosen;
  }

  /** @param {Snapshot} snapshot */
  show(snapshot) {
    const isFirst = this.#snapshot === undefined;
    this.#snapshot = { ...snapshot, jobs: snapshot.jobs.toSorted(byName) };
    this.#databases.learn(snapshot.jobs.map(({ database }) => database));
    this.#overview.show(snapshot.docs);
    this.#draw(!isFirst);
    this.#element.hidden = false;
  }

  /** The rows of one database must not stand under the name of another. */
  forget() {
    this.#snapshot = undefined;
    this.#overview.show([]);
    this.#draw(false);
  }

  /** The server is not shown any longer. */
  leave() {
    this.#element.hidden = true;
    this.#databases.reset();
    this.forget();
  }

  #filter() {
    this.#docs.rewind();
    this.#jobs.rewind();
    const { docs, jobs } = this.#draw(false);
    announce(`${number(docs)} documents and ${number(jobs)} jobs match`);
  }

  /** @param {boolean} mark whether the reader is to notice what has changed */
  #draw(mark) {
    const all = this.#snapshot ?? { docs: [], jobs: [] };
    const filter = { states: this.#overview.chosen, text: this.#search.value };
    const docs = matching(all.docs, filter, docsTable.trouble);
    const jobs = matching(all.jobs, filter, jobsTable.trouble);
    this.#docs.show(docs, {
      mark,
      empty: this.#whyEmpty(all.docs.length, `No replication documents in ${this.database}`),
    });
    this.#jobs.show(jobs, { mark, empty: this.#whyEmpty(all.jobs.length, "The scheduler has no jobs") });
    setText(this.#docsTab, `Documents ${ofAll(docs.length, all.docs.length)}`);
    setText(this.#jobsTab, `Jobs ${ofAll(jobs.length, all.jobs.length)}`);
    return { docs: docs.length, jobs: jobs.length };
  }

  /**
   * @param {number} all how many there are without the filter
   * @param {string} none
   */
  #whyEmpty(all, none) {
    if (!this.#snapshot) return "Asking the server…";
    return all > 0 ? "Nothing matches the filter" : none;
  }
}

/**
 * @param {number} some
 * @param {number} all
 */
const ofAll = (some, all) => (some === all ? number(all) : `${number(some)} of ${number(all)}`);

/**
 * The server's own order is that of their ids, which tells nobody anything.
 *
 * @param {Snapshot["jobs"][number]} a
 * @param {Snapshot["jobs"][number]} b
 */
function byName(a, b) {
  const [first, second] = [a, b].map(({ database, doc_id, id }) => [database, doc_id, id].join("\n"));
  return first === second ? 0 : first < second ? -1 : 1;
}
