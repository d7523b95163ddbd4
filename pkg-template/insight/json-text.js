// @ts-check
// Reads and edits the text of a JSON object in place. Parsing and writing it again would turn 1.0 into 1, round large integers, and sort
// keys such as "10": in a selector, each of them makes a different replication.

/**
 * A member of the outermost object: its text, from the key to the end of the value, is from `start` to `end`.
 *
 * @typedef {{ key: string, start: number, value: number, end: number }} Member
 */

/** @param {string} text @param {number} at of the opening quote @returns {number} the position after the closing one */
function endOfString(text, at) {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}

/**
 * Finds the members of an object.
 *
 * @param {string} text valid JSON
 * @returns {Member[]} in their order; a key can occur several times
 */
export function membersOf(text) {
  /** @type {Member[]} */
  const members = [];
  /** @type {Member | undefined} that is being read */
  let member;
  let depth = 0;
  // The end of the latest character that is not white space.
  let end = 0;
  for (let at = 0; at < text.length; at = Math.max(at + 1, end)) {
    const character = text[at];
    if (/\s/.test(character)) continue;
    const isOver = depth === 1 && (character === "," || character === "}");
    if (isOver && member) {
      members.push({ ...member, end });
      member = undefined;
    } else if (depth === 1 && member?.value === 0 && character !== ":") {
      member.value = at;
    }
    if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    end = character === '"' ? endOfString(text, at) : at + 1;
    if (depth === 1 && !member && character === '"') {
      member = { key: JSON.parse(text.slice(at, end)), start: at, value: 0, end };
    }
  }
  return members;
}

/**
 * The text of a member's value. If the key occurs several times, the last one counts, as for `JSON.parse` and CouchDB.
 *
 * @param {string} text an object
 * @param {string} key
 * @returns {string | undefined}
 */
export const valueText = (text, key) => valueTexts(text).get(key);

/**
 * The texts of all values, by key.
 *
 * @param {string} text
 * @returns {Map<string, string>} empty if it is not an object
 */
export function valueTexts(text) {
  const members = text.trimStart().startsWith("{") ? membersOf(text) : [];
  return new Map(members.map(({ key, value, end }) => [key, text.slice(value, end)]));
}

/**
 * Replaces the value of a member, or adds the member at the end. All other characters stay.
 *
 * @param {string} text an object
 * @param {string} key
 * @param {string} value JSON
 */
export function withMember(text, key, value) {
  const members = membersOf(text);
  const found = members.findLast((member) => member.key === key);
  if (found) return text.slice(0, found.value) + value + text.slice(found.end);
  const last = members.at(-1);
  const at = last ? last.end : text.indexOf("{") + 1;
  return `${text.slice(0, at)}${last ? "," : ""}${JSON.stringify(key)}:${value}${text.slice(at)}`;
}

/**
 * Removes a member, each time it occurs. All other characters stay, except for a comma next to it.
 *
 * @param {string} text an object
 * @param {string} key
 */
export function withoutMember(text, key) {
  const members = membersOf(text);
  let edited = text;
  // From the end, so that the positions of the preceding ones stay the same.
  for (const [at, { start, end }] of [...members.entries()].reverse()) {
    if (members[at].key !== key) continue;
    const next = members.findIndex((member) => member.key !== key);
    const from = at > 0 ? members[at - 1].end : start;
    const to = at > 0 || next < 0 ? end : end + members[next].start - members[next - 1].end;
    edited = edited.slice(0, from) + edited.slice(to);
  }
  return edited;
}
