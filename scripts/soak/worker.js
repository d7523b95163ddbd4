// @ts-check
// A process of the soak that runs the package. Reports its memory and its sockets when it is asked, and ends with its parent.

/**
 * @typedef {object} Sample
 * @property {Record<string, number>} figures that must stay level: megabytes and numbers
 * @property {Record<string, number>} counts that grow: of `answers`, and others
 *
 * @param {Record<string, number>} counts numbers that grow
 */
export function answerSamples(counts) {
  process.on("disconnect", () => process.exit());
  process.on("message", () => {
    // Twice: finalizers of the first run free the memory of the wasm.
    globalThis.gc?.();
    setImmediate(() => {
      globalThis.gc?.();
      const { rss, heapUsed } = process.memoryUsage();
      // process.getActiveResourcesInfo() omits those that wait for their next use.
      const { libuv } = /** @type {{ libuv: { type: string }[] }} */ (
        /** @type {unknown} */ (process.report.getReport())
      );
      const sockets = libuv.filter(({ type }) => type === "tcp").length;
      process.send?.({ figures: { rss: rss / 1e6, heap: heapUsed / 1e6, sockets }, counts });
    });
  });
}
