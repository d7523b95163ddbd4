/**
 * Ask a CouchDB or Cloudant server how its replications are doing.
 *
 * Field names are CouchDB's own (snake_case); methods and options are JavaScript's (camelCase). Rows are plain
 * objects: they can be copied, compared and turned into JSON like any other.
 *
 * Every call takes a server admin's name and password, except `Client.info` and `Client.session`.
 *
 * @module couchdb-scheduler
 */

/// <reference lib="esnext.disposable" />

// ------------------------------------------------------------------------------------------------ connection

/** HTTP Basic. The name must not contain a colon, which ends it in HTTP. */
export interface BasicAuth {
  /** Name of the user, without a colon. */
  username: string;
  /** Password of the user. */
  password: string;
}

/**
 * A cookie from `POST /_session`, asked for once for all calls that need it at the same time, renewed at 80 % of its life and once
 * when the server does not take it any more. In a page the browser keeps it, elsewhere the client.
 */
export interface SessionAuth {
  /** Says which way it is. */
  type: "session";
  /** Name of the user. */
  username: string;
  /** Password of the user. */
  password: string;
}

/** A token of IBM Cloud, in exchange for an API key; asked for and renewed like a session's cookie. */
export interface IamAuth {
  /** Says which way it is. */
  type: "iam";
  /** An API key of IBM Cloud. */
  apiKey: string;
  /** Where to ask for it: `https://iam.cloud.ibm.com/identity/token` unless told. */
  tokenUrl?: string | URL | undefined;
}

/** A token of your own, sent as `Authorization: Bearer …`. A function is asked for it before each request. */
export interface BearerAuth {
  /** Says which way it is. */
  type: "bearer";
  /** The token, or what gives it: for each request anew, retries too. What it throws is the `cause` of an `unauthorized`. */
  token: string | (() => string | Promise<string>);
}

/** How to authenticate. Wrong credentials are sent once and never again by themselves: CouchDB locks an account after five failures. */
export type Auth = BasicAuth | SessionAuth | IamAuth | BearerAuth;

/** How one server is asked. */
export interface ClientOptions {
  /**
   * Who asks. User info in the URL (`https://name:password@host`) says the same; it leaves the URL at once. Where both are
   * given, this one counts.
   */
  auth?: Auth | undefined;
  /**
   * Headers of every request, beside `Accept` and `Authorization`. In a page, the server's CORS settings must allow
   * each of them.
   */
  headers?: Record<string, string> | undefined;
  /**
   * In a page: whether the browser sends its own cookies, as `fetch` has it. `"include"` uses the session of somebody who has
   * logged in to CouchDB from this page. Left out, it is `fetch`'s own default.
   */
  credentials?: "omit" | "same-origin" | "include" | undefined;
  /** Milliseconds for one attempt, the whole answer included. 30 000 unless told; 0 for no bound. */
  timeout?: number | undefined;
  /**
   * How often a call is tried again after a fault that passes: no answer from the network, an answer cut off before its first
   * row was given out, HTTP 408, 429, 500, 502, 503 or 504. 2 unless told; 0 for never. Between attempts it waits up to a quarter of a second, then
   * up to twice as long each time; or as long as the server's `Retry-After` says, at most a minute.
   */
  retries?: number | undefined;
  /**
   * Sends the requests, in place of the global `fetch` (which is looked up at each call): for a proxy, for tests. It is given
   * an absolute URL and an init with `method`, `headers`, `signal` and the like.
   */
  fetch?: typeof fetch | undefined;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the call when it is aborted. The promise then rejects with the signal's own `reason`, untouched. */
  signal?: AbortSignal | undefined;
}

/**
 * One server and one way to authenticate, to be shared by everything that talks to that server. Making one sends nothing.
 *
 * @example
 * const client = new Client("https://couch.example.com:6984", { auth: { username: "admin", password } });
 * const { version } = await client.info();
 * const scheduler = new Scheduler(client);
 */
export class Client {
  /**
   * @param url where CouchDB is: `http` or `https`, with a path if it stands behind one. User info becomes `auth`.
   * @throws {TypeError | RangeError} naming the argument that is wrong and what was expected
   */
  constructor(url: string | URL, options?: ClientOptions);

  /**
   * The client of an account at Cloudant: `https://ACCOUNT.cloudant.com`.
   *
   * @param account the account's name alone
   * @throws {TypeError | RangeError} naming the argument that is wrong and what was expected
   */
  static cloudant(account: string, options?: ClientOptions): Client;

  /** The server's URL, never with credentials, without a slash at its end. */
  readonly url: string;

  /**
   * What the server is. Needs no admin.
   *
   * `GET /`
   */
  info(options?: CallOptions): Promise<ServerInfo>;

  /**
   * Who the server takes us for. Needs no admin; without credentials the name is null.
   *
   * `GET /_session`
   */
  session(options?: CallOptions): Promise<SessionInfo>;

  /**
   * Ends the session, if the client has one; a later call would open another. Does nothing for other kinds of authentication.
   *
   * `DELETE /_session`
   */
  close(): Promise<void>;
  /** `close`, at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>;

  /** What `JSON.stringify` shows: the URL, and nothing of the credentials. */
  toJSON(): {
    /** `Client.url` */
    url: string;
  };

