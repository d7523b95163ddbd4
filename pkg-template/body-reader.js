// @ts-check
// Reading the body of an answer, piece by piece.

/** As much as the wasm reads at a time. */
const PIECE = 131_072;

/** Node's streams, which Bun and Deno have too, give out the memory that the network wrote to: nothing is faster. */
const isNode = typeof globalThis.process?.versions?.node === "string";

/**
 * A browser gives each piece out in memory of its own, which piles up until it is collected: tens of megabytes for a long
 * list. So the pieces are read into memory of ours, over and over, where the stream allows that.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {{ read(): Promise<ReadableStreamReadResult<Uint8Array>> }}
 */
export function readerOf(stream) {
  if (isNode) return stream.getReader();
  let reader;
  try {
    reader = stream.getReader({ mode: "byob" });
  } catch {
    return stream.getReader();
  }
  return new ReaderIntoOneBuffer(reader);
}

class ReaderIntoOneBuffer {
  #reader;
  /** It is the stream's while it is being filled, then ours again. @type {ArrayBufferLike} */
  #buffer = new ArrayBuffer(PIECE);

  /** @param {ReadableStreamBYOBReader} reader */
  constructor(reader) {
    this.#reader = reader;
  }

  /** What was read before must not be needed any more. */
  async read() {
    const piece = await this.#reader.read(new Uint8Array(this.#buffer));
    if (piece.value) this.#buffer = piece.value.buffer;
    return piece;
  }
}
