// @ts-check
// Values that are wrong in most places, each with a name for messages.

/** @typedef {[name: string, value: unknown][]} Kinds */

/** @type {Kinds} */
export const NUMBERS = [
  ["zero", 0],
  ["one", 1],
  ["minus one", -1],
  ["a fraction", 1.5],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["minus Infinity", Number.NEGATIVE_INFINITY],
  ["2 ** 53", 2 ** 53],
  ["1e308", 1e308],
  ["the smallest fraction", Number.MIN_VALUE],
];

/** @type {Kinds} */
export const STRINGS = [
  ["the empty string", ""],
  ["a word", "word"],
  ["digits", "10"],
  ["half a surrogate pair", "a\ud83d"],
  ["the other half of a surrogate pair", "\ude00b"],
  ["a long string", "long ".repeat(1000)],
];

/** @type {Kinds} */
export const PRIMITIVES = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["a bigint", 10n],
  ["a symbol", Symbol("wrong")],
  ["a well-known symbol", Symbol.iterator],
];

/** @type {Kinds} */
export const ARRAYS = [
  ["an empty array", []],
  ["an array", ["failed"]],
  ["an array of arrays", [[]]],
  ["a sparse array", new Array(3)],
];

/** @type {Kinds} */
export const FUNCTIONS = [
  ["a function", () => 5],
  ["a class", class Wrong {}],
  ["an async function", async () => 5],
];

/** @type {Kinds} */
export const OBJECTS = [
  ["an empty object", {}],
  ["an object without a prototype", Object.create(null)],
  ["a Date", new Date(0)],
  ["a Map", new Map([["a", 1]])],
  ["a Number object", new Number(5)],
  ["a String object", new String("failed")],
  ["an Error", new Error("wrong")],
  ["a promise", Promise.resolve(5)],
  ["a typed array", new Uint8Array(3)],
  ["a regular expression", /x/],
  ["an object that becomes a number", { valueOf: () => 5, toString: () => "5" }],
];

/** The error that they throw. */
export const THROWN = new Error("thrown by the argument itself");

const throwing = () => {
  throw THROWN;
};

/** An object that throws on every access. */
export const hostileProxy = () =>
  new Proxy({}, Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((trap) => [trap, throwing])));

/** The same, but an array for Array.isArray. */
export const hostileArray = () => new Proxy(["failed"], { get: throwing, ownKeys: throwing, has: throwing });

export const revokedProxy = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** @param {string} name */
export const throwingGetter = (name) => Object.defineProperty({}, name, { get: throwing, enumerable: true });

/** @param {...Kinds} groups @param {{ but?: string[] }} [except] */
export function kinds(groups, { but = [] } = {}) {
  return groups.flat().filter(([name]) => !but.includes(name));
}

/**
 * An object with these members, each a getter, and how often each was read.
 *
 * @param {Record<string, unknown>} members
 */
export function countingGetters(members) {
  /** @type {Record<string, number>} */
  const reads = {};
  const object = {};
  for (const [name, value] of Object.entries(members)) {
    reads[name] = 0;
    Object.defineProperty(object, name, {
      enumerable: true,
      get() {
        reads[name] += 1;
        return value;
      },
    });
  }
  return { object, reads };
}
