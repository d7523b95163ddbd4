// @ts-check
// Sentences of the package, in which names and commands stand between backticks.

import { html } from "lit";

/** @param {string} text */
export const words = (text) =>
  text.split(/`([^`]+)`/).map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
