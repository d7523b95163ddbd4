// @ts-check
// Measures how long the event loop was blocked: ticks as fast as it can, and keeps the longest interval between two.

/** @returns {(callback: () => void) => void} calls back in a separate task as soon as possible */
function ticker() {
  if (typeof setImmediate === "function") return setImmediate;
  const { port1, port2 } = new MessageChannel();
  return (callback) => {
    port1.onmessage = callback;
    port2.postMessage(undefined);
  };
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<{ result: T, block: number }>} milliseconds
 */
export async function longestBlock(work) {
  const soon = ticker();
  let block = 0;
  let last = performance.now();
  let ending = false;
  const ended = new Promise((resolve) => {
    const tick = () => {
      const now = performance.now();
      block = Math.max(block, now - last);
      last = now;
      if (ending) resolve(undefined);
      else soon(tick);
    };
    soon(() => {
      last = performance.now();
      soon(tick);
    });
  });
  const result = await work();
  // One more tick, for the time since the last one.
  ending = true;
  await ended;
  return { result, block };
}
