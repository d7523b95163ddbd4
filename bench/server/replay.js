// @ts-check
// Sends prepared responses: the server's work per request is only its bytes.

import { wireBytes } from "./wire.js";

/**
 * @typedef {import("../../simulator/protocol/http.js").SimRequest} SimRequest
 * @typedef {{ path: string, rows: number }} Logged
 */

/** @type {import("../../simulator/protocol/http.js").Reply} */
const REFUSAL = { status: 403, headers: [], body: '{"error":"forbidden","reason":"not here"}' };

export class Replay {
  #simulator;
  #chunkBytes;
  /** @type {string | undefined} */
  #refuses;
  /** @type {Map<string, { bytes: Uint8Array[], rows: number }>} */
  #answers = new Map();
  /** @type {Logged[]} */
  #log = [];

  /**
   * @param {import("../../simulator/index.js").Simulator} simulator
   * @param {number} chunkBytes
   * @param {string} [refuses] paths with these prefixes
   */
  constructor(simulator, chunkBytes, refuses) {
    this.#refuses = refuses;
    this.#simulator = simulator;
    this.#chunkBytes = chunkBytes;
  }

  /** @param {SimRequest} request */
  async answer(request) {
    const path = request.url.pathname + request.url.search;
    const answer = this.#answers.get(path) ?? (await this.#ask(request));
    this.#answers.set(path, answer);
    this.#log.push({ path, rows: answer.rows });
    return answer.bytes;
  }

  /** @param {SimRequest} request */
  async #ask(request) {
    const isRefused = this.#refuses !== undefined && request.url.pathname.startsWith(this.#refuses);
    const reply = isRefused ? REFUSAL : await this.#simulator.handle(request);
    const bytes = await wireBytes(reply, this.#chunkBytes);
    // By now the rows have been produced and counted.
    return { bytes, rows: this.#simulator.requests.at(-1)?.rows ?? 0 };
  }

  /** Returns every request since the last call. */
  takeLog() {
    return this.#log.splice(0);
  }
}
