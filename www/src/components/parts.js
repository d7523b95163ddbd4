// @ts-check
// Parts of the page that are loaded when they are needed first, or once nothing else is to be done.

import { nothing } from "lit";
import { AsyncDirective, directive } from "lit/async-directive.js";

const LOADERS = {
  actions: () => import("./action-dialogs.js"),
  details: () => import("./details/details.js"),
  journal: () => import("./journal.js"),
  servers: () => import("./start-page.js"),
  topology: () => import("./topology/topology.js"),
};

/** @typedef {keyof typeof LOADERS} PartName */

const NAMES = /** @type {PartName[]} */ (Object.keys(LOADERS));
/** @type {Set<PartName>} */
const loaded = new Set();
/** What the user waits for, or cannot have. @type {Map<PartName, "loading" | "failed">} */
export const missing = new Map();
/** Fires `change` when `missing` is another one. */
export const parts = new EventTarget();

/** @param {PartName} name */
export const isLoaded = (name) => loaded.has(name);

/** @param {PartName} name @param {"loading" | "failed" | null} status null: it is loaded */
function report(name, status) {
  if (status) missing.set(name, status);
  else missing.delete(name);
  parts.dispatchEvent(new Event("change"));
}

/** @param {PartName} name */
async function load(name) {
  await LOADERS[name]();
  loaded.add(name);
}

/** Loads a part that the user needs now. The page says so if this takes long or fails. @param {PartName} name @returns {Promise<boolean>} */
export async function need(name) {
  if (loaded.has(name)) return true;
  if (!missing.has(name)) report(name, "loading");
  try {
    await load(name);
    report(name, null);
    return true;
  } catch {
    report(name, "failed");
    return false;
  }
}

/** Until its elements are in `host`, if they are to be there. @param {import("lit").ReactiveElement} host @param {PartName} name */
export async function needIn(host, name) {
  await need(name);
  host.requestUpdate();
  await host.updateComplete;
}

/** Loads everything, so that no click has to wait and no update of the server matters. */
export function loadAhead() {
  const whenIdle = window.requestIdleCallback ?? setTimeout;
  whenIdle(async () => {
    for (const name of NAMES) await load(name).catch(() => {});
  });
}

class Part extends AsyncDirective {
  /** @type {() => unknown} */
  #content = () => nothing;

  /** @override @param {PartName} name @param {() => unknown} content */
  render(name, content) {
    if (loaded.has(name)) return content();
    this.#content = content;
    void need(name).then((isLoaded) => isLoaded && this.setValue(this.#content()));
    return nothing;
  }
}

/** Shows what consists of elements of a part, once it is loaded. */
export const part = directive(Part);