  /** Gives its memory back now; otherwise the garbage collector does. It cannot be used afterwards, but for another `free`. */
  free(): void;
  /** `free`, at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/** The server's welcome. */
export interface ServerInfo {
  /** "Welcome" */
  couchdb: string;
  /** Version of CouchDB, as in "3.5.0". */
  version: string;
  /** What the server can do beyond the common: `scheduler` is among them since CouchDB 2.1. */
  features?: string[];
  /** Who made this server. */
  vendor?: {
    /** As in "The Apache Software Foundation" */
    name: string;
    /** Version of the vendor's product, where the server says. */
    version?: string;
  };
  /** Whatever else the server says. */
  [field: string]: unknown;
}

/** Who the server takes us for. */
export interface SessionInfo {
  /** true */
  ok: boolean;
  /** The user that the request was made as. */
  userCtx: {
    /** null: nobody in particular */
    name: string | null;
    /** `_admin` is among them for a server admin. */
    roles: string[];
  };
  /** How it was found out. */
  info?: {
    /** Ways to authenticate that the server takes, in the order in which it tries them. */
    authentication_handlers?: string[];
    /** The way that this request went, as in "cookie" or "default" (HTTP Basic); not there for nobody in particular. */
    authenticated?: string;
    /** Whatever else the server says. */
    [field: string]: unknown;
  };
}

// ------------------------------------------------------------------------------------------------- scheduler

/**
 * Asks one server about its replications.
 *
 * Every method rejects with a `SchedulerError` when the call fails, with a `TypeError` or `RangeError` before any request
 * when an argument is wrong, and with the signal's own reason when it is aborted.
 *
 * @example
 * const scheduler = new Scheduler("https://admin:secret@couch.example.com:6984");
 * const { docs } = await scheduler.listDocs({ states: ["crashing", "failed"] });
 * for (const doc of docs) console.log(doc.doc_id, doc.state, doc.info?.error);
 */
export class Scheduler {
  /**
   * On the server of a client. Sends nothing.
   *
   * @throws {TypeError} when `server` is no `Client` of this copy of the package
   */
  constructor(server: Client);
  /**
   * On the server at a URL, by a client of its own. Sends nothing.
   *
   * @param server where CouchDB is, as for a `Client`
   * @param options of the new client
   * @throws {TypeError | RangeError} naming the argument that is wrong and what was expected
   */
  constructor(server: string | URL, options?: ClientOptions);
  /** Either of the two; a `Client` has its own options, and none may stand beside it. */
  constructor(server: Client | string | URL, options?: ClientOptions);

  /** The client of its server, to `close()` or to share: a handle of its own on the client that was given, or made for the URL. */
  readonly client: Client;

  /**
   * Exactly the rows `skip` to `skip + limit` of the documents in `states`, in doc-id order (by the bytes of their UTF-8): none
   * lost, none twice, whatever the server's own windows drop. Documents that are created, deleted or change their state meanwhile
   * can be in it or not.
   *
   * `GET /_scheduler/docs/{database}`
   */
  listDocs<State extends ReplicationState = ReplicationState>(
    options?: ListDocsOptions<State>,
  ): Promise<DocsResponse<State>>;

  /**
   * One document with its state. Its `state` is null for a moment after the document was written or the server
   * started.
   *
   * `GET /_scheduler/docs/{database}/{docId}`
   *
   * @throws {SchedulerError} `not_found` where there is no such document
   */
  getDoc(docId: string, options?: DatabaseOptions): Promise<ReplicationDoc>;

  /**
   * Every document in `states` once, in doc-id order, in memory that does not grow with their number. The next page is on its
   * way while this one is worked on; leaving the loop ends the request. What is created or deleted meanwhile does no harm to
   * the others. An error comes behind the rows that arrived before it.
   *
   * `GET /_scheduler/docs/{database}`
   *
   * @example
   * for await (const doc of scheduler.docs()) console.log(doc.doc_id, doc.state);
   */
  docs<State extends ReplicationState = ReplicationState>(options?: DocsOptions<State>): RowIterator<DocInState<State>>;

  /**
   * Every job once, in the order of their ids, as the server had them at one moment.
   *
   * `GET /_scheduler/jobs`
   */
  jobs(options?: CallOptions): RowIterator<ReplicationJob>;

  /**
   * How many documents are in which state, and their counters in all. The rows are counted as they arrive and never become
   * objects, so that it costs a fraction of a list, in time and in memory.
   *
   * `GET /_scheduler/docs/{database}`
   */
  summary(options?: SummaryOptions): Promise<Summary>;

  /**
   * The jobs that replicate now or wait for their turn, of all databases and nodes, `_replicate` requests too. Without a
   * limit all of them, where CouchDB by itself would stop at 100.
   *
   * `GET /_scheduler/jobs`
   */
  listJobs(options?: ListJobsOptions): Promise<JobsResponse>;

  /**
   * One job.
   *
   * `GET /_scheduler/jobs/{jobId}`
   *
   * @param jobId the whole id, with `+continuous` and what else follows the hexadecimal digits
   * @throws {SchedulerError} `not_found` where there is no such job
   */
  getJob(jobId: string, options?: CallOptions): Promise<ReplicationJob>;

  /**
   * What changed among the documents, tick by tick. The first batch has every match as `added`; each further one what changed since the
   * one before, in doc-id order, and is empty if nothing did. After each batch the rows that were given out are those of a
   * full list.
   *
   * A tick asks only what can have changed: the jobs, which the server has in memory; `_changes`, for what was written to documents;
   * and the few documents whose state neither of them shows (`error`, `initializing`, a job with a new history). Everything is listed at the
   * start and every five minutes; where jobs or `_changes` are refused, at each tick, and then no more often than leaves the server alone
   * for nine tenths of the time. Up to 8 `docIds` are asked for one by one.
   *
   * Ticks never overlap; the next one is due an interval after the one before began, and waits until its batch is asked for. A change that comes and
   * goes between two ticks is not seen. A document that was deleted is `removed` at once; one that the server has no state for (as for
   * some seconds after a restart) keeps its row, and is `removed` after 15 seconds of that.
   *
   * Faults that pass, a restart of the server among them, make a tick late and do not end the watch, once it has begun: until the
   * server answers again there are no batches. It is asked less and less often meanwhile, at least every 30 seconds. Whatever cannot heal by itself ends it with that error:
   * wrong credentials, a locked account, a database that is gone.
   *
   * `GET /_scheduler/jobs`, `/{database}/_changes`, `/_scheduler/docs/{database}`, `/_scheduler/docs/{database}/{docId}`
   *
   * @example
   * for await (const changes of scheduler.watch({ states: ["crashing", "error", "failed"] })) {
   *   for (const { type, doc_id, doc } of changes) if (type === "added") console.log(doc_id, diagnose(doc)?.message);
   * }
   */
  watch<State extends ReplicationState = ReplicationState>(options?: WatchOptions<State>): RowIterator<Change<State>[]>;

