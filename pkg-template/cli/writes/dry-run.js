// @ts-check
// `--dry-run`: the requests are prepared as always, but what would change something is shown instead of sent.

import { Replicator } from "couchdb-scheduler";
import { printJsonLine } from "../output/json.js";
import { safe, safeJson } from "../output/text.js";
import { clientOf } from "../server/server.js";
import { masked } from "./masked.js";

/** POST is also how these are asked. */
const READS = /\/(?:_session|_local_docs|_revs_diff|_changes|_all_docs|_all_docs\/queries|_bulk_get|_find)$/;

/** @param {string} method @param {URL} url */
const isWrite = (method, url) => !["GET", "HEAD"].includes(method) && !(method === "POST" && READS.test(url.pathname));

/**
 * Does the work with a client that sends no write, and prints the write.
 *
 * @param {import("../command.js").Work} work
 * @param {(replicator: Replicator) => Promise<unknown>} action
 */
export async function dryRun({ server, options, out }, action) {
  /** @type {{ method: string, url: string, body: unknown }[]} */
  const kept = [];
  const client = clientOf(await server(), async (input, init = {}) => {
    const { method = "GET", body } = init;
    const url = String(input);
    const isHere = url.startsWith(client.url);
    if (!isHere || !isWrite(method, new URL(url))) return fetch(input, init);
    kept.push({ method, url, body: typeof body === "string" ? await masked(JSON.parse(body)) : null });
    throw new Error("not sent, because of --dry-run");
  });
  try {
    await action(new Replicator(client));
  } catch (error) {
    if (kept.length === 0) throw error;
  }
  const [request] = kept;
  if (!request) return out.note("Nothing would be sent: it is as it should be.");
  if (options.json !== undefined) return void (await printJsonLine(out, request, undefined));
  await out.line(safe(`${request.method} ${request.url}`));
  if (request.body !== null) await out.line(safeJson(request.body, 2));
}
