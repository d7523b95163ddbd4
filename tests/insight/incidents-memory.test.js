// @ts-check
// incidents(): memory grows with the groups, not with the documents.

import assert from "node:assert/strict";
import { test } from "node:test";
import { packageWithItsMemory } from "../support/memory.js";

/** A list of failing documents, written while it is read. @param {number} count */
function* list(count) {
  yield `{"total_rows":${count},"offset":0,"docs":[`;
  for (let n = 0; n < count; n += 100) {
    const rows = Array.from({ length: 100 }, (_, at) => {
      const source = `http://h${(n + at) % 20}.test/db${n + at}/`;
      const error = `db_not_found: could not open ${source}`;
      return JSON.stringify({ doc_id: `d${n + at}`, state: "crashing", error_count: 1, source, info: { error } });
    });
    yield (n === 0 ? "" : ",") + rows.join(",");
  }
  yield "]}";
}

/** @param {Iterator<string>} pieces */
function streamOf(pieces) {
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull(controller) {
      const { value, done } = pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
}

test("incidents() of ten times as many documents needs no more memory", async () => {
  const { package: imported, memory } = await packageWithItsMemory();
  let count = 5_000;
  const fetch = async () => new Response(streamOf(list(count)));
  const scheduler = new imported.Scheduler("http://couch.test", { fetch });
  assert.equal((await scheduler.incidents()).length, 20);
  const before = memory.buffer.byteLength;
  count = 50_000;
  const incidents = await scheduler.incidents();
  assert.equal(
    incidents.reduce((sum, { total }) => sum + total, 0),
    count,
  );
  assert.equal(memory.buffer.byteLength, before);
});
