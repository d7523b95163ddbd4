// @ts-check
// The rows of a list on their way to the output.

import { counted } from "./words.js";

/**
 * The same rows. Says how many have come, until they are printed on the terminal.
 *
 * @template Row
 * @param {import("./output.js").Output} out
 * @param {AsyncIterable<Row>} rows
 * @param {string} noun
 */
export async function* counting(out, rows, noun) {
  let count = 0;
  out.progress.show(`waiting for ${noun}s`);
  for await (const row of rows) {
    count++;
    if (out.isTerminal && out.hasWritten) out.progress.end();
    else out.progress.show(counted(count, noun));
    yield row;
  }
}

/** @template T, U @param {AsyncIterable<T>} items @param {(item: T) => U} map */
export async function* mapped(items, map) {
  for await (const item of items) yield map(item);
}
