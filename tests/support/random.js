// @ts-check
// Repeatable randomness: everything follows from a seed, and a failed test reports its seed.

/**
 * @typedef {object} Random
 * @property {() => number} fraction from 0 to 1
 * @property {(from: number, to: number) => number} whole both ends included
 * @property {(probability: number) => boolean} chance
 * @property {<T>(items: readonly T[]) => T} pick
 * @property {<T>(items: readonly T[]) => T[]} some a random selection, in order
 */

/**
 * @param {number} seed
 * @returns {Random}
 */
export function randomOf(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  const fraction = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (/** @type {number} */ from, /** @type {number} */ to) =>
    from + Math.floor(fraction() * (to - from + 1));
  return {
    fraction,
    whole,
    chance: (probability) => fraction() < probability,
    pick: (items) => items[whole(0, items.length - 1)],
    some: (items) => items.filter(() => fraction() < 0.5),
  };
}

/**
 * Calls `check` with random numbers of many seeds. SEED=17 calls it with this seed only.
 *
 * @param {number} cases
 * @param {(random: Random, seed: number) => Promise<void> | void} check
 */
export async function forEachSeed(cases, check) {
  const only = process.env.SEED;
  const seeds = only === undefined ? Array.from({ length: cases }, (_, seed) => seed) : [Number(only)];
  for (const seed of seeds) {
    try {
      await check(randomOf(seed), seed);
    } catch (error) {
      throw new Error(`with seed ${seed} (SEED=${seed} node --test … runs it alone): ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * `bytes` in pieces that are cut anywhere.
 *
 * @param {Uint8Array} bytes
 * @param {Random} random
 * @param {number} [longest]
 */
export function cutAnywhere(bytes, random, longest = 200) {
  const pieces = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + random.whole(1, longest);
    pieces.push(bytes.slice(at, end));
    at = end;
  }
  return pieces;
}
