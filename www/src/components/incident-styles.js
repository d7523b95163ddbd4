// @ts-check
// The look of the list of incidents.

import { css } from "lit";

export const incidentStyles = css`
  :host {
    display: block;
    container: incidents / inline-size;
  }

  h2,
  p,
  ul {
    margin: 0;
    padding: 0;
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    padding-bottom: 5px;
    color: var(--muted);
  }

  .calm {
    padding: 0;
  }

  .calm p {
    display: flex;
    align-items: center;
    gap: 7px;
  }

  .calm .icon,
  .over .icon {
    color: var(--good);
  }

  h2 {
    color: var(--text);
    font-size: 13px;
  }

  .tools {
    display: flex;
    gap: 8px;
    margin-left: auto;
  }

  .more {
    min-height: 24px;
    padding: 0 10px;
    border-color: var(--line);
    border-radius: 12px;
  }

  ul {
    overflow: auto;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--surface);
    list-style: none;
  }

  .whole {
    max-height: min(60vh, 480px);
  }

  li {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto;
    gap: 0 16px;
    padding: 5px 12px 6px;
  }

  li + li {
    border-top: 1px solid var(--line);
  }

  .incident:hover {
    background: var(--hover);
  }

  .incident:has([aria-pressed="true"]) {
    background: var(--chosen);
    box-shadow: inset 3px 0 var(--accent);
  }

  .choose {
    display: flex;
    align-items: baseline;
    gap: 8px;
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    text-align: left;
  }

  .choose:hover {
    background: none;
  }

  .choose:focus-visible {
    outline: none;
  }

  /* The whole incident is the button. */
  .choose::after {
    position: absolute;
    inset: 0;
    content: "";
  }

  .choose:focus-visible::after {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }

  .choose .icon {
    align-self: center;
    color: var(--state);
  }

  .total {
    min-width: 38px;
    color: var(--state);
    font-variant-numeric: tabular-nums;
    font-weight: 600;
    text-align: right;
  }

  .cause {
    font-weight: 600;
    white-space: nowrap;
  }

  .where {
    overflow-wrap: anywhere;
  }

  .times {
    display: flex;
    gap: 14px;
    grid-column: 2;
    color: var(--muted);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  .since,
  .next {
    min-width: 158px;
  }

  .message,
  .hint {
    grid-column: 1 / 3;
    padding-left: 67px;
    overflow-wrap: anywhere;
  }

  .hint {
    color: var(--muted);
  }

  /* Text that can be selected. */
  .message,
  li:has([aria-pressed="true"]) .hint {
    position: relative;
    z-index: 1;
    justify-self: start;
  }

  .restart {
    position: relative;
    z-index: 1;
    grid-area: 1 / 3 / 4 / 4;
    align-self: center;
  }

  .over {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 7px;
  }

  .over button {
    margin-left: auto;
  }

  .rest {
    padding: 5px 12px 0;
    color: var(--muted);
  }

  @container incidents (max-width: 760px) {
    li {
      grid-template-columns: minmax(0, 1fr) auto;
    }

    .choose,
    .times,
    .message,
    .hint {
      grid-column: 1;
    }

    .times {
      flex-wrap: wrap;
      gap: 0 14px;
      padding-left: 67px;
    }

    .since,
    .next {
      min-width: 0;
    }

    .restart {
      grid-area: 1 / 2 / 5 / 3;
    }
  }

  @container incidents (max-width: 560px) {
    .choose {
      display: block;
      padding-left: 19px;
      text-indent: -19px;
    }

    .choose .icon {
      width: 13px;
      margin-right: 2px;
      vertical-align: -2px;
    }

    .times,
    .message,
    .hint {
      padding-left: 19px;
    }

    /* Once it is chosen. */
    .incident:not(:has([aria-pressed="true"])) :is(.hint, .restart) {
      display: none;
    }

    .restart {
      grid-area: auto / 1;
      justify-self: start;
      margin: 4px 0 2px 19px;
    }
  }

  /* A low window is for the table. */
  @media (max-height: 800px) {
    .incident:not(:has([aria-pressed="true"])) .hint {
      display: none;
    }
  }
`;
