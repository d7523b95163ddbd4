// @ts-check
// Measures the start of a client: importing and creating it. CPU time of all threads, each in a new process,
// alternating.

import { ask } from "../../scripts/lib/run.js";
import { median } from "../lib/median.js";

/** ms of CPU, also relative to importing the vendor's client in the same run. */
export const START_AT_MOST = { ms: 20, ofCloudant: 0.15 };

/** @param {string} module a file's URL @param {string} then code that uses `imported` */
async function once(module, then) {
  const source = `
    const before = process.cpuUsage();
    const imported = await import(${JSON.stringify(module)});
    ${then}
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);
  `;
  const printed = await ask(process.execPath, ["--input-type=module", "--eval", source]);
  if (!printed) throw new Error(`${module} cannot be imported`);
  return Number(printed);
}

/**
 * @param {string} ours URL of the package's entry
 * @param {string} cloudant URL of @ibm-cloud/cloudant's
 * @param {number} rounds
 * @returns {Promise<{ ours: number, cloudant: number }>} medians, ms of CPU
 */
export async function measureStart(ours, cloudant, rounds) {
  /** @type {{ ours: number[], cloudant: number[] }} */
  const samples = { ours: [], cloudant: [] };
  for (let round = 0; round < rounds; round++) {
    samples.ours.push(await once(ours, 'new imported.Scheduler("http://127.0.0.1:5984");'));
    // Only the import, in its favor.
    samples.cloudant.push(await once(cloudant, ""));
  }
  return { ours: median(samples.ours), cloudant: median(samples.cloudant) };
}

/** @param {{ ours: number, cloudant: number }} medians */
export function printStart({ ours, cloudant }) {
  const share = ours / cloudant;
  const mark = (/** @type {boolean} */ pass) => (pass ? "reached" : "MISSED");
  console.log("\nStart: import and `new Scheduler`, in Node");
  console.log(
    `  ${ours.toFixed(1)} ms of CPU, maximum ${START_AT_MOST.ms}: ${mark(ours <= START_AT_MOST.ms)}; ` +
      `${share.toFixed(2)} of importing @ibm-cloud/cloudant (${cloudant.toFixed(0)} ms), ` +
      `maximum ${START_AT_MOST.ofCloudant}: ${mark(share <= START_AT_MOST.ofCloudant)}`,
  );
}
