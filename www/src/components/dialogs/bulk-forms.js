// @ts-check
// What is entered for a change of many replications.

import { NO_SETTINGS, settingsFaults, settingsIn, userFaults } from "../../model/change-many.js";
import { number } from "../../model/format.js";
import { settingFields } from "./setting-fields.js";

/**
 * @typedef {import("../../model/change-many.js").TypedUser} TypedUser
 * @typedef {import("../../model/change-many.js").TypedSettings} TypedSettings
 * @typedef {ReturnType<typeof import("../../model/actions.js").endsOf>} Ends
 *
 * @typedef {import("./form-modal.js").Form<any> & { changesOf: (typed: any) => import("couchdb-scheduler").ReplicationChanges }} BulkForm
 */

/** Of a kind of action without one. @type {BulkForm} */
export const NO_FORM = { fields: [], empty: {}, faultsOf: () => ({}), changesOf: () => ({}) };

/** @param {Ends} ends the servers whose passwords can be changed @returns {BulkForm} */
export const passwordForm = (ends) => ({
  fields: [
    {
      name: "end",
      label: "Server",
      kind: "select",
      options: ends.map(({ side, host, rows }, at) => [String(at), `${side} ${host} (${number(rows.length)})`]),
    },
    { name: "username", label: "User name", kind: "text", half: true, required: true },
    { name: "password", label: "New password", kind: "password", half: true, required: true },
  ],
  empty: { end: "0", username: "", password: "" },
  faultsOf: userFaults,
  changesOf: (/** @type {TypedUser} */ { end, username, password }) => ({
    [ends[Number(end)]?.side ?? "source"]: { auth: { basic: { username: username.trim(), password } } },
  }),
});

/** @type {BulkForm} */
export const SETTINGS_FORM = {
  fields: [
    {
      name: "continuous",
      label: "Continuous: also replicate later changes",
      kind: "select",
      options: [
        ["", "as it is"],
        ["yes", "yes"],
        ["no", "no"],
      ],
    },
    ...settingFields({ before: [["", "as they are"]], placeholder: "as it is" }),
    {
      name: "allowRewind",
      label: "Start from the beginning where another choice of documents requires it",
      kind: "checkbox",
    },
  ],
  empty: NO_SETTINGS,
  faultsOf: settingsFaults,
  changesOf: settingsIn,
};
