// @ts-check
// The form that starts a replication. It reports errors during input, but not for fields that the user has not visited.

import { faultsOf, preview, replicationOf } from "../../model/new-replication.js";
import { byId, make, setAttribute, setText } from "../dom.js";
import { withoutUserInfo } from "./connect.js";
import { showTrouble } from "./trouble-box.js";

/**
 * @typedef {import("../../model/new-replication.js").Typed} Typed
 *
 * @typedef {object} Field
 * @property {keyof Typed} name
 * @property {string} label
 * @property {"text" | "password" | "checkbox" | "select" | "lines"} kind
 * @property {string} [hint]
 * @property {string} [placeholder]
 * @property {[string, string][]} [options]
 * @property {Typed["which"]} [onlyFor]
 * @property {string} [group] groups fields that share a line
 */

/** @type {Field[]} */
const FIELDS = [
  { name: "source", label: "Source", kind: "text", placeholder: "https://berlin.example.net/orders" },
  { name: "sourceUser", label: "Name at the source", kind: "text", group: "source" },
  { name: "sourcePassword", label: "Password at the source", kind: "password", group: "source" },
  { name: "target", label: "Target", kind: "text", placeholder: "orders" },
  { name: "targetUser", label: "Name at the target", kind: "text", group: "target" },
  { name: "targetPassword", label: "Password at the target", kind: "password", group: "target" },
  { name: "continuous", label: "Continuous: also replicate later changes", kind: "checkbox" },
  { name: "createTarget", label: "Create the target if it does not exist", kind: "checkbox" },
  {
    name: "which",
    label: "Which documents",
    kind: "select",
    options: [
      ["all", "all"],
      ["filter", "documents that a filter function accepts"],
      ["selector", "documents that match a selector"],
      ["docIds", "documents with these ids"],
    ],
  },
  { name: "filter", label: "Filter function", kind: "text", placeholder: "shop/open", onlyFor: "filter" },
  { name: "selector", label: "Selector", kind: "lines", placeholder: '{"type": "order"}', onlyFor: "selector" },
  { name: "docIds", label: "Ids, one per line", kind: "lines", onlyFor: "docIds" },
  { name: "id", label: "Id of the document", kind: "text", hint: "If empty, the server chooses one." },
];

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/**
 * The server and database that were shown when the dialog opened.
 *
 * @typedef {object} Starting
 * @property {string} database
 * @property {(id: string) => boolean} isTaken
 * @property {(replication: import("couchdb-scheduler").NewReplication) => Promise<void>} start rejects with the error to show
 * @property {(error: unknown) => import("../../connection/trouble.js").Trouble} troubleOf
 */

export class StartDialog {
  #dialog = byId("start-dialog", HTMLDialogElement);
  #form = byId("start-form", HTMLFormElement);
  #trouble = byId("start-trouble", HTMLElement);
  #submit = byId("start-submit", HTMLButtonElement);
  /** @type {Starting | null} */
  #starting = null;
  /** @type {Map<keyof Typed, { control: Control, fault: HTMLElement, box: HTMLElement, onlyFor?: Typed["which"] }>} */
  #fields = new Map();
  /** Visited fields. @type {Set<string>} */
  #visited = new Set();

