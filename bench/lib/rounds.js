// @ts-check
// All contestants take turns, round by round, so that other load on the machine affects all of them.

import { median } from "./median.js";
import { CAN_MEASURE_MEMORY, watchMemory } from "./peak-memory.js";

/**
 * @typedef {import("./plan.js").ContestantName} ContestantName
 * @typedef {import("./plan.js").Measurement} Measurement
 * @typedef {import("./plan.js").Figure} Figure
 * @typedef {import("../contestants/perform.js").Done} Done
 *
 * @typedef {object} Runner one contestant in its own process
 * @property {(how: "perform" | "watch", task: import("./plan.js").TaskName, url: string) => Promise<Done>} run
 * @property {() => Promise<number[]>} pids the processes that use its memory
 * @property {() => Promise<void>} stop
 *
 * @typedef {Partial<Record<ContestantName, Partial<Record<Figure, number[]>>>>} Samples
 * @typedef {Partial<Record<ContestantName, Partial<Record<Figure, number>>>>} Medians
 *
 * @typedef {object} Place where contestants run
 * @property {(name: ContestantName) => Promise<Runner>} start starts a new one
 * @property {(fleet: import("./plan.js").FleetName) => string} urlOf
 */

/**
 * @param {Measurement} measurement
 * @param {ContestantName[]} names
 * @param {Place} place
 * @param {import("./plan.js").Rounds} rounds
 * @returns {Promise<{ samples: Samples, medians: Medians }>}
 */
export async function measure(measurement, names, place, rounds) {
  /** @type {Samples} */
  const samples = {};
  await measureTimes(measurement, names, place, rounds, samples);
  if (measurement.figures.includes("memory") && CAN_MEASURE_MEMORY) {
    await measureMemory(measurement, names, place, rounds, samples);
  }
  return { samples, medians: mediansOf(samples) };
}

/** @param {Measurement} measurement @param {ContestantName[]} names @param {Place} place @param {import("./plan.js").Rounds} rounds @param {Samples} samples */
async function measureTimes({ task, fleet, figures, rows }, names, place, rounds, samples) {
  const url = place.urlOf(fleet);
  /** @type {[ContestantName, Runner][]} */
  const runners = [];
  try {
    for (const name of names) runners.push([name, await place.start(name)]);
    const isLarge = rows > 10_000;
    const warmUp = isLarge ? Math.ceil(rounds.warmUp / 3) : rounds.warmUp;
    for (let round = -warmUp; round < (isLarge ? rounds.large : rounds.small); round++) {
      for (const [name, runner] of runners) {
        const done = await runner.run("perform", task, url);
        expect(name, done, rows);
        if (round < 0) continue;
        note(samples, name, "time", done.time);
        note(samples, name, "cpu", done.cpu);
        if (figures.includes("first")) note(samples, name, "first", done.first);
      }
    }
    if (!figures.includes("block")) return;
    for (let round = 0; round < rounds.block; round++) {
      for (const [name, runner] of runners) {
        note(samples, name, "block", (await runner.run("watch", task, url)).block);
      }
    }
  } finally {
    for (const [, runner] of runners) await runner.stop();
  }
}

/** @param {Measurement} measurement @param {ContestantName[]} names @param {Place} place @param {import("./plan.js").Rounds} rounds @param {Samples} samples */
async function measureMemory({ task, fleet, rows }, names, place, rounds, samples) {
  for (let round = 0; round < rounds.memory; round++) {
    for (const name of names) {
      const runner = await place.start(name);
      try {
        // The code is loaded and has run before, so only data can grow.
        await runner.run("perform", task, place.urlOf("docs1k"));
        const grown = watchMemory(await runner.pids());
        const done = await runner.run("perform", task, place.urlOf(fleet));
        note(samples, name, "memory", grown());
        expect(name, done, rows);
      } finally {
        await runner.stop();
      }
    }
  }
}

/** @param {ContestantName} name @param {Done} done @param {number} rows */
function expect(name, done, rows) {
  if (done.rows !== undefined && done.rows !== rows) throw new Error(`${name}: ${done.rows} rows instead of ${rows}`);
}

/** @param {Samples} samples @param {ContestantName} name @param {Figure} figure @param {number | undefined} value */
function note(samples, name, figure, value) {
  if (value === undefined) return;
  samples[name] ??= {};
  samples[name][figure] ??= [];
  samples[name][figure].push(Math.round(value * 1000) / 1000);
}

/** @param {Samples} samples @returns {Medians} */
function mediansOf(samples) {
  const entries = Object.entries(samples).map(([name, figures]) => [
    name,
    Object.fromEntries(Object.entries(figures).map(([figure, values]) => [figure, median(values)])),
  ]);
  return Object.fromEntries(entries);
}
