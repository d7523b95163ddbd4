// @ts-check

/**
 * The value of `key`, made if it is absent. The oldest is forgotten if there are too many.
 *
 * @template Key, Value
 * @param {Map<Key, Value>} map
 * @param {Key} key
 * @param {() => Value} make
 * @param {number} [max]
 * @returns {Value}
 */
export function entry(map, key, make, max = Infinity) {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (map.size >= max) map.delete(/** @type {Key} */ (map.keys().next().value));
  map.set(key, made);
  return made;
}
