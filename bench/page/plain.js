// @ts-check
// The page that the dashboard is compared with: requests the complete list at each refresh, and draws all of it.

// bench/page/index.js answers this request
const { Scheduler } = await import("./couchdb-scheduler/index.js");
const scheduler = new Scheduler(new URL("couchdb", location.href));
const body = /** @type {HTMLElement} */ (document.getElementById("rows"));

/** @param {any} doc */
function rowOf(doc) {
  const row = document.createElement("tr");
  const { state, doc_id, source, target, info, error_count, last_updated, node } = doc;
  const ends = `${source} → ${target}`;
  const cells = [state, doc_id, ends, info?.docs_written, info?.changes_pending, error_count, last_updated, node];
  for (const text of cells) row.insertCell().textContent = text ?? "–";
  return row;
}

for (let refreshes = 1; ; refreshes++) {
  const { docs } = await scheduler.listDocs();
  body.replaceChildren(...docs.map(rowOf));
  // Layout included.
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  document.body.dataset.refreshes = String(refreshes);
  await new Promise((resolve) => setTimeout(resolve, 5000));
}
