// @ts-check
// Parts of the top line.

import { html } from "lit";

/** @typedef {import("../connection/connection.js").Connection} Connection */

/** The document's title, which a fleet can precede with a number. */
export const TITLE = "CouchDB replications";

/** @param {Connection} connection */
export const whereIs = ({ isTryOut, client }) =>
  isTryOut ? "Simulated server inside this page, ten times as fast as real time" : client.url;

/** @param {Connection} connection @param {string} name of the server; empty: unknown */
export function serverLine(connection, name) {
  const { writes } = connection;
  const may = writes === null ? "" : writes ? "changes allowed" : "changes refused";
  return html`<p class="server" id="server">${[whereIs(connection), name, may].filter(Boolean).join(" · ")}</p>`;
}

/** @param {boolean} isOn @param {() => void} onClick */
export const readOnlySwitch = (isOn, onClick) => html`
  <button type="button" class="switch" id="read-only" role="switch" aria-checked=${isOn}
    title="While this is on, nothing can be changed on the server" @click=${onClick}>Read-only</button>`;
