// @ts-check
// Rows out of the wasm's memory, by the engine's own parser: nothing builds plain objects faster.

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @param {Uint8Array} json
 * @returns {unknown}
 */
export const parse = (json) => JSON.parse(utf8.decode(json));

/**
 * @param {unknown[]} all
 * @param {unknown[]} more what is put behind it
 */
export function append(all, more) {
  for (const one of more) all.push(one);
}
