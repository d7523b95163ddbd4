// @ts-check
// Playwright's pages, as far as the tests use them.

import { collectMessages } from "./in-page.js";
import { setInitScript } from "./init-script.js";
import { pressActions, typeActions } from "./keyboard.js";
import { WebKitLocator } from "./locator.js";
import { CLOCK, INJECTED } from "./playwright.js";
import { byAttribute, byLabel, byRole, byText, filters } from "./selectors.js";

/** Milliseconds between two looks at the page. */
const PAUSE = 15;

/** An expression or statements, as a function. @param {string} text */
function functionOf(text) {
  try {
    const expression = `() => (${text}\n)`;
    new Function(expression);
    return expression;
  } catch {
    return `() => {\n${text}\n}`;
  }
}

/** JSON has no `undefined`; the page writes it as an object. @param {any} value @returns {any} */
function withUndefined(value) {
  if (typeof value !== "object" || value === null) return value;
  if (value.__isUndefined) return undefined;
  for (const key of Object.keys(value)) value[key] = withUndefined(value[key]);
  return value;
}

export class WebKitPage {
  /** @type {string[]} */
  #initScripts = [`(${collectMessages})();`, INJECTED];
  /** @type {Record<string, ((message: any) => void)[]>} */
  #listeners = { pageerror: [], console: [] };
  #url = "about:blank";
  timeout = 30_000;

