// @ts-check
// Waiting for the next task of the event loop. `setTimeout` alone would do, but browsers hold nested timers back
// by 4 ms each.

/** @returns {Promise<void>} resolves in a new task, after timers, input and painting have had their turn */
export function nextTask() {
  const { setImmediate, MessageChannel, setTimeout } = globalThis;
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
    } else if (typeof MessageChannel === "function") {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    } else {
      setTimeout(resolve, 0);
    }
  });
}
