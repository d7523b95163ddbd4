// @ts-check
// What the elements have in common where the page's own style sheet is missing.

import { css, unsafeCSS } from "lit";
import palette from "#palette";

export const elementStyles = css`
  :host {
    ${unsafeCSS(palette)}
    color: var(--text);
    font-size: var(--couchdb-font-size, 13px);
    line-height: 1.45;
    font-variant-numeric: tabular-nums;
  }

  .failure {
    margin: 0 0 8px;
    padding: 8px 12px;
    border-left: 4px solid var(--bad);
    border-radius: 4px;
    background: color-mix(in srgb, var(--bad) 9%, var(--surface));
    overflow-wrap: anywhere;
  }
`;
