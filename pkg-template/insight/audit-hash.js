// @ts-check
// Identifies texts by numbers that JSON and JavaScript keep exactly: nothing else of a replication is in a snapshot.

/**
 * A number below 2^53 of any text, evenly distributed: two hashes of 32 bits, mixed, as in MurmurHash3. It keeps no secrets.
 *
 * @param {unknown} value JSON
 */
export function hash(value) {
  const text = JSON.stringify(value);
  let [one, other] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x9e3779b1);
    other = Math.imul(other ^ unit, 0x5f356495);
  }
  const mixed = mix(one) ^ mix(other ^ (one >>> 13));
  return (mix(other) & 0x1fffff) * 2 ** 32 + (mixed >>> 0);
}

/** @param {number} bits */
function mix(bits) {
  const mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ (mixed >>> 16);
}
