// @ts-check
// What this page does not request: databases of other servers. The command line can.

import { html } from "lit";
import { commandFor } from "../../model/curl.js";
import { codeLine } from "../copy-button.js";

/**
 * @param {"lag" | "verify"} command
 * @param {import("../../model/row.js").Row} row
 * @param {import("../../connection/fleet.js").Fleet} fleet
 */
export function elsewhere(command, row, { connection }) {
  const { inspector, scheduler } = connection;
  // The server of this page forwards only the requests of the page.
  const isServed = inspector !== scheduler;
  return html`<p class="hint">
      This page reads only databases of this server. The command line${isServed ? ", with $COUCHDB_URL," : ""} reads
      the others, too, with the credentials in the document:
    </p>
    ${codeLine(commandFor(command, row, isServed ? null : connection, ["--stored"]), "Command line")}`;
}
