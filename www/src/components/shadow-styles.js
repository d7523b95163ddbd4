// @ts-check
// What the page's style sheet says about all elements, for shadow trees, which it does not reach. Colors are custom
// properties, which do: those of style/palette.css.

import { css, unsafeCSS } from "lit";
import { SHOWN_STATES } from "../model/states.js";

export const shadowStyles = css`
  :host,
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  button,
  input {
    min-height: 30px;
    padding: 3px 10px;
    border: 1px solid var(--edge);
    border-radius: 6px;
    background: var(--surface);
    color: inherit;
    font: inherit;
  }

  button {
    cursor: pointer;
  }

  button:hover {
    background: var(--hover);
  }

  input[type="checkbox"] {
    flex: none;
    width: 15px;
    min-height: 15px;
    height: 15px;
    margin: 0;
    accent-color: var(--accent);
  }

  .icon {
    flex: none;
    width: 1em;
    height: 1em;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.7;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .solid {
    fill: currentcolor;
  }

  .badge {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--state);
    font-weight: 600;
    white-space: nowrap;
  }

  ${unsafeCSS(SHOWN_STATES.map((state) => `.${state}{--state:var(--${state})}`).join(""))}
`;
