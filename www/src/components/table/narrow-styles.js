// @ts-check
// The layouts of a narrow table: several lines per row, in which each column has its place.

import { css } from "lit";

export const narrowStyles = css`
  /* ---- two lines per row, the second with source and target; the headers become a line of buttons */

  @container table (max-width: 859px) {
    .grid {
      --head-height: 36px;
      --row-height: 54px;
      --columns: 126px minmax(0, 1.3fr) minmax(0, 1.4fr) 52px 40px 96px;
    }

    .grid-head,
    .grid-body {
      min-width: 0;
    }

    .grid-head .grid-row {
      display: flex;
      gap: 4px 14px;
      overflow-x: auto;
      scrollbar-width: none;
    }

    .grid-head .cell {
      flex: none;
    }

    .grid-body .grid-row {
      grid-template-rows: auto auto;
      align-content: center;
    }

    .grid-body .state {
      grid-area: 1 / 1 / 3 / 2;
    }

    .grid-body .id {
      grid-area: 1 / 2;
    }

    .grid-body .progress {
      grid-area: 1 / 3;
    }

    .grid-body .pending {
      grid-area: 1 / 4;
    }

    .grid-body .errors {
      grid-area: 1 / 5;
    }

    .grid-body .updated {
      grid-area: 1 / 6;
    }

    .grid-body .endpoints {
      grid-area: 2 / 2 / 3 / 7;
      color: var(--muted);
    }

    .grid.extra .endpoints {
      grid-column-end: 3;
    }

    .grid-body .finding {
      grid-area: 2 / 3;
    }

    .grid-body .backlog {
      grid-area: 2 / 4 / 3 / 6;
    }

    .grid-body .last_progress {
      grid-area: 2 / 6;
    }
  }

  /* ---- three lines per row, or four */

  @container table (max-width: 619px) {
    .grid {
      --row-height: 76px;
      --columns: minmax(0, 1fr) auto auto;
    }

    .grid.extra {
      --row-height: 98px;
    }

    .grid-row {
      padding: 0 12px;
    }

    .grid-body .id {
      grid-area: 1 / 1;
    }

    .grid-body .state {
      grid-area: 1 / 2 / 2 / 4;
      justify-self: end;
    }

    .grid-body .endpoints,
    .grid.extra .endpoints {
      grid-area: 2 / 1 / 3 / 4;
    }

    .grid-body .progress {
      grid-area: 3 / 1;
    }

    .grid-body .errors {
      grid-area: 3 / 2;
    }

    .grid-body .updated {
      grid-area: 3 / 3;
    }

    .grid-body .finding {
      grid-area: 4 / 1;
    }

    .grid-body .backlog {
      grid-area: 4 / 2;
    }

    .grid-body .last_progress {
      grid-area: 4 / 3;
    }

    .far {
      grid-template-columns: auto minmax(20px, 60px);
      align-items: center;
      gap: 8px;
    }

    .far.trouble {
      grid-template-columns: minmax(0, 1fr);
    }

    /* Without a header above it, a number needs its name. */
    .grid-body .errors span:not(.none)::after {
      content: "×";
    }

    .grid-body .backlog span:not(.none)::before {
      content: "backlog ";
    }

    .grid-body .last_progress::before {
      content: "progress ";
    }

    .grid-body .errors:has(.none),
    .grid-body .backlog:has(.none),
    .grid-body .finding:has(.none),
    .grid-body .pending {
      display: none;
    }
  }
`;