  /**
   * Waits until a document is in one of the states `until`, and gives its row. It looks at once, then every `interval`, less and less often
   * while nothing changes. `error` and `crashing` are no end: the server tries again. A `state` of null is waited through, and so are
   * faults that pass, up to ten in a row once it was seen.
   *
   * `GET /_scheduler/docs/{database}/{docId}`
   *
   * @throws {SchedulerError} `replication_failed`, with the row as `doc`, when it ends in another state; `not_found` when there
   * is no such document, or not any more; `timeout` when the time is up; `bad_request` at once for a continuous replication that should complete
   *
   * @example
   * const { info } = await scheduler.waitFor("nightly", { timeout: 3_600_000, onUpdate: (doc) => console.log(doc.state) });
   */
  waitFor<State extends ReplicationState = "completed">(
    docId: string,
    options?: WaitOptions<State>,
  ): Promise<DocInState<State>>;

  /** What `JSON.stringify` shows: the URL, and nothing of the credentials. */
  toJSON(): {
    /** `Client.url` */
    url: string;
  };

  /** Gives its memory back now; otherwise the garbage collector does. It cannot be used afterwards, but for another `free`. */
  free(): void;
  /** `free`, at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/** Options of calls about the documents of one replicator database. */
export interface DatabaseOptions extends CallOptions {
  /**
   * The replicator database: `_replicator`, or one whose name ends in `/_replicator`; any other is refused. Cloudant's rows say
   * `account/_replicator` for `_replicator`.
   *
   * @default "_replicator"
   */
  database?: string | undefined;
}

/** Options of `Scheduler.listDocs`. */
export interface ListDocsOptions<State extends ReplicationState = ReplicationState> extends DatabaseOptions {
  /** At most so many rows. All unless told. */
  limit?: number | undefined;
  /** Leave out so many rows at the beginning. */
  skip?: number | undefined;
  /** Only documents in these states; of an empty list, none. */
  states?: readonly State[] | undefined;
}

/** Options of `Scheduler.docs`. */
export interface DocsOptions<State extends ReplicationState = ReplicationState> extends DatabaseOptions {
  /** Only documents in these states; of an empty list, none. The server filters them, in one stream instead of pages. */
  states?: readonly State[] | undefined;
  /** How many documents to ask for at a time. Unless told, 250 at first and then up to 2000. */
  pageSize?: number | undefined;
}

/** Options of `Scheduler.summary`. */
export interface SummaryOptions extends DatabaseOptions {
  /**
   * Told how many rows have been counted, of how many documents there are (design documents among them): at most ten times a
   * second, and at the end. What it throws ends the call.
   */
  onProgress?: ((rows: number, total: number) => void) | undefined;
}

/** Options of `Scheduler.watch`. */
export interface WatchOptions<State extends ReplicationState = ReplicationState> extends DatabaseOptions {
  /** Only documents in these states: one that enters them is `added`, one that leaves them `removed`. */
  states?: readonly State[] | undefined;
  /** Only these documents, whether they exist yet or not. */
  docIds?: readonly string[] | undefined;
  /** Milliseconds from one tick to the next, a tenth more or less at random. 5000 unless told. */
  interval?: number | undefined;
  /** In a page: no ticks but the first while it cannot be seen, and one as soon as it can. True unless told. */
  pauseWhenHidden?: boolean | undefined;
}

/** Options of `Scheduler.waitFor` and `Replicator.followReplication`. */
export interface WaitOptions<State extends ReplicationState = ReplicationState> extends DatabaseOptions {
  /** The states to wait for, at least one. `["completed"]` unless told. */
  until?: readonly State[] | undefined;
  /**
   * Milliseconds between two looks, in the beginning and after each change; it grows by half with each look that finds nothing new, up to 30
   * seconds. 2000 unless told.
   */
  interval?: number | undefined;
  /** Milliseconds in all; 0, as without it, for no bound. */
  timeout?: number | undefined;
  /** Told each new row, the last one too. What it throws ends the wait. */
  onUpdate?: ((doc: ReplicationDoc) => void) | undefined;
}

/** Options of `Scheduler.listJobs`. */
export interface ListJobsOptions extends CallOptions {
  /** At most so many rows. All unless told. */
  limit?: number | undefined;
  /** Leave out so many rows at the beginning. */
  skip?: number | undefined;
}

// ------------------------------------------------------------------------------------------------------ rows

/** The seven states, in the order in which a replication can pass through them. */
export const REPLICATION_STATES: readonly ReplicationState[];

/**
 * What has become of a replication document:
 *
 * - `initializing`: the document is being read.
 * - `running`: it replicates.
 * - `pending`: it waits for its turn.
 * - `crashing`: it stopped with an error and is tried again, later each time.
 * - `error`: it could not be started and is tried again.
 * - `completed`: it is done; never for a continuous replication.
 * - `failed`: it is wrong and is not tried again.
 */
export type ReplicationState = "initializing" | "running" | "completed" | "pending" | "crashing" | "error" | "failed";

/**
 * Rows one by one, or, of `watch`, batch by batch. For `for await`; whoever calls `next()` instead ends it with `return()`, so that nothing
 * more is fetched.
 */
export interface RowIterator<Row> extends AsyncIterableIterator<Row> {
  /** Ends the iteration and the request under way, as leaving a loop does. */
  return<Value = undefined>(value?: Value): Promise<IteratorReturnResult<Value>>;
  /** Itself. */
  [Symbol.asyncIterator](): RowIterator<Row>;
}

/** The row of a document in one of these states: of `"failed"` a `FailedDoc`. */
export type DocInState<State extends ReplicationState> = Extract<
  ReplicationDoc,
  {
    /** One of these states. */
    state: State;
  }
>;

/** What `Scheduler.listDocs` gives. */
export interface DocsResponse<State extends ReplicationState = ReplicationState> {
  /** Every document of the database, whatever was asked for; CouchDB counts design documents too. */
  total_rows: number;
  /** `skip`, or `total_rows` where that is less. */
  offset: number;
  /** The rows, in doc-id order. */
  docs: DocInState<State>[];
}

/** What `Scheduler.listJobs` gives. */
export interface JobsResponse {
  /** All jobs of the server. */
  total_rows: number;
  /** How many rows the server left out before the first. */
  offset: number;
  /** The rows, in the order of their ids. */
  jobs: ReplicationJob[];
}

/**
 * A replication document and what has become of it. Every key is always there: null where the server left it out. The
 * `state` decides what else there is.
 *
 * @example
 * if (doc.state === "running") console.log(doc.info?.docs_written, "written by", doc.node);
 * else if (doc.state === "crashing") console.log(doc.error_count, "times:", doc.info?.error);
 */
export type ReplicationDoc =
  | InitializingDoc
  | RunningDoc
  | PendingDoc
  | CrashingDoc
  | ErrorDoc
  | CompletedDoc
  | FailedDoc
  | UndecidedDoc;

/** What the row of a document has in every state. */
export interface ReplicationDocBase {
  /** The replicator database. */
  database: string;
  /** Id of the document. */
  doc_id: string;
  /** The replication's id, that of its job; only while there is a job. */
  id: string | null;
  /** The node of the cluster that is in charge of it. */
  node: string | null;
  /** URL, without its user info. */
  source: string | null;
  /** URL, without its user info. */
  target: string | null;
  /**
   * `running`, `pending`, `crashing`: how often it has crashed in a row. `error`: how often it could not be started.
   * `failed`: 1. Otherwise 0.
   */
  error_count: number;
  /** ISO 8601, UTC: when the state last changed, which is not when it last wrote something. */
  last_updated: string | null;
  /** ISO 8601, UTC: when it was started, which a restart of the server does anew. */
  start_time: string | null;
  /** URL of the proxy, with the password starred. */
  source_proxy: string | null;
  /** URL of the proxy, with the password starred. */
  target_proxy: string | null;
}

/** The document is being read. */
export interface InitializingDoc extends ReplicationDocBase {
  /** Tells this row from those in other states. */
  state: "initializing";
  /** It has no job yet. */
  id: null;
  /** Not known before the document has been read. */
  source: null;
  /** Not known before the document has been read. */
  target: null;
  /** Nothing to tell yet. */
  info: null;
  /** Not known before the document has been read. */
  source_proxy: null;
  /** Not known before the document has been read. */
  target_proxy: null;
}

/** It replicates. An `error_count` above 0 says that it is being tried again. */
export interface RunningDoc extends ReplicationDocBase {
  /** Tells this row from those in other states. */
  state: "running";
  /** Id of its job. */
  id: string;
  /** Its counters; null until the first are known. */
  info: ReplicationInfo | null;
}

/** It waits for its turn. */
export interface PendingDoc extends ReplicationDocBase {
  /** Tells this row from those in other states. */
  state: "pending";
  /** Id of its job. */
  id: string;
  /** The counters of its last run; null before the first. */
  info: ReplicationInfo | null;
}

/** It stopped with an error, and is tried again. */
export interface CrashingDoc extends ReplicationDocBase {
  /** Tells this row from those in other states. */
  state: "crashing";
  /** Id of its job. */
  id: string;
  /** Why; null only from servers before 3.0. */
  info: ErrorInfo | null;
}

/** It could not be started, and is tried again. */
export interface ErrorDoc extends ReplicationDocBase {
  /** Tells this row from those in other states. */
  state: "error";
  /** It has no job. */
  id: null;
  /** The server does not say. */
  source: null;
  /** The server does not say. */
  target: null;
  /** Why; null only from servers before 3.0. */
  info: ErrorInfo | null;
  /** The server does not say. */
  source_proxy: null;
  /** The server does not say. */
  target_proxy: null;
}

/** It is done. */
export interface CompletedDoc extends ReplicationDocBase {
  /** Tells this row from those in other states. */
  state: "completed";
  /** It has no job any more. */
  id: null;
  /** No node is in charge of it any more. */
  node: null;
  /** What it did in all; null only from servers before 3.0. */
  info: ReplicationInfo | null;
}

/** It is wrong, and is not tried again. */
export interface FailedDoc extends ReplicationDocBase {
  /** Tells this row from those in other states. */
  state: "failed";
  /** It has no job. */
  id: null;
  /** No node is in charge of it. */
  node: null;
  /** Why; null only from servers before 3.0. */
  info: ErrorInfo | null;
}

/** The server cannot tell yet: just after the document was written, or the server started. From `getDoc` only. */
export interface UndecidedDoc extends ReplicationDocBase {
  /** Tells this row from those in other states. */
  state: null;
  /** It has no job yet. */
  id: null;
  /** No node is in charge of it yet. */
  node: null;
  /** Nothing to tell yet. */
  info: null;
}

/** Why a replication is not well; `diagnose` says it in words. */
export interface ErrorInfo {
  /** CouchDB's own words; sometimes a raw Erlang term. */
  error: string;
}

/** Counters, from the start of the replication or of the server on. */
export interface ReplicationInfo {
  /** Revisions of the source that were compared with the target. */
  revisions_checked: number;
  /** Those of them that the target did not have. */
  missing_revisions_found: number;
  /** Document revisions read from the source. */
  docs_read: number;
  /** Document revisions written to the target. */
  docs_written: number;
  /** Changes of the source that are still to do; null: unknown, not 0. CouchDB looks every 30 seconds at most. */
  changes_pending: number | null;
  /** Document revisions that the target refused. */
  doc_write_failures: number;
  /** Document revisions read by `_bulk_get`; CouchDB 3.3 and newer. */
  bulk_get_docs?: number;
  /** Document revisions that `_bulk_get` was asked for; CouchDB 3.3 and newer. */
  bulk_get_attempts?: number;
  /** How far the source has been replicated for certain, and from where a restart goes on. Opaque; 0 or "0" for none. */
  checkpointed_source_seq: string | number;
  /** How far it has come in the changes of the source. Opaque; while there is a job. */
  source_seq?: string | number;
  /** Up to which change of the source all are done. Opaque; while there is a job. */
  through_seq?: string | number;
}

/**
 * A replication that the scheduler has in hand. Beside CouchDB's own keys there are, at the top level, the counters of
 * `info` (each null where `info` is null or lacks it) and what the id and the history say.
 *
 * The id alone does not name a job: in a cluster the same replication out of two documents is two jobs of one id.
 */
export interface ReplicationJob {
  /** Replicator database of its document; null: asked for by `POST /_replicate`, not by a document. */
  database: string | null;
  /** Id of its document; null: asked for by `POST /_replicate`, not by a document. */
  doc_id: string | null;
  /** The replication's id: 32 hexadecimal digits, then `+continuous` and the like. */
  id: string;
  /** Erlang's process; null while it does not run. */
  pid: string | null;
  /** The node of the cluster that it runs on. */
  node: string;
  /** URL, without its user info. */
  source: string;
  /** URL, without its user info. */
  target: string;
  /** Who asked for it; null where that is not known. */
  user: string | null;
  /** ISO 8601, UTC: when it was added, which a restart of the server does anew. */
  start_time: string;
  /** Its counters; null until the first are known. */
  info: ReplicationInfo | null;
  /** What happened to it: at most 20 events, the newest first. */
  history: HistoryEvent[];
  /** Whether it goes on for ever: its id says so. */
  continuous: boolean;
  /** `running`: it has a process. `crashing`: its newest event is a crash. Otherwise `pending`. */
  state: "running" | "pending" | "crashing";
  /** As in `info`. */
  revisions_checked: number | null;
  /** As in `info`. */
  missing_revisions_found: number | null;
  /** As in `info`. */
  docs_read: number | null;
  /** As in `info`. */
  docs_written: number | null;
  /** As in `info`. */
  doc_write_failures: number | null;
  /** As in `info`; null: unknown, not 0. */
  changes_pending: number | null;
  /** As in `info`. */
  bulk_get_docs: number | null;
  /** As in `info`. */
  bulk_get_attempts: number | null;
  /** As in `info`. */
  checkpointed_source_seq: string | number | null;
  /** As in `info`. */
  source_seq: string | number | null;
}

/** Something that happened to a job. */
export interface HistoryEvent {
  /** `added` to the scheduler, `started`, `stopped` so that others have their turn, or `crashed`. */
  type: "added" | "started" | "stopped" | "crashed";
  /** ISO 8601, UTC: when. */
  timestamp: string;
  /** Of a crash: CouchDB's own words. */
  reason?: string;
  /** The event without `timestamp` and `type`. */
  details: Record<string, unknown>;
}

/** How the replications of one database are, all together. */
export interface Summary {
  /** The replicator database. */
  database: string;
  /** Documents counted. */
  total: number;
  /** How many are in each state. */
  states: Record<ReplicationState, number>;
  /** How many are in none that is known here. */
  unknown: number;
  /** How many are initializing, running, pending or completed. */
  healthy: number;
  /** How many are crashing, in error or failed. */
  unhealthy: number;
  /** How many are running or pending after a crash: their `error_count` is above 0. */
  retrying: number;
  /** Document revisions read from the sources, in all. */
  docs_read: number;
  /** Document revisions written to the targets, in all. */
  docs_written: number;
  /** Document revisions that the targets refused, in all. */
  doc_write_failures: number;
  /** Changes still to do, of all replications whose number is known; null where none is. */
  changes_pending: number | null;
}

/** What `watch` saw, of one document. A counter that moved is a change like any other. */
export type Change<State extends ReplicationState = ReplicationState> =
  | AddedChange<State>
  | ChangedChange<State>
  | RemovedChange<State>;

/** Which document a change is about. */
export interface ChangeBase {
  /** The replicator database. */
  database: string;
  /** Id of the document. */
  doc_id: string;
}

/** A document that was not there, or not in the states that are watched. */
export interface AddedChange<State extends ReplicationState = ReplicationState> extends ChangeBase {
  /** Tells this change from the others. */
  type: "added";
  /** Its row now. */
  doc: DocInState<State>;
  /** There was none. */
  previous?: undefined;
}

/** A document whose row is another. */
export interface ChangedChange<State extends ReplicationState = ReplicationState> extends ChangeBase {
  /** Tells this change from the others. */
  type: "changed";
  /** Its row now. */
  doc: DocInState<State>;
  /** Its row before. */
  previous: DocInState<State>;
}

/** A document that is not there any more, or not in the states that are watched. */
export interface RemovedChange<State extends ReplicationState = ReplicationState> extends ChangeBase {
  /** Tells this change from the others. */
  type: "removed";
  /** There is none. */
  doc?: undefined;
  /** Its last row. */
  previous: DocInState<State>;
}

// ------------------------------------------------------------------------------------------------ replicator

/**
 * Starts replications, follows them and stops them, by way of documents in a replicator database of one server.
 *
 * @example
 * const replicator = new Replicator(client);
 * const { id } = await replicator.createReplication({ source: "https://other.example.com/orders", target: "orders", createTarget: true });
 * for await (const doc of replicator.followReplication(id)) console.log(doc.state, doc.info);
 */
export class Replicator {
  /**
   * On the server of a client. Sends nothing.
   *
   * @throws {TypeError} when `server` is no `Client` of this copy of the package
   */
  constructor(server: Client);
  /**
   * On the server at a URL, by a client of its own. Sends nothing.
   *
   * @param server where CouchDB is, as for a `Client`
   * @param options of the new client
   * @throws {TypeError | RangeError} naming the argument that is wrong and what was expected
   */
  constructor(server: string | URL, options?: ClientOptions);
  /** Either of the two; a `Client` has its own options, and none may stand beside it. */
  constructor(server: Client | string | URL, options?: ClientOptions);

