// @ts-check
// Playwright's locators, as far as the tests use them.

import { clickPoint, fill, findAll, findReady } from "./in-page.js";
import { byAttribute, byLabel, byRole, byText, filters } from "./selectors.js";

/** @typedef {import("./page.js").WebKitPage} WebKitPage */

const ACTIONABLE = ["visible", "enabled", "stable"];

export class WebKitLocator {
  /** @param {WebKitPage} page @param {string} selector */
  constructor(page, selector) {
    this.owner = page;
    this.selector = selector;
  }

  page = () => this.owner;
  toString = () => this.selector;

  /** @param {string} more */
  #then = (more) => new WebKitLocator(this.owner, `${this.selector} >> ${more}`);

  /** @param {string | WebKitLocator} inner @param {Parameters<typeof filters>[0]} [options] */
  locator(inner, options) {
    const more = typeof inner === "string" ? inner : `internal:chain=${JSON.stringify(inner.selector)}`;
    return this.#then(more + filters(options));
  }
  /** @param {Parameters<typeof filters>[0]} options */
  filter(options) {
    return new WebKitLocator(this.owner, this.selector + filters(options));
  }
  first = () => this.#then("nth=0");
  last = () => this.#then("nth=-1");
  nth = (/** @type {number} */ index) => this.#then(`nth=${index}`);
  or = (/** @type {WebKitLocator} */ other) => this.#then(`internal:or=${JSON.stringify(other.selector)}`);
  and = (/** @type {WebKitLocator} */ other) => this.#then(`internal:and=${JSON.stringify(other.selector)}`);
  getByRole = (/** @type {Parameters<typeof byRole>} */ ...args) => this.#then(byRole(...args));
  getByText = (/** @type {Parameters<typeof byText>} */ ...args) => this.#then(byText(...args));
  getByLabel = (/** @type {Parameters<typeof byLabel>} */ ...args) => this.#then(byLabel(...args));
  getByTitle = (/** @type {Parameters<typeof byText>} */ ...args) => this.#then(byAttribute("title")(...args));
  getByPlaceholder = (/** @type {Parameters<typeof byText>} */ ...args) =>
    this.#then(byAttribute("placeholder")(...args));

  /**
   * Waits for the element, in these states, and for a result of the function.
   *
   * @template R
   * @param {(element: any, arg: any) => R} use runs in the page
   * @param {unknown} [arg]
   * @param {string[]} [states]
   * @returns {Promise<Awaited<R>>}
   */
  async #with(use, arg, states = []) {
    /** @type {any} */
    let result;
    await this.owner.until(async () => {
      result = await this.owner.call(
        `async (selector, states, arg) => {
          const element = await (${findReady})(selector, states);
          return element && { value: await (${use})(element, arg) };
        }`,
        [this.selector, states, arg],
      );
      return result;
    }, this.selector);
    return result.value;
  }

  /** @template R @param {(elements: any[], arg: any) => R} use runs in the page @param {unknown} [arg] @returns {Promise<Awaited<R>>} */
  evaluateAll(use, arg) {
    return this.owner.call(`(selector, arg) => (${use})((${findAll})(selector), arg)`, [this.selector, arg]);
  }
  /** @template R @param {(element: any, arg: any) => R} use @param {unknown} [arg] */
  evaluate = (use, arg) => this.#with(use, arg);
  count = () => this.evaluateAll((all) => all.length);
  async all() {
    return Array.from({ length: await this.count() }, (_, i) => this.nth(i));
  }
  allTextContents = () => this.evaluateAll((all) => all.map((element) => element.textContent ?? ""));
  allInnerTexts = () => this.evaluateAll((all) => all.map((element) => element.innerText.trim()));

  /** WebKit ends the text of some blocks with a line break. */
  innerText = () => this.#with((element) => element.innerText.trim());
  innerHTML = () => this.#with((element) => element.innerHTML);
  textContent = () => this.#with((element) => element.textContent);
  inputValue = () => this.#with((element) => element.value);
  getAttribute = (/** @type {string} */ name) => this.#with((element, name) => element.getAttribute(name), name);
  boundingBox = () =>
    this.#with((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return width + height > 0 ? { x, y, width, height } : null;
    });

  /** @param {string} state */
  #is = (state) =>
    this.#with(
      (element, state) => /** @type {any} */ (globalThis).__injected.elementState(element, state, true).matches,
      state,
    );
  isEnabled = () => this.#is("enabled");
  isDisabled = () => this.#is("disabled");
  isChecked = () => this.#is("checked");
  /** As in Playwright, at once. */
  isVisible = () =>
    this.owner.call(`async (selector) => (await (${findReady})(selector, ["visible"])) !== undefined`, [this.selector]);
  isHidden = async () => !(await this.isVisible());

  /** @param {{ state?: "visible" | "hidden" | "attached" | "detached" }} [options] */
  async waitFor({ state = "visible" } = {}) {
    const isSo = {
      visible: () => this.isVisible(),
      hidden: () => this.isHidden(),
      attached: async () => (await this.count()) > 0,
      detached: async () => (await this.count()) === 0,
    }[state];
    await this.owner.until(isSo, `${this.selector} to be ${state}`);
  }

  /** @param {{ x: number, y: number }} [position] in the element; default: its middle */
  async #point(position) {
    /** @type {{ x: number, y: number } | undefined | null} */
    let point;
    await this.owner.until(async () => {
      point = await this.#with(clickPoint, position, ACTIONABLE);
      return point;
    }, `${this.selector} to be uncovered`);
    return /** @type {{ x: number, y: number }} */ (/** @type {unknown} */ (point));
  }
  /** @param {{ modifiers?: string[], position?: { x: number, y: number } }} [options] */
  async click({ modifiers = [], position } = {}) {
    await this.owner.click(await this.#point(position), 1, modifiers);
  }
  async dblclick() {
    await this.owner.click(await this.#point(), 2, []);
  }
  async hover() {
    const { x, y } = await this.#point();
    await this.owner.mouse.move(x, y);
  }
  scrollIntoViewIfNeeded = () => this.#with((element) => element.scrollIntoViewIfNeeded(true));
  fill = (/** @type {string} */ value) => this.#with(fill, value, ["visible", "enabled", "editable"]);
  clear = () => this.fill("");
  focus = () => this.#with((element) => element.focus());
  blur = () => this.#with((element) => element.blur());
  async press(/** @type {string} */ key) {
    await this.focus();
    await this.owner.keyboard.press(key);
  }
  async pressSequentially(/** @type {string} */ text) {
    await this.focus();
    await this.owner.keyboard.type(text);
  }
  async setChecked(/** @type {boolean} */ checked) {
    if ((await this.isChecked()) !== checked) await this.click();
  }
  check = () => this.setChecked(true);
  uncheck = () => this.setChecked(false);
  selectOption = (/** @type {string} */ valueOrLabel) =>
    this.#with(
      (element, options) => /** @type {any} */ (globalThis).__injected.selectOptions(element, options),
      [{ valueOrLabel }],
      ["visible", "enabled"],
    );
  dispatchEvent = (/** @type {string} */ type, /** @type {object} */ init = {}) =>
    this.#with(
      (element, { type, init }) => /** @type {any} */ (globalThis).__injected.dispatchEvent(element, type, init),
      { type, init },
    );
}
