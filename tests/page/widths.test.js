// @ts-check
// The table at every width: replications can be told apart, and nothing is covered or cut but names and messages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, until } from "./open-page.js";

const WIDTHS = Array.from({ length: 41 }, (_, i) => 320 + i * 40);
/** Below, open details cover the list. */
const BESIDE = 900;
const HEIGHT = 1200;

/** Long names: two differ at their start, two at their end. */
const IDS = [
  "inventory-movements-archive-from-warehouse-to-analytics-0001",
  "inventory-movements-archive-from-warehouse-to-analytics-0002",
  "payments-movements-archive-from-warehouse-to-analytics-0001",
  "orders",
];
const DOMAIN = "warehouses.example-company.com:6984";
const ENDS = [
  `https://north-1.couchdb-production.${DOMAIN}/inventory-movements-archive-2026-01/`,
  `https://south-1.couchdb-production.${DOMAIN}/inventory-movements-archive-2026-01/`,
  `https://north-1.couchdb-production.${DOMAIN}/inventory-movements-archive-2026-02/`,
  "https://a.example.com/orders",
];

const rows = IDS.map((doc_id, i) => ({
  database: "_replicator",
  doc_id,
  id: null,
  node: "couchdb@couchdb-2.couchdb-headless.production.svc.cluster.local",
  source: ENDS[i],
  target: ENDS.at(-1 - i),
  state: "crashing",
  info: { error: "db_not_found: could not open https://example.com/" },
  error_count: 98_765,
  start_time: "2026-11-20T08:00:00Z",
  last_updated: "2026-11-20T10:10:00Z",
}));

/** Runs in the page. What a user sees of the rows: the text of each cell, with "…" where it is cut, and what lies outside or overlaps. */
function visible() {
  const table = document.querySelector("replication-table")?.shadowRoot;
  const lines = [...(table?.querySelectorAll(".grid-body [role=row]") ?? [])];
  /** @param {Node} text @param {Element} cell */
  const ofText = (text, cell) => {
    let right = Number.POSITIVE_INFINITY;
    for (let box = text.parentElement; box && box !== cell.parentElement; box = box.parentElement) {
      const { overflow, textOverflow } = getComputedStyle(box);
      if (overflow !== "hidden") continue;
      const isCut = textOverflow === "ellipsis" && box.scrollWidth > box.clientWidth;
      right = Math.min(right, box.getBoundingClientRect().right - (isCut ? 12 : -1));
    }
    const { data } = /** @type {Text} */ (text);
    const range = document.createRange();
    const isSeen = (/** @type {number} */ i) => {
      range.setStart(text, i);
      range.setEnd(text, i + 1);
      return range.getBoundingClientRect().right <= right;
    };
    let length = 0;
    while (length < data.length && isSeen(length)) length++;
    return data.slice(0, length) + (length < data.length ? "…" : "");
  };
  /** @param {Element | null} element @param {Element} cell */
  const of = (element, cell) => {
    if (!element) return "";
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(ofText(walker.currentNode, cell));
    return texts.join("");
  };
  return lines.map((line) => {
    const outer = line.getBoundingClientRect();
    const cells = [...line.children].filter((cell) => cell.checkVisibility());
    const boxes = cells.map((cell) => cell.getBoundingClientRect());
    const isApart = (/** @type {DOMRect} */ a, /** @type {DOMRect} */ b) =>
      a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
    const lost = cells.filter((_, i) => {
      const box = boxes[i] ?? outer;
      const isOutside = box.top < outer.top - 1 || box.bottom > outer.bottom + 1;
      return isOutside || !boxes.slice(i + 1).every((other) => isApart(box, other));
    });
    const named = (/** @type {string} */ name) => line.querySelector(name)?.closest(".cell") ?? line;
    return {
      id: of(line.querySelector(".cell.id"), named(".cell.id")),
      source: of(line.querySelector(".source"), named(".source")),
      target: of(line.querySelector(".target"), named(".target")),
      cut: cells
        .filter((cell) => cell.matches(".state, .pending, .backlog, .errors, .updated, .last_progress"))
        .filter((cell) => of(cell, cell) !== cell.textContent)
        .map((cell) => `${cell.className} ${of(cell, cell)}`),
      lost: lost.map((cell) => cell.className),
    };
  });
}

/** @param {Awaited<ReturnType<typeof openPage>>} stage @param {string} what @param {{ scrolls: boolean }} options */
async function check({ page, settled }, what, { scrolls }) {
  await settled();
  const seen = await page.evaluate(visible);
  assert.equal(seen.length, rows.length, what);
  assert.deepEqual(
    seen.flatMap(({ cut, lost }) => [...cut, ...lost]),
    [],
    what,
  );
  for (const [column, texts] of /** @type {const} */ ([
    ["id", IDS],
    ["source", ENDS],
    ["target", ENDS],
  ])) {
    const names = seen.map((row) => row[column]);
    assert.equal(new Set(names).size, texts.length, `${what}, ${column}: ${names.join(" | ")}`);
    const short = (texts.at(-1) ?? "").replace(/^https:\/\//, "");
    assert.ok(names.includes(short), `${what}, ${column}: ${short} is not among ${names.join(" | ")}`);
  }
  const wide = await page.evaluate(() => {
    const grid = document.querySelector("replication-table")?.shadowRoot?.querySelector("#grid");
    return [document.documentElement, grid].map((box) => box && box.scrollWidth > box.clientWidth);
  });
  assert.deepEqual(wide, [false, wide[1] && scrolls], what);
}

for (const [what, columns] of /** @type {const} */ ([
  ["the default", ""],
  ["all", "?columns=state,endpoints,progress,pending,backlog,errors,updated,last_progress,finding,node"],
])) {
  test(`tells replications apart at every width, columns: ${what}`, async (t) => {
    const window = { viewport: { width: 1920, height: HEIGHT } };
    const fragment = `#/docs/_replicator${columns}`;
    const stage = await openPage(t, { simulator: { docs: 0 }, fragment, window });
    const { page, connected, simulator, refresh, shown } = stage;
    await connected();
    simulator.fleet.loadVerbatim({ _replicator: { rows } });
    await until(async () => (await shown()) === rows.length || (await refresh()), "the rows");
    // Only there, more columns than fit are scrolled to.
    const scrolls = columns !== "";
    const checkAll = async (/** @type {string} */ state, /** @type {number[]} */ widths) => {
      for (const width of widths) {
        await page.setViewportSize({ width, height: HEIGHT });
        await check(stage, `${width} px, ${state}`, { scrolls });
      }
    };
    await checkAll("details closed", WIDTHS);
    await stage.rows.first().click();
    await page.locator("#details .parts").waitFor();
    const beside = WIDTHS.filter((width) => width >= BESIDE);
    await checkAll("details open", beside);
  });
}
