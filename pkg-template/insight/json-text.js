// @ts-check
// Parts of a JSON text, unchanged. Parsing and writing again would turn 1.0 into 1, and round large integers.

const TOKENS = /"(?:[^"\\]|\\.)*"|[[\]{},:]/g;

/**
 * The members of a JSON object: their names, and their values as text. Of members with the same name, the last one counts.
 *
 * @param {string} json valid JSON
 * @returns {Map<string, string>} empty if it is not an object
 */
export function membersOf(json) {
  /** @type {Map<string, string>} */
  const members = new Map();
  if (!json.trimStart().startsWith("{")) return members;
  let depth = 0;
  /** @type {string | undefined} */
  let name;
  let start = -1;
  for (const { 0: token, index } of json.matchAll(TOKENS)) {
    const isEnd = token === "}" || token === "]";
    if (depth === 1 && (isEnd || token === ",") && name !== undefined) {
      members.set(name, json.slice(start, index).trim());
      name = undefined;
      start = -1;
    }
    if (depth === 1 && start < 0 && token.startsWith('"')) name = JSON.parse(token);
    if (depth === 1 && start < 0 && token === ":") start = index + 1;
    if (isEnd) depth--;
    if (token === "{" || token === "[") depth++;
  }
  return members;
}
