// @ts-check
// `watch --exec` and `--webhook`: reports incidents that begin and end, and calls hooks.

import { setTimeout as sleep } from "node:timers/promises";
import { isSchedulerError } from "../failures.js";
import { referenceOf } from "../incident.js";
import { coloured } from "../output/colours.js";
import { printJsonLine } from "../output/json.js";
import { plainLine } from "../output/table.js";
import { safe } from "../output/text.js";
import { counted } from "../output/words.js";
import { Alerts } from "./alerts.js";
import { Deliveries } from "./deliveries.js";
import { commandSender, webhookSender } from "./senders.js";

const INTERVAL = 30_000;
const PATIENCE = 60_000;

/** Of an outage, which passes. @param {unknown} error */
const isTransient = (error) =>
  isSchedulerError(error) && ["network", "timeout", "server_error", "truncated", "rate_limited"].includes(error.code);

/**
 * @param {import("couchdb-scheduler").Scheduler} scheduler
 * @param {import("../command.js").Work} work
 * @returns {Promise<number>} never, unless by an error
 */
export async function watchIncidents(scheduler, { options, fields, out, signal }) {
  const { database = "_replicator", interval = INTERVAL, exec, webhook } = options;
  const note = (/** @type {string} */ text) => out.note(text);
  const senders = [exec && commandSender(exec), webhook && webhookSender(webhook)].filter(Boolean);
  const hooks = senders.map((send) => new Deliveries(send, note, signal));
  const alerts = new Alerts(options.for ?? PATIENCE);
  for (let isFirst = true; ; isFirst = false) {
    try {
      const incidents = await scheduler.incidents({ database, signal });
      for (const { event, incident } of alerts.look(incidents, performance.now())) {
        const alert = { event, at: new Date().toISOString(), server: scheduler.client.url, database, incident };
        for (const hook of hooks) hook.add(alert);
        if (options.json !== undefined) await printJsonLine(out, alert, fields);
        else await out.line(lineOf(out, alert, options.plain));
      }
    } catch (error) {
      if (isFirst || !isTransient(error)) throw error;
      note(`${/** @type {Error} */ (error).message}; next look in ${Math.round(interval / 1000)} s`);
    }
    await sleep(interval, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/**
 * @param {import("../output/output.js").Output} out
 * @param {{ event: string, at: string, incident: import("couchdb-scheduler").Incident }} alert
 * @param {boolean} [isPlain]
 */
function lineOf(out, { event, at, incident }, isPlain) {
  const { total, message } = incident;
  if (isPlain) return plainLine([at, event, referenceOf(incident), total, message]);
  const sign = event === "opened" ? "✗ opened" : "✓ closed";
  const shown = out.hasColours ? coloured(sign, event === "opened" ? "red" : "green") : sign;
  return `${at.slice(11, 19)}  ${shown}  ${safe(referenceOf(incident))}  ${counted(total, "document")}: ${safe(message)}`;
}
