// @ts-check
// Copies text to the clipboard.

import { announce } from "./announce.js";
import { icon, make, setIcon } from "./dom.js";

/** Pages served over plain http have no clipboard API. @param {HTMLElement} element */
function copySelected(element) {
  getSelection()?.selectAllChildren(element);
  return document.execCommand("copy");
}

/**
 * @param {HTMLElement} element whose text is copied
 * @param {string} name for screen readers, which do not see where the button is
 */
export function copyButton(element, name) {
  const picture = icon("copy");
  const button = make("button", { type: "button", className: "copy", title: "Copy" }, picture);
  button.ariaLabel = `Copy ${name}`;
  button.addEventListener("click", async () => {
    const text = element.textContent ?? "";
    const isCopied = await Promise.resolve(navigator.clipboard?.writeText(text).then(() => true)).catch(() => false);
    if (!isCopied && !copySelected(element)) return announce(`${name} is selected: copy it with the keyboard`);
    announce(`${name} copied`);
    setIcon(picture, "completed");
    setTimeout(() => setIcon(picture, "copy"), 1500);
  });
  return button;
}