  /** The client of its server, to `close()` or to share: a handle of its own on the client that was given, or made for the URL. */
  readonly client: Client;

  /**
   * Writes a replication document; the server takes it up within seconds. An existing document is never overwritten. It is sent once: if
   * the answer gets lost, whether it was written is for you to look up, and an `id` of your own makes it safe to try again.
   *
   * `PUT /{database}/{id}`, or `POST /{database}` without an id
   *
   * @throws {TypeError | RangeError} before anything is sent, for a field that is unknown or has the wrong type, and for a masked value
   * @throws {SchedulerError} `bad_request` with status 409 where there is a document of this id; `forbidden` with CouchDB's words
   * for a document that it does not take; `not_found` where there is no such database; `invalid_response` where the answer does not
   * confirm the id and a revision
   */
  createReplication(
    replication: NewReplication,
    options?: DatabaseOptions,
  ): Promise<{
    /** true: anything else is an error. */
    ok: true;
    /** Id of the new document. */
    id: string;
    /** Its revision. */
    rev: string;
  }>;

  /**
   * The replication documents as they were written, in doc-id order, without design documents, their credentials replaced by `*****`.
   *
   * `GET /{database}/_all_docs?include_docs=true`
   */
  listReplications(options?: DatabaseOptions): RowIterator<ReplicatorDocument>;

