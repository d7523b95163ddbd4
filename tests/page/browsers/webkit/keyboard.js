// @ts-check
// Playwright's names of keys, as the actions of WebDriver.

/** @type {Record<string, string>} */
const KEYS = {
  Backspace: "\uE003",
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Control: "\uE009",
  ControlOrMeta: "\uE009",
  Alt: "\uE00A",
  Escape: "\uE00C",
  Space: " ",
  PageUp: "\uE00E",
  PageDown: "\uE00F",
  End: "\uE010",
  Home: "\uE011",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
  Delete: "\uE017",
  Meta: "\uE03D",
};

/** @param {string} key */
const code = (key) => {
  const value = KEYS[key] ?? key;
  if ([...value].length !== 1) throw new Error(`No key ${key}: see ${import.meta.url}.`);
  return value;
};

/** A key and those that are held with it: "Shift+Tab". @param {string} combination */
export function pressActions(combination) {
  const keys = (combination === "+" ? ["+"] : combination.split("+")).map(code);
  return [
    ...keys.map((value) => ({ type: "keyDown", value })),
    ...keys.toReversed().map((value) => ({ type: "keyUp", value })),
  ];
}

/** @param {string} text */
export const typeActions = (text) =>
  [...text].flatMap((value) => [
    { type: "keyDown", value },
    { type: "keyUp", value },
  ]);
