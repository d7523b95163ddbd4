// @ts-check
// Every view of the page, one after the other, as a user gets there: what must hold in each is tested here and there.

/** @typedef {Awaited<ReturnType<typeof import("./open-page.js").openPage>>} Stage */

/**
 * Yields the name of each view while it is shown.
 *
 * @param {Stage} stage with a server that can be stopped
 */
export async function* everyView({ page, connected, rows, stopServer, seen, quiet, simulator }) {
  const click = (/** @type {string} */ name) => page.getByRole("button", { name, exact: true }).click();
  await connected();
  await page.locator("incident-list li").first().waitFor();
  yield "the list";
  await click("Last 24 hours");
  yield "the incidents of the last 24 hours";
  await page.getByText("Columns", { exact: true }).click();
  yield "the choice of columns";
  await page.keyboard.press("Escape");
  await click("Topology");
  await page.locator(".picture").waitFor();
  yield "the topology";
  await click("Table");
  yield "the topology as a table";
  await click("Journal");
  await page.locator("journal-view").waitFor();
  yield "the journal";
  await click("Replications");
  await page.locator(".state-filter.crashing").click();
  await rows.first().click();
  await page.locator("#details .timeline li").first().waitFor();
  await page.getByText("The server's own message").click();
  await quiet();
  yield "a crashing replication";
  await page.getByRole("switch").click();
  for (const name of ["Stop…", "Restart…"]) {
    await page.locator("#details").getByRole("button", { name, exact: true }).click();
    await page.getByRole("dialog").waitFor();
    yield `about to ${name}`;
    await page.keyboard.press("Escape");
  }
  await page.locator("#details").getByRole("button", { name: "Change…" }).click();
  await page.getByLabel("Worker processes").fill("many");
  await page.getByLabel("Retries of a request").focus();
  yield "a change with errors";
  await page.keyboard.press("Escape");
  await click("Close");
  await page.getByLabel(/^Select all \d/).click();
  await page.locator("#selection").waitFor();
  yield "the list with selected rows";
  await page.locator("#selection").getByRole("button", { name: "Stop…" }).click();
  await page.getByRole("dialog").waitFor();
  yield "about to stop the selected";
  simulator.fail({
    path: "/_replicator",
    method: "DELETE",
    status: 400,
    body: '{"error":"bad_request","reason":"No."}',
  });
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Stop \d+$/ })
    .click();
  await page.locator(".results").waitFor();
  yield "the report of stopping them";
  await page.keyboard.press("Escape");
  await page.locator("#selection").getByRole("button", { name: "Change password…" }).click();
  await page.getByRole("dialog").waitFor();
  yield "a new password for the selected";
  await page.keyboard.press("Escape");
  await click("Start a replication");
  await page.getByRole("dialog").getByRole("button", { name: "Start", exact: true }).click();
  yield "the form with errors";
  await page.keyboard.press("Escape");
  await stopServer();
  await seen(page.locator("#notice"));
  yield "no connection";
  await click("Disconnect");
  await page.getByRole("textbox", { name: "Server", exact: true }).fill("http://127.0.0.1:1023/");
  await click("Connect");
  await seen(page.locator("#connect-trouble code"));
  yield "the way in";
}
