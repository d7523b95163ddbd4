// @ts-check
// Which replicator database is shown. CouchDB has no list of them: those that have jobs are known, others can be named.

import { byId, make } from "./dom.js";

const DEFAULT = "_replicator";
/** No database can be called this. */
const OTHER = "";

export class DatabaseChooser {
  #select = byId("database", HTMLSelectElement);
  #form = byId("other-database", HTMLFormElement);
  #name = byId("other-name", HTMLInputElement);
  #known = new Set([DEFAULT]);
  chosen = DEFAULT;

  /** @param {() => void} onChoice */
  constructor(onChoice) {
    this.onChoice = onChoice;
    this.#select.addEventListener("change", () => {
      const isOther = this.#select.value === OTHER;
      this.#form.hidden = !isOther;
      if (isOther) this.#name.focus();
      else this.#choose(this.#select.value);
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#form.hidden = true;
      this.#choose(this.#name.value);
      this.#select.focus();
    });
    this.#draw();
  }

  /** @param {Iterable<string | null>} databases that the server has been seen to have */
  learn(databases) {
    const before = this.#known.size;
    for (const database of databases) if (database) this.#known.add(database);
    if (this.#known.size > before) this.#draw();
  }

  /** For another server. */
  reset() {
    this.#known = new Set([DEFAULT]);
    this.chosen = DEFAULT;
    this.#form.hidden = true;
    this.#draw();
  }

  /** @param {string} database */
  #choose(database) {
    this.chosen = database;
    this.#known.add(database);
    this.#draw();
    this.onChoice();
  }

  #draw() {
    // Somebody may be naming another one just now.
    const value = this.#form.hidden ? this.chosen : OTHER;
    const names = [...this.#known].sort();
    const options = names.map((name) => make("option", { value: name }, name));
    this.#select.replaceChildren(...options, make("option", { value: OTHER }, "another one…"));
    this.#select.value = value;
  }
}
