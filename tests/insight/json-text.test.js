// @ts-check
// Editing the text of a JSON object: the edited member changes, and no other byte.

import assert from "node:assert/strict";
import { test } from "node:test";
import { membersOf, valueText, withMember, withoutMember } from "../../pkg-template/insight/json-text.js";
import { forEachSeed } from "../support/random.js";

/** @typedef {import("../support/random.js").Random} Random */

const WHITE = ["", "", "", " ", "\n", "\t ", "\r\n"];
const KEYS = ["a", "b", "10", "2", "source", "é", "__proto__", "", 'with "quotes"', "back\\slash", "{", "a,b:c]"];
const LEAVES = ["1.0", "1", "12345678901234567890123", "-0", "1e400", "0.10", "true", "null", '""', '"é\\u00e9"'];
const TEXTS = ['"}"', '"\\""', '"\\\\"', '"a,b"', '"{\\"a\\":1}"', '"\\\\\\""', '"/\\/"', '"\\ud83d\\ude00"'];

/** @param {Random} random @param {number} depth @returns {string} */
function randomValue(random, depth) {
  if (depth === 0 || random.chance(0.5)) return random.pick([...LEAVES, ...TEXTS]);
  const white = () => random.pick(WHITE);
  if (random.chance(0.5)) return randomObject(random, depth - 1).text.trim();
  const values = Array.from({ length: random.whole(0, 3) }, () => white() + randomValue(random, depth - 1) + white());
  return `[${values.join(",")}${values.length === 0 ? white() : ""}]`;
}

/** @param {string} key @param {Random} random */
const spelled = (key, random) =>
  random.chance(0.2)
    ? `"${[...key].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`
    : JSON.stringify(key);

/** An object as text, and its members as they are written. @param {Random} random @param {number} depth */
function randomObject(random, depth) {
  const white = () => random.pick(WHITE);
  const members = Array.from({ length: random.whole(0, 5) }, () => {
    const key = random.pick(KEYS);
    return { key, name: spelled(key, random), colon: `${white()}:${white()}`, value: randomValue(random, depth) };
  });
  const texts = members.map(({ name, colon, value }) => white() + name + colon + value + white());
  return { members, text: `${white()}{${texts.join(",") || white()}}${white()}` };
}

/** What an object has, with its keys in order, and numbers as they are written. @param {string} text */
const written = (text) =>
  membersOf(text).map(({ key, start, value, end }) => [key, text.slice(start, value), text.slice(value, end)]);

test("membersOf() finds each member of any object", async () => {
  await forEachSeed(2000, (random) => {
    const { members, text } = randomObject(random, 3);
    const expected = members.map(({ key, name, colon, value }) => [key, name + colon, value]);
    assert.deepEqual(written(text), expected, text);
  });
});

test("valueText() is the text of the value that JSON.parse would take", async () => {
  await forEachSeed(2000, (random) => {
    const { text } = randomObject(random, 2);
    const key = random.pick(KEYS);
    const value = valueText(text, key);
    const parsed = JSON.parse(text);
    assert.equal(value === undefined, !Object.hasOwn(parsed, key), text);
    if (value !== undefined) assert.deepEqual(JSON.parse(value), parsed[key], text);
  });
});

test("withMember() changes one value, and no other byte", async () => {
  await forEachSeed(2000, (random) => {
    const { members, text } = randomObject(random, 2);
    const [key, value] = [random.pick(KEYS), randomValue(random, 2)];
    const edited = withMember(text, key, value);
    const at = members.findLastIndex((member) => member.key === key);
    const before = written(text);
    const expected =
      at < 0
        ? [...before, [key, `${JSON.stringify(key)}:`, value]]
        : before.map(([name, start, old], i) => [name, start, i === at ? value : old]);
    assert.deepEqual(written(edited), expected, text);
    // What is inserted or replaced is one piece.
    const [length, same] = [Math.min(text.length, edited.length), commonEnds(text, edited)];
    const piece = value.length + JSON.stringify(key).length + 2;
    assert.ok(same >= length - piece, `${text} became ${edited}`);
    const parsed = JSON.parse(edited);
    assert.deepEqual(parsed[key], JSON.parse(value));
    assert.deepEqual(without(parsed, key), without(JSON.parse(text), key));
  });
});

test("withoutMember() removes one member, and no other byte", async () => {
  await forEachSeed(2000, (random) => {
    const { text } = randomObject(random, 2);
    const key = random.pick(KEYS);
    const edited = withoutMember(text, key);
    assert.deepEqual(
      written(edited),
      written(text).filter(([name]) => name !== key),
      text,
    );
    assert.deepEqual(JSON.parse(edited), without(JSON.parse(text), key));
    if (!Object.hasOwn(JSON.parse(text), key)) assert.equal(edited, text);
  });
});

test("adding a member and removing it yields the same bytes", async () => {
  await forEachSeed(2000, (random) => {
    const { text } = randomObject(random, 2);
    const key = `not there: ${random.pick(KEYS)}`;
    assert.equal(withoutMember(withMember(text, key, randomValue(random, 2)), key), text);
  });
});

test("a key that occurs several times is edited where it counts, and removed everywhere", () => {
  const text = '{ "a":1.0, "b":2, "a" : 3 ,"c":4,"\\u0061":5}';
  assert.equal(valueText(text, "a"), "5");
  assert.equal(withMember(text, "a", "6"), '{ "a":1.0, "b":2, "a" : 3 ,"c":4,"\\u0061":6}');
  assert.equal(withoutMember(text, "a"), '{ "b":2 ,"c":4}');
  assert.equal(withoutMember('{"a":1 , "a":2}', "a"), "{}");
});

/** @param {any} object @param {string} key */
function without(object, key) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** How many characters the beginnings and the ends of two texts share. @param {string} a @param {string} b */
function commonEnds(a, b) {
  const length = Math.min(a.length, b.length);
  let [start, end] = [0, 0];
  while (start < length && a[start] === b[start]) start++;
  while (end < length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return start + end;
}
