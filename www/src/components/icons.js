// @ts-check
// One shape per state, so that color is not needed to distinguish them. Drawn on a grid of 16 by 16, and part of each place where
// they are shown, since a shadow tree cannot refer to a symbol of the page.

import { html, nothing, svg } from "lit";

/** Without the svg around it, for drawings. */
export const SHAPES = {
  initializing: svg`<circle cx="8" cy="8" r="5.5" stroke-dasharray="2.3 2.2"/>`,
  running: svg`<path class="solid" d="M4.5 2.8v10.4L13 8z"/>`,
  completed: svg`<path d="m2.5 8.5 3.6 3.6 7.4-8"/>`,
  pending: svg`<circle cx="8" cy="8" r="5.8"/><path d="M8 4.6V8l2.4 1.7"/>`,
  crashing: svg`<path class="solid" d="M9.2 1.2 3.4 9h3.5l-.7 5.8L12.6 6.6H8.7z"/>`,
  error: svg`<path d="M8 2.2 14.3 13.3H1.7zM8 6.3v3.3"/><circle class="solid" cx="8" cy="11.4" r=".5"/>`,
  failed: svg`<path d="m3.5 3.5 9 9m0-9-9 9"/>`,
  unknown: svg`<path d="M5.5 5.7a2.5 2.5 0 1 1 3.6 2.3c-.7.4-1.1.8-1.1 1.7"/><circle class="solid" cx="8" cy="12.3" r=".5"/>`,
  down: svg`<path d="m4 6.5 4 4 4-4"/>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 3.5v-.2A1.3 1.3 0 0 0 9.2 2H3.8a1.3 1.3 0 0 0-1.3 1.3v5.4A1.3 1.3 0 0 0 3.8 10H4"/>`,
};

/** @typedef {keyof typeof SHAPES} IconName */

/** The text next to it says the same, so it is hidden from screen readers. @param {IconName} name */
export const icon = (name) => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[name]}</svg>`;

/** @param {IconName} state whose shape and color it has @param {string} [text] @param {string} [title] */
export const badge = (state, text = state, title = undefined) =>
  html`<span class="badge ${state}" title=${title ?? nothing}>${icon(state)}<span>${text}</span></span>`;
