// @ts-check
// Long work in short slices, so that the page keeps answering: the work is a generator that yields wherever it may be
// interrupted.

/** Milliseconds of work at a time: half a frame. */
const SLICE = 8;

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Resolves when the browser has had its turn. A timer would wait for 4 ms each time. */
function nextTask() {
  return new Promise((resolve) => {
    waiting.push(() => resolve(undefined));
    channel.port2.postMessage(null);
  });
}

/**
 * @template Result
 * @param {Generator<unknown, Result, undefined>} work
 * @param {() => boolean} [isUnwanted] asked between slices; the work is then left as it is
 * @returns {Promise<Result | undefined>} undefined where it was left
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
