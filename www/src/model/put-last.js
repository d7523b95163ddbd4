// @ts-check
// Maps that are bounded: the oldest entry makes room.

/**
 * Adds or replaces an entry, which then is the newest one.
 *
 * @template K, V
 * @param {Map<K, V>} map
 * @param {K} key
 * @param {V} value
 * @param {number} max number of entries
 */
export function putLast(map, key, value, max) {
  map.delete(key);
  map.set(key, value);
  // Only then: a map finds its first key slowly after many were deleted.
  if (map.size > max) map.delete(/** @type {K} */ (map.keys().next().value));
}
