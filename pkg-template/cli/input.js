// @ts-check
// Reads standard input or a file: at most so much, and only until Ctrl-C.

/**
 * The bytes of a stream, at most one more than the limit.
 *
 * @param {import("node:stream").Readable} stream
 * @param {number} limit
 * @param {AbortSignal} signal its reason is the error
 */
export async function bytesOf(stream, limit, signal) {
  const end = () => stream.destroy(signal.reason);
  signal.addEventListener("abort", end);
  try {
    signal.throwIfAborted();
    /** @type {Buffer[]} */
    const parts = [];
    let length = 0;
    for await (const part of stream) {
      parts.push(part);
      length += part.length;
      if (length > limit) break;
    }
    return Buffer.concat(parts).subarray(0, limit + 1);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