  /**
   * One replication document as it was written, its credentials replaced by `*****`. It cannot be written back: a masked value is
   * refused.
   *
   * `GET /{database}/{id}`
   *
   * @throws {SchedulerError} `not_found` where there is no such document
   */
  getReplication(id: string, options?: DatabaseOptions): Promise<ReplicatorDocument>;

  /**
   * The state of one replication; null where the server does not know it yet.
   *
   * `GET /_scheduler/docs/{database}/{id}`
   *
   * @throws {SchedulerError} `not_found` where there is no such document
   */
  replicationState(id: string, options?: DatabaseOptions): Promise<ReplicationState | null>;

  /**
   * Each change of one replication, until it has ended. It ends with the row of a state in `until`; after the row of another end it
   * throws what `waitFor` rejects with. A continuous replication is followed until it fails or is deleted.
   *
   * `GET /_scheduler/docs/{database}/{id}`
   */
  followReplication(id: string, options?: WaitOptions): RowIterator<ReplicationDoc>;

  /**
   * Ends a replication by deleting its document, whatever its revision is by now. A document without `source` and `target` is not a
   * replication, and is not deleted.
   *
   * `GET` and `DELETE /{database}/{id}`
   *
   * @throws {SchedulerError} `not_found` where there is no such document; `bad_request` where it is not a replication
   */
  stopReplication(id: string, options?: DatabaseOptions): Promise<void>;

