// @ts-check
// What values are: of callers, and in responses of servers.

/** @param {any} value */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} value */
export const isText = (value) => typeof value === "string";

/** @param {unknown} value */
export const isFilledText = (value) => isText(value) && value !== "";

/** @param {any} value */
export const areTexts = (value) => Array.isArray(value) && value.every(isText);

/** Whether this is a whole number from 0 up. @param {unknown} value */
export const isCount = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
