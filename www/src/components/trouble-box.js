// @ts-check
// What went wrong and what to do about it, next to the action that failed.

import { html, nothing } from "lit";
import { codeLine } from "./copy-button.js";

/** @param {import("../connection/trouble.js").Trouble | null} trouble null: no error any more @param {string} id */
export const troubleBox = (trouble, id) => html`
  <div class="trouble-box" id=${id} role="alert" ?hidden=${trouble === null}>
    ${
      trouble &&
      html`<p class="message">${trouble.message}</p>
        ${trouble.remedy.map((step) => html`<p>${step}</p>`)}
        ${trouble.settings === undefined ? nothing : codeLine(trouble.settings, "The settings")}`
    }
  </div>`;
