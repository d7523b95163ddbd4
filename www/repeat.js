// @ts-check
// Does something again and again, but never twice at once, and not while nobody looks.

/**
 * The pause begins when a run has ended, however long that took.
 *
 * @param {(signal: AbortSignal) => Promise<number | undefined>} task never rejects; may return the pause after it, in ms
 * @param {number} interval the pause where it does not, in ms
 */
export function repeat(task, interval) {
  /** The present run, or what stops the next. */
  let current = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isWanted = false;
  let isRunning = false;

  async function run() {
    clearTimeout(timer);
    isRunning = true;
    const mine = new AbortController();
    current = mine;
    const pause = (await task(mine.signal)) ?? interval;
    if (mine.signal.aborted) return;
    isRunning = false;
    if (!document.hidden) timer = setTimeout(run, pause);
  }

  function stop() {
    isWanted = false;
    isRunning = false;
    clearTimeout(timer);
    current.abort();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else if (isWanted && !isRunning) run();
  });

  return {
    /** At once, whatever is going on: what was asked for is no longer wanted. */
    restart() {
      stop();
      isWanted = true;
      return run();
    },
    /** Now instead of later. */
    hurry() {
      if (isWanted && !isRunning) run();
    },
    stop,
  };
}
