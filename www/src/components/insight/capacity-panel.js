// @ts-check
// Why replications wait for a slot, and how long: the load of each node. Opening it requests it.

import { html, nothing } from "lit";
import { counted, duration, number } from "../../model/format.js";

/** @typedef {import("couchdb-scheduler").NodeCapacity} NodeCapacity */

/** @param {number} ms */
const inWords = (ms) => duration(ms / 1000);

/**
 * @param {Pick<import("../../connection/insight.js").Insight, "capacity" | "capacityError" | "database">} insight
 * @param {number} waiting number of replications that wait for a slot
 * @param {(docId: string) => string} addressOf
 * @param {() => void} onOpen
 */
export function capacityPanel({ capacity, capacityError, database }, waiting, addressOf, onOpen) {
  const longest = Math.max(0, ...(capacity?.nodes ?? []).map(({ expected_wait }) => expected_wait ?? 0));
  const about = waiting > 0 && longest > 0 ? `, about ${inWords(longest)} each` : "";
  return html`<details class="capacity" id="capacity"
    @toggle=${(/** @type {Event} */ { target }) => /** @type {HTMLDetailsElement} */ (target).open && onOpen()}>
    <summary>Capacity${waiting > 0 ? html`: <b>${counted(waiting, "replication waits", "replications wait")}</b>${about}` : nothing}</summary>
    ${
      capacity
        ? html`<div class="capacity-table" role="region" aria-label="Capacity by node" tabindex="0"><table>
              <thead>
                <tr>
                  <th scope="col">Node</th><th scope="col">Running</th><th scope="col">Waiting</th>
                  <th scope="col">Crashing</th><th scope="col">Wait on average</th><th scope="col">Longest so far</th>
                </tr>
              </thead>
              <tbody>${capacity.nodes.map((node) => line(node, database, addressOf))}</tbody>
            </table></div>
            ${capacity.known ? nothing : html`<p class="hint">The server does not show all limits: CouchDB's defaults are in their place.</p>`}`
        : html`<p class="hint">${capacityError || "Loading…"}</p>`
    }
  </details>`;
}

/** @param {NodeCapacity} node @param {string} database @param {(docId: string) => string} addressOf */
function line({ node, up, max_jobs, running, pending, crashing, expected_wait, longest_wait }, database, addressOf) {
  // Only documents of the shown database have a place to go to.
  const who = longest_wait?.database === database ? longest_wait.doc_id : null;
  return html`<tr>
    <th scope="row">${node}${up ? nothing : html` <span class="tag">not connected</span>`}</th>
    <td>
      ${number(running)} of ${number(max_jobs)}
      <meter min="0" max=${max_jobs} .value=${running} aria-hidden="true"></meter>
    </td>
    <td>${number(pending)}</td>
    <td>${number(crashing)}</td>
    <td>${expected_wait === null ? "no slot will become free" : pending > 0 ? inWords(expected_wait) : "–"}</td>
    <td>${longest_wait ? html`${inWords(longest_wait.ms)}${who === null ? nothing : html` <a href=${addressOf(who)}>${who}</a>`}` : "–"}</td>
  </tr>`;
}
