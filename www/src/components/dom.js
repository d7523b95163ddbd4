// @ts-check
// Finds, creates and changes elements.

/**
 * Returns the element of index.html with this id.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} with the id "${id}"`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 */
export function makeSvg(tag, attributes = {}) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/**
 * Returns one of the symbols in index.html. The text next to it says the same, so it is hidden from screen readers.
 *
 * @param {string} name
 */
export function icon(name) {
  const svg = makeSvg("svg", { class: "icon", "aria-hidden": "true" });
  svg.append(makeSvg("use", { href: `#icon-${name}` }));
  return svg;
}

/** @param {Element} svg created by `icon` @param {string} name */
export function setIcon(svg, name) {
  setAttribute(/** @type {Element} */ (svg.firstElementChild), "href", `#icon-${name}`);
}

/**
 * Writes only a different text: an unchanged one keeps the user's selection, and an alert is not read out again.
 *
 * @param {Element} element
 * @param {string} text
 * @returns {boolean} whether it was different
 */
export function setText(element, text) {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value null: removes it
 */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
/** @type {WeakMap<Element, Animation>} */
const marks = new WeakMap();

/** Shows for a moment that this has changed, unless the user prefers less motion. @param {Element} element */
export function mark(element) {
  if (lessMotion.matches) return;
  unmark(element);
  const animation = element.animate([{ backgroundColor: "var(--mark)" }, { backgroundColor: "transparent" }], {
    duration: 1600,
    easing: "ease-out",
  });
  marks.set(element, animation);
}

/** The element shows something else now, so the mark is removed. @param {Element} element */
export function unmark(element) {
  marks.get(element)?.cancel();
  marks.delete(element);
}
