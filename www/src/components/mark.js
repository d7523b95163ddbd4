// @ts-check
// Shows for a moment that something has changed.

/** @type {WeakMap<Element, Animation>} */
const marks = new WeakMap();

/** Does nothing if the user prefers less motion. @param {Element} element */
export function mark(element) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  unmark(element);
  const frames = [{ backgroundColor: "var(--mark)" }, { backgroundColor: "transparent" }];
  marks.set(element, element.animate(frames, { duration: 1600, easing: "ease-out" }));
}

/** The element shows something else now, so the mark is removed. @param {Element} element */
export function unmark(element) {
  marks.get(element)?.cancel();
  marks.delete(element);
}
