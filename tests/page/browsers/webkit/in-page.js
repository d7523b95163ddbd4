// @ts-check
// What runs in the page: each function is sent as text and refers to nothing outside.

/** Collects errors and warnings, until the next call asks for them. */
export function collectMessages() {
  /** @type {[string, string][]} */
  const messages = [];
  Object.assign(globalThis, { __messages: messages });
  addEventListener("error", ({ message, error }) => {
    // No error: the rest is observed in the next frame.
    if (/^ResizeObserver loop/.test(message)) return;
    messages.push(["pageerror", error ? String(error) : message]);
  });
  addEventListener("unhandledrejection", ({ reason }) => messages.push(["pageerror", String(reason)]));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    messages.push(["error", `Refused by ${violatedDirective}: ${blockedURI}`]);
  });
  for (const type of /** @type {const} */ (["error", "warn"])) {
    const print = console[type];
    console[type] = (...args) => {
      messages.push([type === "warn" ? "warning" : type, args.map(String).join(" ")]);
      print.apply(console, args);
    };
  }
}

/** The elements for a selector. @param {string} selector @returns {HTMLElement[]} */
export function findAll(selector) {
  const { __injected } = /** @type {any} */ (globalThis);
  return __injected.querySelectorAll(__injected.parseSelector(selector), document);
}

/** The element for a selector, if it has these states. @param {string} selector @param {string[]} states */
export async function findReady(selector, states) {
  const { __injected } = /** @type {any} */ (globalThis);
  const element = __injected.querySelector(__injected.parseSelector(selector), document, true);
  if (!element) return undefined;
  return (await __injected.checkElementStates(element, states, true)) === undefined ? element : undefined;
}

/**
 * Where to click, as soon as nothing covers this point.
 *
 * @param {HTMLElement} element
 * @param {{ x: number, y: number } | null} position in the element; null: its middle
 */
export function clickPoint(element, position) {
  const { __injected } = /** @type {any} */ (globalThis);
  /** @type {any} */ (element).scrollIntoViewIfNeeded?.(true);
  const rect = [...element.getClientRects()].find(({ width, height }) => width > 0 && height > 0);
  if (!rect) return undefined;
  const clamp = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ max) =>
    Math.floor((Math.max(from, 0) + Math.min(to, max)) / 2);
  const point = position
    ? { x: Math.floor(rect.left + position.x), y: Math.floor(rect.top + position.y) }
    : { x: clamp(rect.left, rect.right, innerWidth), y: clamp(rect.top, rect.bottom, innerHeight) };
  return __injected.expectHitTarget(point, __injected.retarget(element, "button-link")) === "done" ? point : undefined;
}

/** Types a value into a field, instead of its present one. @param {HTMLElement} element @param {string} value */
export function fill(element, value) {
  const { __injected } = /** @type {any} */ (globalThis);
  if (__injected.fill(element, value) !== "needsinput") return;
  if (value) document.execCommand("insertText", false, value);
  else document.execCommand("delete");
}
