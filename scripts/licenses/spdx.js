// @ts-check
// Reads SPDX license expressions: `MIT OR Apache-2.0`, `(MIT OR Apache-2.0) AND Unicode-3.0`. `MIT/Apache-2.0` is
// the form in which Cargo used to write OR.

/**
 * Returns the ways to meet an expression, each a list of licenses that apply together; none if the expression is
 * missing or malformed.
 *
 * @param {unknown} expression
 * @returns {string[][]}
 */
export function alternatives(expression) {
  if (typeof expression !== "string") return [];
  const tokens = expression.match(/[()/]|[^\s()/]+/g) ?? [];
  let at = 0;
  /** @param {string[]} words */
  const accept = (...words) => words.includes(tokens[at] ?? "") && ++at > 0;

  function either() {
    const ways = all();
    while (accept("OR", "/")) ways.push(...all());
    return ways;
  }
  function all() {
    let ways = one();
    while (accept("AND")) {
      const more = one();
      ways = ways.flatMap((way) => more.map((other) => [...way, ...other]));
    }
    return ways;
  }
  /** @returns {string[][]} */
  function one() {
    if (accept("(")) {
      const ways = either();
      if (!accept(")")) throw new SyntaxError("no closing bracket");
      return ways;
    }
    const id = name();
    return [[accept("WITH") ? `${id} WITH ${name()}` : id]];
  }
  function name() {
    const word = tokens[at] ?? "";
    if (!/^[A-Za-z0-9][\w.+:-]*$/.test(word) || /^(AND|OR|WITH)$/.test(word)) throw new SyntaxError("no license");
    at += 1;
    return word;
  }

  try {
    const ways = either();
    return at === tokens.length ? ways : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/**
 * Returns the way to meet an expression whose licenses come first in `allowed`; `undefined` if there is none.
 *
 * @param {unknown} expression
 * @param {readonly string[]} allowed
 * @returns {string[] | undefined}
 */
export function choose(expression, allowed) {
  /** @param {string[]} way */
  const rank = (way) => Math.max(...way.map((license) => allowed.indexOf(license)));
  return alternatives(expression)
    .filter((way) => way.every((license) => allowed.includes(license)))
    .sort((a, b) => rank(a) - rank(b))[0];
}
