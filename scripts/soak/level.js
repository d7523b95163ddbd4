// @ts-check
// Whether memory and sockets stay level while there are still answers. Pure.

/** The part of the samples in which caches fill. */
const WARM_UP = 1 / 6;

/** How much a figure may be larger at the end: a fraction, and in its unit. Garbage is not collected at the same moment each time. @type {Record<string, [share: number, plus: number]>} */
const TOLERANCE = {
  rss: [0.1, 10],
  heap: [0.05, 0.5],
  sockets: [0, 4],
  nodes: [0.1, 500],
  listeners: [0.1, 20],
};

/**
 * What is wrong: figures of which the median of the last third is larger than that of the first third following the warm-up; and if
 * there were no more answers in the last third.
 *
 * @param {readonly import("./worker.js").Sample[]} samples in the order of time
 * @returns {string[]}
 */
export function problemsOf(samples) {
  const warm = samples.slice(Math.ceil(samples.length * WARM_UP));
  const third = Math.floor(warm.length / 3);
  const [first, last] = [warm.slice(0, third), warm.slice(-third)];
  const grown = Object.keys(warm[0]?.figures ?? {}).flatMap((name) => {
    const [share, plus] = TOLERANCE[name] ?? [0, 0];
    const [from, to] = [first, last].map((part) => median(part.map(({ figures }) => figures[name] ?? Number.NaN)));
    return to <= from * (1 + share) + plus ? [] : [`${name} grew from ${from.toFixed(1)} to ${to.toFixed(1)}`];
  });
  const [before, after] = [last[0], last.at(-1)].map((sample) => sample?.counts.answers ?? 0);
  return after > before ? grown : [...grown, "no more answers"];
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