  /** @param {import("./driver.js").Session} session */
  constructor(session) {
    this.session = session;
    setInitScript(() => this.#initScripts.join("\n"));
  }

  /** @param {string} type @param {(message: any) => void} listener */
  on(type, listener) {
    this.#listeners[type]?.push(listener);
    return this;
  }

  /** @param {() => unknown} isSo @param {string} what */
  async until(isSo, what) {
    const end = Date.now() + this.timeout;
    for (;;) {
      const result = await isSo();
      if (result) return;
      if (Date.now() > end) throw new Error(`Timeout ${this.timeout}ms exceeded: waiting for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /**
   * Calls a function in the page, and reports its messages since the last call.
   *
   * @param {string} source
   * @param {unknown[]} args
   * @returns {Promise<any>}
   */
  async call(source, args) {
    const script = `return (async () => {
      const done = (result) => JSON.stringify({
        ...result, url: location.href, messages: globalThis.__messages?.splice(0) ?? [],
      }, (_, value) => (value === undefined ? { __isUndefined: true } : value));
      try {
        return done({ value: await (${source})(...JSON.parse(arguments[0])) });
      } catch (error) {
        return done({ error: String(error) + "\\n" + error?.stack });
      }
    }).apply(null, arguments)`;
    const { value, error, url, messages } = JSON.parse(
      await this.session.post("/execute/sync", { script, args: [JSON.stringify(args)] }),
    );
    this.#url = url;
    for (const [type, text] of messages) this.#report(type, text);
    if (error) throw new Error(error);
    return withUndefined(value);
  }

  /** @param {string} type @param {string} text */
  #report(type, text) {
    if (type === "pageerror") for (const listener of this.#listeners.pageerror ?? []) listener(text);
    else for (const listener of this.#listeners.console ?? []) listener({ type: () => type, text: () => text });
  }

  /** Reports the last messages, which are gone with the document. */
  async collect() {
    await this.call("() => {}", []);
  }

  /** @param {string | ((arg: any) => unknown)} what @param {unknown} [arg] */
  evaluate = (what, arg) => this.call(typeof what === "string" ? functionOf(what) : String(what), [arg]);
  url = () => this.#url;
  title = () => this.evaluate("document.title");

  /** @param {string} path @param {object} [body] */
  async #navigate(path, body) {
    await this.collect();
    await this.session.post(path, body);
    await this.collect();
    return null;
  }
  goto = (/** @type {string} */ url) => this.#navigate("/url", { url });
  reload = () => this.#navigate("/refresh");
  goBack = () => this.#navigate("/back");

  /** @param {{ width: number, height: number }} size */
  async setViewportSize({ width, height }) {
    const frame = await this.evaluate("outerHeight - innerHeight");
    await this.session.resize(width, height + frame);
    const isSo = `innerWidth === ${width} && innerHeight === ${height} && document.hasFocus()`;
    await this.until(() => this.evaluate(isSo), "the new size");
  }

  /** @param {string} selector @param {Parameters<typeof filters>[0]} [options] */
  locator = (selector, options) => new WebKitLocator(this, selector + filters(options));
  getByRole = (/** @type {Parameters<typeof byRole>} */ ...args) => this.locator(byRole(...args));
  getByText = (/** @type {Parameters<typeof byText>} */ ...args) => this.locator(byText(...args));
  getByLabel = (/** @type {Parameters<typeof byLabel>} */ ...args) => this.locator(byLabel(...args));
  getByTitle = (/** @type {Parameters<typeof byText>} */ ...args) => this.locator(byAttribute("title")(...args));
  getByPlaceholder = (/** @type {Parameters<typeof byText>} */ ...args) =>
    this.locator(byAttribute("placeholder")(...args));

  /** The address can be another one afterwards. @param {object[]} actions */
  async #perform(...actions) {
    await this.session.post("/actions", { actions });
    await this.collect();
  }
  keyboard = {
    press: (/** @type {string} */ key) => this.#perform({ type: "key", id: "keys", actions: pressActions(key) }),
    type: (/** @type {string} */ text) => this.#perform({ type: "key", id: "keys", actions: typeActions(text) }),
  };

  /** @param {object[]} actions */
  #point = (...actions) => ({ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions });
  mouse = {
    move: (/** @type {number} */ x, /** @type {number} */ y) =>
      this.#perform(this.#point({ type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y) })),
    down: () => this.#perform(this.#point({ type: "pointerDown", button: 0 })),
    up: () => this.#perform(this.#point({ type: "pointerUp", button: 0 })),
    click: (/** @type {number} */ x, /** @type {number} */ y) => this.click({ x, y }, 1, []),
  };

  /** @param {{ x: number, y: number }} point @param {number} times @param {string[]} modifiers */
  async click({ x, y }, times, modifiers) {
    const presses = Array.from({ length: times }, () => [
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ]).flat();
    const held = modifiers.length > 0 ? pressActions(modifiers.join("+")) : [];
    const pause = { type: "pause", duration: 0 };
    const before = Math.max(held.length / 2, 1);
    const pointer = [
      { type: "pointerMove", duration: 0, x, y },
      ...Array.from({ length: before - 1 }, () => pause),
      ...presses,
    ];
    const keys = [...held.slice(0, held.length / 2), ...presses.map(() => pause), ...held.slice(held.length / 2)];
    await this.#perform(
      this.#point(...pointer),
      ...(held.length > 0 ? [{ type: "key", id: "keys", actions: keys }] : []),
    );
  }

  /** Also in the documents that are opened later. @param {string} type @param {number} value */
  async #clockDo(type, value) {
    this.#initScripts.push(`globalThis.__clock.log("${type}", ${Date.now()}, ${value});`);
    await this.call(`async (value) => { await globalThis.__clock?.${type}(value); }`, [value]);
  }
  clock = {
    install: async (/** @type {{ time: number }} */ { time }) => {
      this.#initScripts.push(CLOCK);
      await this.#clockDo("install", time);
    },
    pauseAt: (/** @type {number} */ time) => this.#clockDo("pauseAt", time),
    setFixedTime: (/** @type {number} */ time) => this.#clockDo("setFixedTime", time),
    runFor: (/** @type {number} */ ms) => this.#clockDo("runFor", ms),
    fastForward: (/** @type {number} */ ms) => this.#clockDo("fastForward", ms),
  };

  context = () => ({
    addInitScript: async (/** @type {Function} */ script, /** @type {unknown} */ arg) => {
      this.#initScripts.push(`(${script})(${JSON.stringify(arg)});`);
    },
    addCookies: async (/** @type {object[]} */ cookies) => {
      for (const cookie of cookies) await this.session.post("/cookie", { cookie });
    },
  });
}
