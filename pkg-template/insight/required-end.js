// @ts-check
// An end of a replication without which a call has no result.

/** @typedef {import("./endpoints.js").Ends} Ends */
/** @typedef {import("./endpoints.js").Reached} Reached */
/** A database: its path is below the URL of the client. @typedef {Extract<Reached, { status: "asked" }>} Database */

/**
 * @param {string} call the method
 * @param {Ends} ends
 * @param {import("./endpoints.js").Row} row
 * @param {import("./endpoints.js").Side} side
 * @returns {Promise<Database>}
 */
export async function requiredEnd(call, ends, row, side) {
  const reached = await ends.reach(row, side);
  if (reached.status === "asked") return reached;
  if (reached.status !== "not_asked") throw reached.error;
  throw new RangeError(
    `${call}: the ${side} of ${JSON.stringify(row.doc_id)} is on another server: the option endpoints must be "stored", to ` +
      "use the credentials in the replication document, or a function that returns a Client for it",
  );
}
