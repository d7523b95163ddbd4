/**
 * Elements for other pages: the table of a database's replications, and the incidents behind those
 * that fail. Importing this module has no side effects; `couchdb-scheduler/element/define` registers
 * both elements under the names below. It can be imported without a DOM, for example in Node.
 *
 * While an element is in a document, it watches the documents of `client` and `database`; elements
 * with the same client and database share one watch. Credentials belong to the client, which is a
 * property: no attribute takes any.
 *
 * **Styles.** Each color of the page is a custom property: `--couchdb-surface`, `--couchdb-text`,
 * `--couchdb-muted`, `--couchdb-line`, `--couchdb-edge`, `--couchdb-raised`, `--couchdb-hover`,
 * `--couchdb-chosen`, `--couchdb-accent`, `--couchdb-mark`, `--couchdb-bad`, `--couchdb-good`, and
 * one for each state, for example `--couchdb-crashing`. `--couchdb-font-size` is 13px, and
 * `--couchdb-height`, of the table, 32rem. Elements are light or dark as the `color-scheme` of the
 * page. Their parts can be styled with `::part()`.
 *
 * @example
 * import "couchdb-scheduler/element/define";
 * import { Client } from "couchdb-scheduler";
 * const table = document.querySelector("couchdb-replications");
 * table.client = new Client("https://couch.example.com:6984", { auth: { username, password } });
 *
 * @module couchdb-scheduler/element
 */

/// <reference lib="dom" />

import type { Client, Incident, ReplicationDoc, ReplicationState, SchedulerError } from "couchdb-scheduler";

/** Names of the columns. Backlog, last progress and findings need requests of their own: `extra`. */
export type ColumnName =
  | "state"
  | "id"
  | "endpoints"
  | "progress"
  | "pending"
  | "backlog"
  | "errors"
  | "updated"
  | "last_progress"
  | "finding"
  | "node";

/** A finding in a row of the table. */
export interface ReplicationFinding {
  /** One or two words. */
  text: string;
  /** What it means. */
  title: string;
}

/** What `CouchdbReplications.extra` knows of a replication. */
export interface ReplicationExtra {
  /** Number of changes that are not replicated yet. */
  backlog: number | null;
  /** ISO 8601. */
  lastProgress: string | null;
  /** For example of `Scheduler.audit`. */
  finding: ReplicationFinding | null;
  /** Shown with backlog and last progress: why they are unknown, or how exact they are. */
  note: string | null;
}

/** Order of the rows. */
export interface ReplicationOrder {
  /** Name of the column. */
  column: string;
  /** Largest values first. */
  descending: boolean;
}

/** Detail of `replication-chosen`. */
export interface ReplicationChosen {
  /** The document's id. */
  key: string;
  /** Its row. */
  replication: ReplicationDoc;
}

/** Detail of `select`. */
export interface ReplicationsSelected {
  /** Ids of the selected rows. */
  selected: ReadonlySet<string>;
}

/** Detail of `sort`. */
export interface ReplicationsSorted {
  /** Name of the column. */
  column: ColumnName;
}

/** Detail of `incident-chosen`. */
export interface IncidentChosen {
  /** Null: none any more. */
  incident: Incident | null;
}

/** Detail of `incident-restart`. */
export interface IncidentRestart {
  /** The one to restart. */
  incident: Incident;
}

/** Detail of `replications-error`. */
export interface ReplicationsError {
  /** `SchedulerError`, or `TypeError` if `client` is not a client of this copy of the package. */
  error: SchedulerError | TypeError;
  /** Time of the next attempt in milliseconds since 1970; null if there is none: set another client. */
  retryAt: number | null;
}

