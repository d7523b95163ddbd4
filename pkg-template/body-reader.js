// @ts-check
// Reading the body of an answer, piece by piece.

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
 * Asks for a piece while the one before is being worked on. Where nobody waits for the next one, Node stops the connection and puts
 * what comes meanwhile together: that took a fifth of the time of a long list.
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
    const piece = await (this.#ahead ?? this.#reader.read());
    this.#ahead = piece.done ? undefined : this.#reader.read();
    // What goes wrong is for the call that gets there.
    this.#ahead?.catch(() => {});
    return piece;
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
