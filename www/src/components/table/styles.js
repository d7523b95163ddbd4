// @ts-check
// The looks of the table. Its layout depends on its own width.

import { css } from "lit";

export const tableStyles = css`
  :host {
    display: grid;
    grid-template-rows: minmax(0, 1fr);
    min-width: 0;
    min-height: min(260px, 70vh);
    container: table / inline-size;
  }

  .grid {
    --head-height: 32px;
    --row-height: 34px;
    --state-width: minmax(128px, 0.5fr);
    --id-width: minmax(120px, 1.5fr);
    --endpoints-width: minmax(160px, 2.4fr);
    --progress-width: minmax(150px, 1.4fr);
    --pending-width: 70px;
    --backlog-width: 70px;
    --errors-width: 62px;
    --updated-width: 118px;
    --last_progress-width: 118px;
    --finding-width: minmax(120px, 1fr);
    --node-width: minmax(60px, 0.7fr);
    --columns: var(--shown-columns);

    overflow: auto;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--surface);
  }

  .grid-head,
  .grid-body {
    min-width: var(--least-width);
  }

  .grid-head {
    position: sticky;
    z-index: 1;
    top: 0;
    border-bottom: 1px solid var(--line);
    background: var(--surface);
  }

  .grid-row {
    position: relative;
    display: grid;
    grid-template-columns: var(--columns);
    align-items: center;
    gap: 0 12px;
    padding: 0 14px;
  }

  .grid-body {
    position: relative;
  }

  .grid-body .grid-row {
    position: absolute;
    inset: 0 0 auto;
    height: var(--row-height);
    border-bottom: 1px solid var(--line);
    contain: strict;
    cursor: pointer;
  }

  /* What the keyboard scrolls to must not be under the headers. WebKit counts a padding for the boxes around this one, too. */
  .grid-body :is(.grid-row, a, input) {
    scroll-margin-top: var(--head-height);
  }

  .grid-body .grid-row:hover {
    background: var(--hover);
  }

  .grid-body .grid-row[aria-selected="true"] {
    background: var(--chosen);
  }

  .grid-body .grid-row[aria-current="true"] {
    background: var(--chosen);
    box-shadow: inset 3px 0 var(--accent);
  }

  .cell {
    overflow: hidden;
    min-width: 0;
    border-radius: 3px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .grid.selectable .grid-row {
    padding-left: 40px;
  }

  .cell.select {
    position: absolute;
    inset: 0 auto 0 0;
    display: grid;
    width: 40px;
    place-items: center;
  }

  .cell a {
    color: inherit;
    font-weight: 600;
    text-decoration: none;
  }

  .cell a:hover {
    text-decoration: underline;
  }

  .cell a:focus-visible {
    outline: none;
  }

  .grid-row:has(a:focus-visible) {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }

  .cell.pending,
  .cell.backlog,
  .cell.errors {
    text-align: right;
  }

  .cell.pending,
  .cell.backlog,
  .cell.errors,
  .cell.updated,
  .cell.last_progress,
  .cell.progress {
    font-variant-numeric: tabular-nums;
  }

  /* Both endpoints are visible at any width. */
  .ends {
    display: flex;
  }

  .ends .source,
  .ends .target {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .arrow {
    flex: none;
    white-space: pre;
  }

  .none,
  .arrow,
  .cell.node {
    color: var(--muted);
  }

  .grid-body .errors span:not(.none) {
    color: var(--bad);
    font-weight: 600;
  }

  .grid-body .finding span:not(.none) {
    color: var(--crashing);
    font-weight: 600;
  }

  .far {
    display: grid;
    gap: 3px;
    min-width: 0;
  }

  .far .words {
    overflow: hidden;
    line-height: 1.25;
    text-overflow: ellipsis;
  }

  .far.trouble .words {
    color: var(--muted);
  }

  .bar {
    display: block;
    overflow: hidden;
    height: 4px;
    border-radius: 2px;
    background: var(--raised);
  }

  .bar svg {
    display: block;
    width: 100%;
    height: 100%;
  }

  .bar rect {
    fill: color-mix(in srgb, var(--running) 70%, var(--raised));
    rx: 2px;
  }

  .grid-head button {
    display: inline-flex;
    align-items: center;
    gap: 3px;
    max-width: 100%;
    min-height: 31px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--muted);
    font-size: 12px;
    font-weight: 600;
  }

  .grid-head button:hover {
    color: var(--text);
  }

  .grid-head .icon {
    visibility: hidden;
  }

  .grid-head [aria-sort] button {
    color: var(--text);
  }

  .grid-head [aria-sort] .icon {
    visibility: visible;
  }

  .grid-head [aria-sort="ascending"] .icon {
    transform: rotate(180deg);
  }

  @container table (max-width: 1060px) {
    .grid {
      --state-width: 126px;
      --id-width: minmax(140px, 1.6fr);
      --endpoints-width: minmax(140px, 1.4fr);
      --progress-width: minmax(148px, 1.2fr);
      --pending-width: 58px;
      --backlog-width: 66px;
      --errors-width: 50px;
      --updated-width: 108px;
      --last_progress-width: 108px;
      --node-width: ;
    }

    .cell.node {
      display: none;
    }

    .grid-row {
      gap: 0 10px;
    }
  }
`;