/** Events of `CouchdbReplications`. All bubble, out of shadow trees, too. */
export interface CouchdbReplicationsEventMap extends Omit<HTMLElementEventMap, "select"> {
  /** The user opens a replication. Canceling it prevents that its link is followed. */
  "replication-chosen": CustomEvent<ReplicationChosen>;
  /** The server could not be read. */
  "replications-error": CustomEvent<ReplicationsError>;
  /** The user selects other rows. */
  select: CustomEvent<ReplicationsSelected>;
  /** The user sorts by this column. */
  sort: CustomEvent<ReplicationsSorted>;
}

/**
 * `<couchdb-replications>`: the replications of a database, as a table of any length. Sorted by its
 * headers; one Tab stop, arrow keys, Home, End, Page Up, Page Down; Enter opens a replication.
 *
 * Parts: `grid`, `head`, `header`, `body`, `row`, `cell`, `link`, `search`, `failure`, `empty`. A
 * row also has its state as a part, and a header or cell the name of its column.
 */
export class CouchdbReplications extends HTMLElement {
  /** The server. Null: the table is empty. */
  client: Client | null;
  /**
   * The replicator database. Attribute `database`.
   *
   * @default "_replicator"
   */
  database: string;
  /** Show only these states. Attribute `states`, separated by spaces. Default: all. */
  states: readonly ReplicationState[];
  /** Show only rows whose id, source, target or error contains this text. Attribute `text`. */
  text: string;
  /** Show only rows of this incident: the detail of `incident-chosen`. */
  incident: Pick<Incident, "cause" | "side" | "host"> | null;
  /** Whether there is a search field. Attribute `searchable`. */
  searchable: boolean;
  /** Names of the shown columns; their order is fixed. */
  columns: readonly string[];
  /** What the rows are sorted by. Default: those that need attention come first. */
  order: ReplicationOrder;
  /** Id of the highlighted row. */
  chosen: string | null;
  /** Ids of the selected rows. Null: rows cannot be selected. */
  selected: ReadonlySet<string> | null;
  /** URL of a replication's link. Null: it is a button. */
  addressOf: ((key: string) => string) | null;
  /** Values of the columns `backlog`, `last_progress` and `finding`. Replace it when they change. */
  extra: (row: { readonly key: string }) => ReplicationExtra;
  /** Name for screen readers. Attribute `label`. */
  label: string;
  /** Scrolls to a row, and focuses it. Default: the first. */
  focusRow(key?: string): void;
  /** Scrolls a row into view. Returns whether it is in the list. */
  reveal(key: string): boolean;
  /** Listens to an event. */
  override addEventListener<Type extends keyof CouchdbReplicationsEventMap>(
    type: Type,
    listener: (this: CouchdbReplications, event: CouchdbReplicationsEventMap[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Listens to any other event. */
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** Events of `CouchdbIncidents`. All bubble, out of shadow trees, too. */
export interface CouchdbIncidentsEventMap extends HTMLElementEventMap {
  /** The user chooses an incident, or none again. */
  "incident-chosen": CustomEvent<IncidentChosen>;
  /** The user wants to restart the replications of this incident. Only with `canRestart`. */
  "incident-restart": CustomEvent<IncidentRestart>;
  /** The server could not be read. */
  "replications-error": CustomEvent<ReplicationsError>;
}

/**
 * `<couchdb-incidents>`: what the failing replications of a database have in common.
 *
 * Parts: `title`, `calm`, `incident`, `restart`, `over`, `more`, `failure`.
 */
export class CouchdbIncidents extends HTMLElement {
  /** The server. Null: the list is empty. */
  client: Client | null;
  /**
   * The replicator database. Attribute `database`.
   *
   * @default "_replicator"
   */
  database: string;
  /** The incidents, most replications first. Null: not known yet. */
  readonly incidents: readonly Incident[] | null;
  /** Whether there are buttons to restart the replications of an incident. Attribute `canrestart`. */
  canRestart: boolean;
  /** Listens to an event. */
  override addEventListener<Type extends keyof CouchdbIncidentsEventMap>(
    type: Type,
    listener: (this: CouchdbIncidents, event: CouchdbIncidentsEventMap[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Listens to any other event. */
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
