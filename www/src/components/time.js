// @ts-check
// Times as elements.

import { html, nothing } from "lit";
import { dateOf, exactTime, localTime } from "../model/format.js";

/** The user's time, with the exact time and the note on hover. @param {string | null} iso @param {string | null} [note] */
export const time = (iso, note = null) =>
  html`<time datetime=${dateOf(iso)?.toISOString() ?? nothing} title=${[exactTime(iso), note].filter(Boolean).join(" · ") || nothing}
    >${localTime(iso)}</time
  >`;