  constructor() {
    const container = byId("start-fields", HTMLElement);
    for (const field of FIELDS) container.append(this.#makeField(field));
    this.#form.addEventListener("input", () => this.#check());
    this.#form.addEventListener("focusout", ({ target }) => this.#leave(target));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#start();
    });
    byId("start-cancel", HTMLButtonElement).addEventListener("click", () => this.close());
    // The event comes later: the dialog may be open again by then.
    this.#dialog.addEventListener("close", () => {
      if (!this.#dialog.open) this.#forget();
    });
  }

  /** @param {Field} field */
  #makeField({ name, label, kind, hint, placeholder = "", options = [], onlyFor, group }) {
    const control = makeControl(kind, options);
    const id = `start-${name}`;
    Object.assign(control, { id, name, placeholder });
    if (name === "source" || name === "target") control.required = true;
    const fault = make("p", { className: "fault", id: `${id}-fault`, hidden: true });
    const tag = make("label", { htmlFor: id }, label);
    const box = make("div", { className: `row ${kind} ${group ? "half" : ""}` });
    box.append(...(kind === "checkbox" ? [control, tag] : [tag, control]), fault);
    if (hint) box.append(make("p", { className: "hint" }, hint));
    this.#fields.set(name, { control, fault, box, onlyFor });
    return box;
  }

  /** @param {Starting} starting */
  open(starting) {
    this.#forget();
    this.#starting = starting;
    this.#submit.ariaDisabled = "false";
    setText(byId("start-database", HTMLElement), starting.database);
    this.#visited.clear();
    showTrouble(this.#trouble, null);
    this.#check();
    this.#dialog.showModal();
  }

  /** Another server or database is shown now. */
  close() {
    this.#forget();
    this.#dialog.close();
  }

  /** A closed dialog keeps no password. */
  #forget() {
    this.#starting = null;
    this.#form.reset();
    setText(byId("start-preview", HTMLElement), "");
  }

  /** @returns {Typed} */
  #read() {
    const entries = [...this.#fields].map(([name, { control }]) => [
      name,
      control instanceof HTMLInputElement && control.type === "checkbox" ? control.checked : control.value,
    ]);
    return Object.fromEntries(entries);
  }

  /** @param {EventTarget | null} target */
  #leave(target) {
    if (!(target instanceof HTMLElement) || !target.id.startsWith("start-")) return;
    const name = target.id.slice("start-".length);
    this.#visited.add(name);
    if (name === "source" || name === "target") this.#takeUserInfo(name);
    this.#check();
  }

  /** @param {"source" | "target"} side */
  #takeUserInfo(side) {
    const { url, username, password } = withoutUserInfo(this.#read()[side].trim());
    if (username === "" && password === "") return;
    this.#set(side, url);
    if (username !== "") this.#set(`${side}User`, username);
    this.#set(`${side}Password`, password);
  }

  /** @param {keyof Typed} name @param {string} value */
  #set(name, value) {
    const field = this.#fields.get(name);
    if (field) field.control.value = value;
  }

  /** @returns {boolean} whether it can be started */
  #check() {
    const typed = this.#read();
    const faults = faultsOf(typed, this.#starting?.isTaken ?? (() => false));
    for (const [name, { control, fault, box, onlyFor }] of this.#fields) {
      box.hidden = onlyFor !== undefined && onlyFor !== typed.which;
      const words = this.#visited.has(name) || control.value !== "" ? faults[name] : undefined;
      fault.hidden = words === undefined;
      setText(fault, words ?? "");
      setAttribute(control, "aria-invalid", words === undefined ? null : "true");
      setAttribute(control, "aria-describedby", words === undefined ? null : fault.id);
    }
    const isRight = Object.keys(faults).length === 0;
    setText(byId("start-preview", HTMLElement), isRight ? preview(typed) : "Not complete yet.");
    return isRight;
  }

  async #start() {
    const starting = this.#starting;
    if (!starting || this.#submit.ariaDisabled === "true") return;
    for (const name of this.#fields.keys()) this.#visited.add(name);
    if (!this.#check()) {
      const wrong = [...this.#fields.values()].find(({ fault, box }) => !fault.hidden && !box.hidden);
      return wrong?.control.focus();
    }
    this.#submit.ariaDisabled = "true";
    showTrouble(this.#trouble, null);
    const trouble = await starting.start(replicationOf(this.#read())).then(
      () => null,
      (error) => starting.troubleOf(error),
    );
    // It may have been closed and opened again in the meantime.
    if (this.#starting !== starting) return;
    this.#submit.ariaDisabled = "false";
    if (trouble) showTrouble(this.#trouble, trouble);
    else this.close();
  }
}

/** @param {Field["kind"]} kind @param {[string, string][]} options @returns {Control} */
function makeControl(kind, options) {
  if (kind === "lines") return make("textarea", { rows: 3, spellcheck: false });
  if (kind === "select") {
    return make("select", {}, ...options.map(([value, words]) => make("option", { value }, words)));
  }
  const autocomplete = kind === "password" ? "new-password" : "off";
  return make("input", { type: kind, autocomplete, spellcheck: false });
}
