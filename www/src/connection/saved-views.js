// @ts-check
// Views that the user has given a name, in this browser: each is the fragment of a place, without its server and replication, so
// that it applies to any server.

import { fragmentOf, readFragment } from "../model/location.js";
import { store, stored } from "./local-storage.js";

const KEY = "couchdb-scheduler.views";
export const MAX_VIEWS = 50;
export const MAX_NAME = 60;
const MAX_FRAGMENT = 2000;

/** @typedef {{ name: string, fragment: string }} SavedView */

export class SavedViews extends EventTarget {
  /** Sorted by name. @type {readonly SavedView[]} */
  list = read() ?? [];
  #isStored = true;

  /** Another tab has written. @param {StorageEvent} event */
  #hear = ({ key }) => {
    if (key === KEY || key === null) this.#set(read() ?? []);
  };

  /** Follows the other tabs until it is stopped. */
  follow() {
    this.#set(this.#known());
    addEventListener("storage", this.#hear);
  }

  stop() {
    removeEventListener("storage", this.#hear);
  }

  /**
   * A view of the same name is replaced.
   *
   * @param {string} name
   * @param {import("../model/location.js").Place} place
   * @returns {boolean} false: there are too many, or it is too long
   */
  save(name, place) {
    const view = validated({ name, fragment: fragmentOf(place) });
    if (!view) return false;
    const others = this.#known().filter(isNot(view.name));
    if (others.length >= MAX_VIEWS) return false;
    this.#write([...others, view]);
    return true;
  }

  /** @param {string} name @param {string} to @returns {boolean} false: another one has this name */
  rename(name, to) {
    const views = this.#known();
    const renamed = validated({ name: to, fragment: views.find((view) => view.name === name)?.fragment });
    const others = views.filter(isNot(name));
    if (!renamed || !others.every(isNot(renamed.name))) return false;
    this.#write([...others, renamed]);
    return true;
  }

  /** @param {string} name */
  remove(name) {
    this.#write(this.#known().filter(isNot(name)));
  }

  /** Another tab may have changed them. */
  #known() {
    return (this.#isStored && read()) || this.list;
  }

  /** @param {SavedView[]} views */
  #write(views) {
    views.sort((a, b) => a.name.localeCompare(b.name));
    // They last as long as the page.
    if (!store(KEY, views)) this.#isStored = false;
    this.#set(views);
  }

  /** @param {readonly SavedView[]} list */
  #set(list) {
    this.list = list;
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {string} name */
const isNot = (name) => (/** @type {SavedView} */ view) => view.name !== name;

/** Returns null if the browser does not let pages store anything. @returns {SavedView[] | null} */
function read() {
  const found = stored(KEY);
  if (found === undefined) return null;
  return Array.isArray(found) ? found.flatMap((view) => validated(view) ?? []).slice(0, MAX_VIEWS) : [];
}

/** Anything may be in the storage. @param {any} given @returns {SavedView | null} */
function validated(given) {
  const name = typeof given?.name === "string" ? given.name.trim().slice(0, MAX_NAME) : "";
  const { fragment } = given ?? {};
  if (name === "" || typeof fragment !== "string" || fragment.length > MAX_FRAGMENT) return null;
  return { name, fragment: fragmentOf({ ...readFragment(fragment), server: null, key: null }) };
}
