// @ts-check
// Runs long work in short slices, so that the page stays responsive: the work is a generator that yields wherever it may be
// interrupted.

/** Milliseconds of work per slice: half a frame. */
const SLICE = 8;

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Resolves when the browser has had time for other tasks. A timer would wait for 4 ms each time. */
function nextTask() {
  return new Promise((resolve) => {
    waiting.push(() => resolve(undefined));
    channel.port2.postMessage(null);
  });
}

/**
 * @template Result
 * @param {Generator<unknown, Result, undefined>} work
 * @param {() => boolean} [isUnwanted] checked between slices; if true, the work is abandoned
 * @returns {Promise<Result | undefined>} undefined if abandoned
 */
export async function inSlices(work, isUnwanted = () => false) {
  for (;;) {
    const end = performance.now() + SLICE;
    do {
      const { done, value } = work.next();
      if (done) return value;
    } while (performance.now() < end);
    await nextTask();
    if (isUnwanted()) return undefined;
  }
}
