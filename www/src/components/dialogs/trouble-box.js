// @ts-check
// What went wrong and what to do about it, next to the action that failed.

import { copyButton } from "../copy.js";
import { make } from "../dom.js";

/** @param {HTMLElement} box @param {import("../../connection/trouble.js").Trouble | null} trouble null: no error any more */
export function showTrouble(box, trouble) {
  box.hidden = trouble === null;
  if (trouble === null) return box.replaceChildren();
  const { message, remedy, settings } = trouble;
  box.replaceChildren(make("p", { className: "message" }, message), ...remedy.map((step) => make("p", {}, step)));
  if (settings === undefined) return;
  const code = make("code", {}, settings);
  box.append(make("div", { className: "code-line" }, make("pre", {}, code), copyButton(code, "The settings")));
}
