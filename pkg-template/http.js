// @ts-check
// What src/http cannot do without JavaScript: reading the body of an answer, and waiting. It is one file since the crate's
// tests in a browser import each file at the same time, and the server of wasm-bindgen's test runner was seen to hang on six.

/** As much as the wasm reads at a time. */
const PIECE = 131_072;

const isBrowser = "document" in globalThis || "WorkerGlobalScope" in globalThis;

/**
 * @typedef {object} BodyReader
 * @property {() => Promise<ReadableStreamReadResult<ArrayBufferView>>} read the next piece; the one before must not be needed any more
 */

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {BodyReader}
 */
export function readerOf(stream) {
  if (!isBrowser) return new ReaderAhead(stream.getReader());
  let reader;
  try {
    reader = stream.getReader({ mode: "byob" });
  } catch {
    return stream.getReader();
  }
  return new ReaderIntoOneBuffer(reader);
}

/**
 * Asks for a piece while the one before is being worked on. Where nobody waits for the next one, Node stops the connection, and
 * puts together what comes meanwhile: summary() of 100,000 documents took 91 ms instead of 84.
 */
class ReaderAhead {
  #reader;
  /** @type {Promise<ReadableStreamReadResult<Uint8Array>> | undefined} */
  #ahead;

  /** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
  constructor(reader) {
    this.#reader = reader;
  }

  async read() {
    const piece = await (this.#ahead ?? this.#ask());
    this.#ahead = piece?.done ? undefined : this.#ask();
    // What goes wrong is for the call that gets there.
    this.#ahead?.catch(() => {});
    return piece;
  }

  /** Rejects also where the reader throws. */
  async #ask() {
    return this.#reader.read();
  }
}

/** As many as a page that asks for several things at once has use for. */
const MOST_IDLE = 4;

/** What no answer is being read into. @type {ArrayBuffer[]} */
const idle = [];

/**
 * A browser gives each piece out in memory of its own, which piles up until it is collected: tens of megabytes for a long
 * list. So the pieces are read into memory of ours, over and over, where the stream allows that.
 */
class ReaderIntoOneBuffer {
  #reader;
  /** It is the stream's while it is being filled, then ours again. */
  #buffer = idle.pop() ?? new ArrayBuffer(PIECE);

  /** @param {ReadableStreamBYOBReader} reader */
  constructor(reader) {
    this.#reader = reader;
  }

  async read() {
    const piece = await this.#reader.read(new Uint8Array(this.#buffer));
    if (piece.value) this.#buffer = piece.value.buffer;
    // The next answer is read into it. One that breaks off keeps it, and is collected with it.
    if (piece.done && idle.length < MOST_IDLE && this.#buffer.byteLength === PIECE) idle.push(this.#buffer);
    return piece;
  }
}

// Waiting for the next task of the event loop: `setTimeout` alone would do, but browsers hold nested timers back by 4 ms each.

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

// Waiting between two requests: it ends by whichever of three events comes first, and leaves none of them behind. A timer that
// is left keeps Node running.

/** The longest delay `setTimeout` knows; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * @param {number} milliseconds
 * @param {boolean} untilShown in a page: not before it can be seen
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>} resolves when it is time, or `signal` is aborted
 */
export function pause(milliseconds, untilShown, signal) {
  return new Promise((resolve) => {
    const page = untilShown ? globalThis.document : undefined;
    let due = false;
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      page?.removeEventListener("visibilitychange", look);
      resolve();
    };
    const look = () => {
      if (due && page?.visibilityState !== "hidden") done();
    };
    const timer = setTimeout(
      () => {
        due = true;
        look();
      },
      Math.min(milliseconds, LONGEST),
    );
    page?.addEventListener("visibilitychange", look);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}
