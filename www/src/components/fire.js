// @ts-check
// Events that leave shadow trees, and reach every ancestor.

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {unknown} [detail]
 * @param {boolean} [cancelable]
 * @returns {boolean} false: a listener has prevented its default
 */
export const fire = (target, type, detail, cancelable = false) =>
  target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
