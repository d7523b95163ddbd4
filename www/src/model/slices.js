// @ts-check
// Runs long work in short slices, so that the page stays responsive: the work is a generator that yields wherever it may be
// interrupted.

/** Milliseconds of work per slice: half a frame. */
const SLICE = 8;

/** Resolves when the browser has had time for other tasks. A timer would wait for 4 ms each time. */
function nextTask() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      // An open port keeps a process of Node alive.
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(null);
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
