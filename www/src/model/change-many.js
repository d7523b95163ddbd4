// @ts-check
// A change of many replications as entered in the form: its errors, and what is sent. An empty field changes nothing.

import { NAMES, settingFaults } from "./change.js";
import { choiceOf, NO_CHOICE } from "./choice.js";

/**
 * @typedef {import("./change.js").Typed} Typed
 * @typedef {import("./change.js").NumberName} NumberName
 *
 * @typedef {{ end: string, username: string, password: string }} TypedUser `end` is the index of the server
 * @typedef {Record<NumberName, string> & Pick<Typed, "filter" | "queryParams" | "selector" | "docIds"> & {
 *   continuous: "" | "yes" | "no",
 *   which: "" | Typed["which"],
 *   allowRewind: boolean,
 * }} TypedSettings a number may be `default`
 */

/** @type {TypedSettings} */
export const NO_SETTINGS = {
  continuous: "",
  which: "",
  filter: "",
  queryParams: "",
  selector: "",
  docIds: "",
  .../** @type {Record<NumberName, string>} */ (Object.fromEntries(NAMES.map((name) => [name, ""]))),
  allowRewind: false,
};

/** @param {TypedUser} typed @returns {Partial<Record<keyof TypedUser, string>>} the errors, by field */
export const userFaults = ({ username, password }) => ({
  ...(username.trim() === "" && { username: "Enter the user name in the documents." }),
  ...(password === "" && { password: "Enter the new password." }),
});

/** @param {TypedSettings} typed @returns {Partial<Record<keyof TypedSettings, string>>} the errors, by field */
export function settingsFaults(typed) {
  const defaults = NAMES.filter((name) => typed[name].trim() === "default").map((name) => [name, ""]);
  const faults = settingFaults(
    { ...typed, which: typed.which || "all", ...Object.fromEntries(defaults) },
    "“default”, or nothing to leave it",
  );
  if (Object.keys(faults).length === 0 && Object.keys(settingsIn(typed)).length === 0) {
    return { continuous: "Nothing would change: choose or enter a new setting." };
  }
  return faults;
}

/** @param {TypedSettings} typed without errors @returns {import("couchdb-scheduler").ReplicationChanges} */
export function settingsIn(typed) {
  const { continuous, which } = typed;
  const numbers = NAMES.map((name) => [name, typed[name].trim()]).filter(([, text]) => text !== "");
  return {
    ...(continuous !== "" && { continuous: continuous === "yes" || null }),
    ...(which !== "" && { ...NO_CHOICE, ...choiceOf({ ...typed, which }) }),
    ...Object.fromEntries(numbers.map(([name, text]) => [name, text === "default" ? null : Number(text)])),
  };
}