  /** What `JSON.stringify` shows: the URL, and nothing of the credentials. */
  toJSON(): {
    /** `Client.url` */
    url: string;
  };

  /** Gives its memory back now; otherwise the garbage collector does. It cannot be used afterwards, but for another `free`. */
  free(): void;
  /** `free`, at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/**
 * What to replicate. Each field of CouchDB's can be given in camelCase or under CouchDB's own name (`createTarget` or
 * `create_target`), once. A name that is not listed here is refused, as CouchDB would ignore it; fields of your own go into `fields`.
 *
 * A masked value (`*****`) is refused: it stands in what `listReplications` and `getReplication` give, and CouchDB would try it as a
 * password.
 */
export interface NewReplication extends CouchdbFields {
  /** The id of the document. Default: the server chooses one. */
  id?: string | undefined;
  /**
   * Where from: a URL, or the bare name of a database on this server. CouchDB 3 accepts no bare names, so the name becomes the URL that the client has
   * for it, with the client's own credentials next to it, never in the URL. The server must be able to reach itself under that URL.
   */
  source: string | URL | Endpoint;
  /** Where to: the same. */
  target: string | URL | Endpoint;
  /** Continue indefinitely with what changes later. */
  continuous?: boolean | undefined;
  /** Create the target database if it is missing. */
  createTarget?: boolean | undefined;
  /** How to create it, as in `{ q: 8, n: 3, partitioned: true }`. */
  createTargetParams?: object | undefined;
  /** A filter function of the source: `"designdoc/filtername"`. Only one of `filter`, `selector` and `docIds` is possible. */
  filter?: string | undefined;
  /** Parameters of the filter function. */
  queryParams?: Record<string, unknown> | undefined;
  /** A Mango selector of the documents to replicate. */
  selector?: object | undefined;
  /** Replicate only these documents. CouchDB decodes `%` escapes in the ids. */
  docIds?: readonly string[] | undefined;
  /** Replicate winning revisions only, without conflicts. CouchDB 3.4 and newer. */
  winningRevsOnly?: boolean | undefined;
  /** The sequence of the source to start from. */
  sinceSeq?: string | number | readonly unknown[] | undefined;
  /** Write checkpoints, from which a restart continues. CouchDB's default: true. */
  useCheckpoints?: boolean | undefined;
  /** Milliseconds between two checkpoints. CouchDB's default: 30 000. */
  checkpointInterval?: number | undefined;
  /** Fetch revisions by `_bulk_get`. CouchDB 3.3 and newer, default: true. */
  useBulkGet?: boolean | undefined;
  /** Number of worker processes. CouchDB's default: 4. */
  workerProcesses?: number | undefined;
  /** Changes per batch of a worker. CouchDB's default: 500. */
  workerBatchSize?: number | undefined;
  /** Maximum number of HTTP connections. CouchDB's default: 20. */
  httpConnections?: number | undefined;
  /** Time limit per request in milliseconds. CouchDB's default: 30 000. */
  connectionTimeout?: number | undefined;
  /** Number of retries per request. CouchDB's default: 5. */
  retriesPerRequest?: number | undefined;
  /** Options of the sockets, as an Erlang term. */
  socketOptions?: string | undefined;
  /** Options of CouchDB's HTTP client, as an Erlang term. */
  ibrowseOptions?: string | undefined;
  /** URL of the proxy to the source. */
  sourceProxy?: string | URL | undefined;
  /** URL of the proxy to the target. */
  targetProxy?: string | URL | undefined;
  /** URL of the proxy to both ends, in place of the other two. */
  proxy?: string | URL | undefined;
  /** The user as whom an older CouchDB writes to a local target. */
  userCtx?: UserContext | undefined;
  /** The user to whom the document belongs. Default: who writes it. */
  owner?: string | undefined;
  /** Fields of your own, as a note or a team. CouchDB ignores them. None can have the name of a known field, or begin with `_`. */
  fields?: Record<string, unknown> | undefined;
}

/** Fields of a replication document under CouchDB's names, where they have another one in camelCase. */
export interface CouchdbFields {
  /** `id` */
  _id?: string | undefined;
  /** `createTarget` */
  create_target?: boolean | undefined;
  /** `createTargetParams` */
  create_target_params?: object | undefined;
  /** `queryParams` */
  query_params?: Record<string, unknown> | undefined;
  /** `docIds` */
  doc_ids?: readonly string[] | undefined;
  /** `winningRevsOnly` */
  winning_revs_only?: boolean | undefined;
  /** `sinceSeq` */
  since_seq?: string | number | readonly unknown[] | undefined;
  /** `useCheckpoints` */
  use_checkpoints?: boolean | undefined;
  /** `checkpointInterval` */
  checkpoint_interval?: number | undefined;
  /** `useBulkGet` */
  use_bulk_get?: boolean | undefined;
  /** `workerProcesses` */
  worker_processes?: number | undefined;
  /** `workerBatchSize` */
  worker_batch_size?: number | undefined;
  /** `httpConnections` */
  http_connections?: number | undefined;
  /** `connectionTimeout` */
  connection_timeout?: number | undefined;
  /** `retriesPerRequest` */
  retries_per_request?: number | undefined;
  /** `socketOptions` */
  socket_options?: string | undefined;
  /** `ibrowseOptions` */
  ibrowse_options?: string | undefined;
  /** `sourceProxy` */
  source_proxy?: string | URL | undefined;
  /** `targetProxy` */
  target_proxy?: string | URL | undefined;
  /** `userCtx` */
  user_ctx?: UserContext | undefined;
}

/** A user as CouchDB sees it. */
export interface UserContext {
  /** Name of the user. */
  name?: string | null | undefined;
  /** Roles of the user. */
  roles?: readonly string[] | undefined;
}

/** One end of a replication. */
export interface Endpoint {
  /** A URL, or the bare name of a database on this server. */
  url: string | URL;
  /** Sent by the replicating server with each of its requests to this end. */
  headers?: Record<string, string> | undefined;
  /** How that server authenticates there. CouchDB 3.2 and newer. */
  auth?: EndpointAuth | undefined;
}

/** Credentials at one end of a replication. */
export interface EndpointAuth {
  /** Name and password. */
  basic?:
    | {
        /** Name of the user. */
        username: string;
        /** Password of the user. */
        password: string;
      }
    | undefined;
  /** At Cloudant, an API key of IBM Cloud. */
  iam?:
    | {
        /** The key. */
        api_key: string;
      }
    | undefined;
  /** Those of a plugin of the server. */
  [plugin: string]: object | undefined;
}

/** A replication document as it was written; in place of each credential is `*****`. */
export interface ReplicatorDocument {
  /** Its id. */
  _id: string;
  /** Its revision. */
  _rev: string;
  /** A URL, or an object with one. */
  source: unknown;
  /** A URL, or an object with one. */
  target: unknown;
  /** Whatever else it holds; `_replication_state` and the like once it has ended. */
  [field: string]: unknown;
}

// --------------------------------------------------------------------------------------------------- insight

/**
 * Why a replication is not well, in words, and what to do about it. Sends no request: it reads the reason in the row, be it a
 * sentence, an Erlang term, or the plain string of a server before 3.0.
 *
 * null for every state but `crashing`, `error` and `failed` (and, for a job, `crashing`):
 *
 * - A `running` or `pending` replication is at work, or about to be. Its `error_count` is about runs before this one: CouchDB keeps it
 *   as long as this run lasts, be it for weeks, and the document's row does not say why they ended. A job's `history` does.
 * - A `completed` one has read all there is. Documents that the target refused are in its `doc_write_failures`; each is in the log of
 *   the server that replicates.
 *
 * @param row of this package, or as CouchDB sent it
 * @throws {TypeError} when `row` is no such row
 *
 * @example
 * const doc = await scheduler.getDoc("orders");
 * const diagnosis = diagnose(doc);
 * if (diagnosis) console.log(diagnosis.message, diagnosis.hint);
 */
export function diagnose(row: ReplicationDoc | ReplicationJob): Diagnosis | null;

/**
 * What kind of fault it is:
 *
 * - `unauthorized`: name and password are not accepted (HTTP 401)
 * - `forbidden`: they are, but this user may not do it (HTTP 403)
 * - `database_missing`: there is no such database, or none that can be opened
 * - `host_unknown`: the host's name has no address
 * - `connection_refused`: nothing takes connections there, or no way leads there
 * - `connection_closed`: the connection ended too early. CouchDB often says so too where the host is unknown, refuses, or where TLS
 *   fails.
 * - `timeout`: no answer in time
 * - `tls`: no secure connection could be made, as a rule because of a certificate
 * - `rate_limited`: too many requests (HTTP 429), for longer than CouchDB slows down
 * - `server_error`: an answer with an error status that no other cause is for (5xx, 400, 404, 405, 409, …), or one that is not
 *   CouchDB's, as of a proxy
 * - `redirect`: an answer that redirects to another address (HTTP 3xx)
 * - `quota`: a payment is due or a quota is used up (HTTP 402)
 * - `too_large`: a request, or the document in it, is larger than accepted (HTTP 413, 414, 431)
 * - `checkpoint`: the replication cannot record how far it is: a conflict, or a database that was created again meanwhile
 * - `document`: a document cannot be read from the source (a revision or an attachment of it is missing, or all attempts failed), or
 *   the target does not store it, as for want of an attachment that it refers to
 * - `resources`: the operating system refuses something: disk space, open files, memory, permission, or an address to connect to
 * - `internal`: a part of the server that replicates failed or did not answer; its log says why
 * - `filter`: the replication's filter, view or selector is missing, wrong or fails
 * - `duplicate`: another document or request replicates the same
 * - `invalid_document`: the replication document is wrong, as its URL, or the target refuses a document of the source
 * - `unknown`: none of these for certain; `message` quotes the reason
 */
export type DiagnosisCause =
  | "unauthorized"
  | "forbidden"
  | "database_missing"
  | "host_unknown"
  | "connection_refused"
  | "connection_closed"
  | "timeout"
  | "tls"
  | "rate_limited"
  | "server_error"
  | "redirect"
  | "quota"
  | "too_large"
  | "checkpoint"
  | "document"
  | "resources"
  | "internal"
  | "filter"
  | "duplicate"
  | "invalid_document"
  | "unknown";

/** What `diagnose` finds. */
export interface Diagnosis {
  /** What kind of fault it is, for programs. */
  cause: DiagnosisCause;
  /** Which end; null where it cannot be told, as with a session on a server that has both. */
  side: "source" | "target" | null;
  /** What is wrong, in one sentence, with the address that the reason names. Secrets are masked. */
  message: string;
  /** What to do about it. */
  hint: string;
  /** It is not tried again: the state is `failed`. */
  permanent: boolean;
  /**
   * How often in a row: `error_count` of a document, of a job the crashes in its history as CouchDB counts them. 0 for a crash after
   * more than two minutes of work, which begins no row.
   */
  failures: number;
  /**
   * ISO 8601, UTC: failing at least since then. It can be longer, never shorter. null where the row has no time.
   *
   * - Of a job: the first crash of those in a row in its history, which has 20 events. After more than two minutes of work, or after
   *   CouchDB has stopped it while it ran, a new row begins.
   * - Of a `crashing` document: its last crash less the waits that `failures` implies, 30 s after the first, 60 s after the second, up
   *   to 8.5 hours. The time that the attempts took is not in it, so the job can tell more.
   * - Of a document that is in `error` (tried again after a random time) or `failed`: its last failure.
   *
   * @example
   * const anHourAgo = Date.now() - 3_600_000;
   * const isFailingForAnHour = diagnosis?.since && Date.parse(diagnosis.since) < anHourAgo;
   */
  since: string | null;
  /**
   * ISO 8601, UTC: when a crashing job is tried again at the earliest, 30 s · 2^(failures - 1) after the crash and 8.5 hours at
   * most; at once where `failures` is 0. CouchDB looks once a minute, and full servers later. null for `error`, which is tried
   * again after a random time, and for `failed`.
   */
  next_retry: string | null;
}

/**
 * How far a replication is. Sends no request.
 *
 * @param row of this package, or as CouchDB sent it
 * @param previous an earlier row of the same replication, for `stalled` and, together with `elapsedMs`, the rates
 * @param elapsedMs milliseconds between the two rows, more than 0
 * @throws {TypeError | RangeError} naming the argument that is wrong and what was expected
 *
 * @example
 * const before = await scheduler.getDoc("orders");
 * // ten seconds later
 * const { fraction, seconds_left } = progress(await scheduler.getDoc("orders"), before, 10_000);
 */
export function progress(
  row: ReplicationDoc | ReplicationJob,
  previous?: ReplicationDoc | ReplicationJob,
  elapsedMs?: number,
): Progress;

/** What `progress` works out. */
export interface Progress {
  /** Document revisions read from the source; null where the row has no counters, as for all of these. */
  docs_read: number | null;
  /** Document revisions written to the target. */
  docs_written: number | null;
  /** Document revisions that the target refused. */
  doc_write_failures: number | null;
  /** Changes of the source that are still to do; 0 for a completed replication; null: unknown, not 0. */
  changes_pending: number | null;
  /**
   * From 0 to 1: the revisions checked, of these and the changes pending. 1 for a completed replication. null where the pending count
   * is unknown, and for a continuous replication that is up to date (`changes_pending` is 0), which is never at its end.
   */
  fraction: number | null;
  /**
   * Documents written in a second, since `previous`. null without `previous` and `elapsedMs`, and where a counter went backwards because
   * the server has started anew.
   */
  docs_per_second: number | null;
  /** Until nothing is pending, at the pace of the revisions checked since `previous`; null where that is unknown or nothing moves, and for a completed replication. */
  seconds_left: number | null;
  /**
   * It runs, changes are pending, and neither a counter nor its sequence has moved since `previous`. null without `previous`, and
   * where it cannot be told.
   */
  stalled: boolean | null;
}

// ---------------------------------------------------------------------------------------------------- errors

/**
 * What kind of fault ended a call:
 *
 * - `unauthorized`: HTTP 401, wrong password or not a server admin. Do not try again: five wrong passwords lock the account.
 * - `forbidden`: HTTP 403.
 * - `locked_out`: HTTP 403 after five wrong passwords; even the right one is refused, for up to 5 minutes.
 * - `not_found`: HTTP 404: no such document, job or database.
 * - `bad_request`: any other HTTP 4xx.
 * - `rate_limited`: HTTP 429, from Cloudant.
 * - `server_error`: HTTP 5xx, or an error that the server adds to an answer it had begun.
 * - `network`: no answer at all; `cause` is what `fetch` threw.
 * - `timeout`: not the whole answer within `timeout` milliseconds, or HTTP 408.
 * - `truncated`: the answer broke off in the middle.
 * - `invalid_response`: an answer that CouchDB would not give; something else stands at this address.
 * - `replication_failed`: a replication that was waited for ended in another state; `doc` is its row.
 */
export type SchedulerErrorCode =
  | "unauthorized"
  | "forbidden"
  | "locked_out"
  | "not_found"
  | "bad_request"
  | "rate_limited"
  | "server_error"
  | "network"
  | "timeout"
  | "truncated"
  | "invalid_response"
  | "replication_failed";

/**
 * What a failed call rejects with; the message is a sentence for people. Two things are other errors: an abort rejects with
 * the signal's own reason, and a wrong argument with a `TypeError` or `RangeError`.
 */
export class SchedulerError extends Error {
  private constructor();
  /** Its class, for those who have another copy of it. */
  readonly name: "SchedulerError";
  /** What kind of fault, for programs. */
  readonly code: SchedulerErrorCode;
  /** HTTP status; null where there was no answer. */
  readonly status: number | null;
  /** CouchDB's `error`. */
  readonly error: string | null;
  /** CouchDB's `reason`. */
  readonly reason: string | null;
  /** HTTP method of the request. */
  readonly method: string;
  /** URL of the request, without credentials. */
  readonly url: string;
  /** `X-Couch-Request-ID` of the answer: the line to look for in the server's log. */
  readonly requestId: string | null;
  /** How often the request was sent. */
  readonly attempts: number;
  /** Seconds to wait, where the answer says so. */
  readonly retryAfter: number | null;
  /** `replication_failed`: the row that ended the wait. */
  readonly doc?: ReplicationDoc;
  /** What was thrown underneath, where something was. */
  readonly cause?: unknown;

  /** What `JSON.stringify` shows: `name`, `message` and every field; of a cause its name, message and code. */
  toJSON(): Record<string, unknown>;
}
