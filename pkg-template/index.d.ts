/**
 * Ask a CouchDB or Cloudant server how its replications are doing.
 *
 * Field names are CouchDB's own (snake_case); methods and options are JavaScript's (camelCase).
 * Rows are plain objects: copy them, compare them, or convert them to JSON like any other object.
 *
 * Every call needs the credentials of a server admin, except `Client.info` and `Client.session`.
 *
 * @module couchdb-scheduler
 */

/// <reference lib="esnext.disposable" />

// -------------------------------------------------------------------------------------- connection

/** HTTP Basic authentication. The user name must not contain a colon. */
export interface BasicAuth {
  /** User name, without a colon: in HTTP Basic a colon separates the name from the password. */
  username: string;
  /** Password. */
  password: string;
}

/**
 * Cookie session of CouchDB (`POST /_session`).
 *
 * Concurrent calls share one login. The client logs in again after 80 % of the cookie's lifetime,
 * and once when the server rejects the cookie with a 401. In a page the browser stores the cookie;
 * elsewhere the client does.
 */
export interface SessionAuth {
  /** Discriminant of `Auth`. */
  type: "session";
  /** User name; it may contain a colon. */
  username: string;
  /** Password. */
  password: string;
}

/**
 * Access token of IBM Cloud, obtained with an API key. Concurrent calls share one token. The client
 * renews it after 80 % of its lifetime, and once when the server rejects it with a 401.
 */
export interface IamAuth {
  /** Discriminant of `Auth`. */
  type: "iam";
  /** API key of IBM Cloud. */
  apiKey: string;
  /**
   * URL of the token server, without user info: the API key is sent in the request body. A redirect
   * of the token server is not followed.
   *
   * @default "https://iam.cloud.ibm.com/identity/token"
   */
  tokenUrl?: string | URL | undefined;
}

/** Your own token, sent as `Authorization: Bearer …`. */
export interface BearerAuth {
  /** Discriminant of `Auth`. */
  type: "bearer";
  /**
   * The token, or a function that returns it.
   *
   * The function is called before every attempt, retries included. If it throws or does not return
   * a token, the call rejects with the code `unauthorized`; the thrown value is the `cause`. If it
   * takes longer than `ClientOptions.timeout`, the call rejects with the code `timeout`.
   */
  token: string | (() => string | Promise<string>);
}

/**
 * How to authenticate. A refused password is never retried automatically: CouchDB locks an account
 * after five failures.
 */
export type Auth = BasicAuth | SessionAuth | IamAuth | BearerAuth;

/** Options of a `Client`. */
export interface ClientOptions {
  /**
   * Credentials.
   *
   * User info in the URL (`https://name:password@host`) means HTTP Basic, too; it is removed from
   * the URL immediately. If both are present, `auth` takes precedence.
   */
  auth?: Auth | undefined;
  /**
   * Additional headers of every request, besides `Accept` and `Authorization`. In a page, the CORS
   * settings of the server must allow each of them.
   */
  headers?: Record<string, string> | undefined;
  /**
   * In a page: whether the browser sends its own cookies, as for `fetch`. `"include"` uses the
   * session of the user who is logged in to CouchDB in this browser.
   *
   * Default: that of `fetch`; with session authentication `"include"`.
   */
  credentials?: "omit" | "same-origin" | "include" | undefined;
  /**
   * Time limit per attempt in milliseconds, including the response body. `0` disables it. In a list, it
   * begins again whenever rows arrive: a cluster can need minutes for thousands of documents. A token
   * function gets the same limit.
   *
   * @default 30000
   */
  timeout?: number | undefined;
  /**
   * Maximum number of retries per call after a transient error. `0` disables retries.
   *
   * Transient errors are: network errors; a response that was cut off before its first row was
   * returned; HTTP 408 and 429; every HTTP 5xx except 501, 505, 506, 508, 510, 511, 525 and 526;
   * and a 404 that is not CouchDB's own, for example from a gateway whose server is down.
   *
   * The client waits up to 250 ms before the first retry, and doubles this limit each time, up to
   * 10 seconds; the actual wait is random. A positive `Retry-After` of up to 60 seconds replaces
   * this wait. With a longer `Retry-After` the call rejects immediately, and
   * `SchedulerError.retryAfter` has the number of seconds. A `Retry-After` of 0, a negative one and
   * a date in the past are ignored.
   *
   * @default 2
   */
  retries?: number | undefined;
  /**
   * Function that sends the requests instead of the global `fetch`, for example through a proxy or
   * in tests. It receives an absolute URL and an init object with `method`, `headers`, `signal` and
   * `redirect: "manual"`.
   *
   * Default: the global `fetch`, looked up at each request.
   */
  fetch?: typeof fetch | undefined;
}

/** Options of every call. */
export interface CallOptions {
  /** Cancels the call. Its promise then rejects with `signal.reason` itself. */
  signal?: AbortSignal | undefined;
}

/**
 * One server and one way to authenticate. Create one client per server, and pass it to the
 * `Scheduler` and the `Replicator`, so that they share its session or token. The constructor sends
 * no request.
 *
 * No client follows redirects, since credentials would be sent to the new address. A redirect is an
 * `invalid_response` whose message has the new address: use that URL instead. Browsers do not
 * reveal the address.
 *
 * @example
 * const auth = { username: "admin", password };
 * const client = new Client("https://couch.example.com:6984", { auth });
 * const { version } = await client.info();
 * const scheduler = new Scheduler(client);
 */
export class Client {
  /**
   * @param url URL of CouchDB: `http` or `https`, with a path if it is behind a reverse proxy. User
   * info becomes `auth`; in it, write `/` as `%2F`, `?` as `%3F`, `#` as `%23`, a backslash as `%5C`
   * and `@` as `%40`.
   * @throws {TypeError | RangeError} If an argument is invalid; the message names it and says what
   * was expected. A URL whose password contains a raw `/`, `?`, `#` or backslash is refused, without
   * repeating it.
   */
  constructor(url: string | URL, options?: ClientOptions);

  /**
   * Creates the client of a Cloudant account, at `https://ACCOUNT.cloudant.com`.
   *
   * @param account name of the account, not a URL
   * @throws {TypeError | RangeError} If an argument is invalid; the message names it and says what
   * was expected.
   *
   * @example
   * const client = Client.cloudant("my-account", { auth: { type: "iam", apiKey } });
   */
  static cloudant(account: string, options?: ClientOptions): Client;

  /** URL of the server, without credentials and without a trailing slash. */
  readonly url: string;

  /**
   * Returns the name, version and features of the server. Does not need an admin.
   *
   * `GET /`
   *
   * @throws {SchedulerError} `invalid_response` if the response is not CouchDB's welcome.
   */
  info(options?: CallOptions): Promise<ServerInfo>;

  /**
   * Returns the user as whom the server sees this client. Does not need an admin; without
   * credentials the name is null.
   *
   * `GET /_session`
   *
   * @throws {SchedulerError} `invalid_response` if the response has no `userCtx`.
   */
  session(options?: CallOptions): Promise<SessionInfo>;

  /**
   * Ends the session, if the client has one; a later call would log in again. Does nothing for the
   * other kinds of authentication.
   *
   * `DELETE /_session`
   */
  close(): Promise<void>;
  /** Calls `close` at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>;

  /** Result of `JSON.stringify`: the URL, without any credentials. */
  toJSON(): {
    /** The same as `Client.url`. */
    url: string;
  };

  /**
   * Releases its memory immediately; otherwise the garbage collector does. The object cannot be
   * used afterwards. Further calls of `free` do nothing.
   */
  free(): void;
  /** Calls `free` at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/** Result of `Client.info`: the server's welcome. */
export interface ServerInfo {
  /** "Welcome" */
  couchdb: string;
  /** Version of CouchDB, such as "3.5.0". */
  version: string;
  /** Optional features of the server. Since CouchDB 2.1 the list contains `scheduler`. */
  features?: string[];
  /** Vendor of the server. */
  vendor?: {
    /** Name, such as "The Apache Software Foundation". */
    name: string;
    /** Version of the vendor's product, if the server reports it. */
    version?: string;
  };
  /** Any other member of the response. */
  [field: string]: unknown;
}

/** Result of `Client.session`: the user as whom the server sees this client. */
export interface SessionInfo {
  /** true */
  ok: boolean;
  /** User of the request. */
  userCtx: {
    /** User name; null for an anonymous request. */
    name: string | null;
    /** Roles; a server admin has the role `_admin`. */
    roles: string[];
  };
  /** How the user was authenticated. */
  info?: {
    /** Authentication methods of the server, in the order in which it tries them. */
    authentication_handlers?: string[];
    /**
     * Method that authenticated this request, such as "cookie" or "default" (HTTP Basic); absent
     * for an anonymous request.
     */
    authenticated?: string;
    /** Any other member of the response. */
    [field: string]: unknown;
  };
}

// --------------------------------------------------------------------------------------- scheduler

/**
 * Reads the replications of one server.
 *
 * Every method rejects with a `SchedulerError` if the call fails, with a `TypeError` or
 * `RangeError` before any request if an argument is invalid, and with `signal.reason` if the signal
 * is aborted. An iterator throws the same from its loop.
 *
 * Responses are checked before they are returned. A row with another id than the requested one, a
 * response that is not CouchDB's, a row or object of more than 64 MB, and a list with far more rows
 * than its `total_rows` are an `invalid_response`.
 *
 * @example
 * const scheduler = new Scheduler("https://admin:secret@couch.example.com:6984");
 * const { docs } = await scheduler.listDocs({ states: ["crashing", "failed"] });
 * for (const doc of docs) console.log(doc.doc_id, doc.state, doc.info?.error);
 */
export class Scheduler {
  /**
   * Uses the server of a client. Sends no request.
   *
   * @throws {TypeError} If `server` is not a `Client` of this copy of the package.
   */
  constructor(server: Client);
  /**
   * Creates its own client for the server at a URL. Sends no request.
   *
   * @param server URL of CouchDB, as for a `Client`
   * @param options options of the new client
   * @throws {TypeError | RangeError} If an argument is invalid; the message names it and says what
   * was expected.
   */
  constructor(server: string | URL, options?: ClientOptions);
  /**
   * Accepts a client or a URL.
   *
   * @throws {TypeError} If `options` are passed together with a `Client`, which has its own
   * options.
   */
  constructor(server: Client | string | URL, options?: ClientOptions);

  /**
   * The client of this scheduler, for `close()` or to share it: a separate handle for the client
   * that was passed in, or for the one that was created for the URL. Freeing one handle keeps the
   * other.
   */
  readonly client: Client;

  /**
   * Returns the names of the replicator databases: `_replicator`, and those that end in
   * `/_replicator`.
   *
   * `GET /_all_dbs`
   *
   * @throws {SchedulerError} `unauthorized` or `forbidden` if the user may not list databases.
   *
   * @example
   * for (const database of await scheduler.replicatorDatabases()) {
   *   console.log(database, (await scheduler.summary({ database })).total);
   * }
   */
  replicatorDatabases(options?: CallOptions): Promise<string[]>;

  /**
   * Returns where a replication really is: its checkpoints at both ends, how many changes it still has
   * to process, when it last made progress, and where it would continue after a restart. The rows of
   * crashing and pending replications show none of this, and the row of a running one can be outdated.
   *
   * Databases of this server are requested with this client, those of other servers only as
   * `endpoints` says. An end that fails is part of the result: `status` and `error` of that end.
   *
   * Only a replication with a job (`running`, `pending`, `crashing`) has an id, which its checkpoints
   * have, too. In all other states no end is requested: both are `not_asked`, and `resume` is
   * `unknown`.
   *
   * `GET /_scheduler/docs/{database}/{docId}`, `GET /{database}/{docId}` (for its filter, `since_seq`
   * and stored credentials; it is not returned), `POST /{source}/_local_docs`,
   * `POST /{target}/_local_docs`, `GET /{source}/_changes?limit=0`
   *
   * @throws {SchedulerError} `not_found` if the document does not exist; any other code if this
   * server does not return its row or the document.
   * @throws {TypeError} If the function `endpoints` returns anything else than a `Client` of this copy
   * of the package or null. What the function throws is thrown.
   *
   * @example
   * const { backlog, last_progress, source } = await scheduler.lag("orders", { endpoints: "stored" });
   * if (source.error) console.log("The source does not respond as expected:", source.error.message);
   * else if (backlog) console.log(backlog, "changes to go; latest progress:", last_progress);
   */
  lag(docId: string, options?: LagOptions): Promise<Lag>;

  /**
   * Iterates over the lags of all documents with a job (`running`, `pending`, `crashing`), each as
   * soon as it is known, so not in the order of their ids. An end that fails does not end the
   * iteration. If its server is down or rejects the credentials, the other databases there have the
   * same error without a request: CouchDB locks an account after five wrong passwords. Documents that
   * are deleted meanwhile are left out; with `database: "all"`, databases, too.
   *
   * Sends at most 8 requests at a time. 1,000 replications between 20 databases take 1,022 requests:
   * one for the list, one for the documents, one for all checkpoints of each database, and one for the
   * backlog of each replication. More than 1,000 are read in groups of 1,000, so memory use does not
   * grow with their number.
   *
   * `GET /_scheduler/docs/{database}`, `POST /{database}/_all_docs`, `POST /{source}/_local_docs`,
   * `POST /{target}/_local_docs`, `GET /{source}/_changes?limit=0`; with `database: "all"` also
   * `GET /_all_dbs`
   *
   * @throws {SchedulerError} `not_found` if the database does not exist, or the server has no
   * replication scheduler; any other code if this server does not return rows or documents.
   * @throws {TypeError} As `lag`.
   *
   * @example
   * for await (const { doc_id, backlog } of scheduler.lags({ database: "all" })) {
   *   if (backlog !== null && backlog > 10_000) console.log(doc_id, backlog);
   * }
   */
  lags(options?: LagsOptions): RowIterator<Lag>;

  /**
   * Whether the scheduler's account is true: jobs that run without a task, that do not move although
   * changes are left, that starve, that crash without showing it, refused documents, rewinds. `kind`
   * of `Finding` explains each.
   *
   * One look only suspects, except where the server itself reports a trouble. A second look, at least
   * two minutes later, confirms: pass the `snapshot` of the first one as `previous`, or set `window`
   * to wait for it. A late finding is better than a false one: a replication that is idle, slow, or
   * rotated by the scheduler is not a finding.
   *
   * A look of a healthy server takes 4 requests, whatever the number of jobs. Further requests, at
   * most 8 at a time, are only sent about suspicions: the limits of a node where a job waits for more
   * than three minutes, the backlog of a job that does not move, the checkpoint of a replication whose
   * counters fell. With `maxBacklog` or `maxSilence`, each job takes up to 3.
   *
   * The backlog of a job decides whether it hangs or is idle. At a source of another server it is
   * requested only if `endpoints` says how. Otherwise the number in the row counts, which is unknown
   * for many idle jobs; such a job is not a finding.
   *
   * While a node of a cluster hangs, CouchDB holds its response back for about a minute. With a
   * `timeout` below that and no `retries`, the audit rejects.
   *
   * All times are the server's, of its header `Date`. A page of another origin cannot read it; then
   * the newest time in the rows counts as now, which makes findings late. Memory use grows with the
   * number of jobs and findings.
   *
   * `GET /_scheduler/jobs`, `GET /_active_tasks`, `GET /_membership`, and
   * `GET /_scheduler/docs/{database}` for documents that failed, cannot start, or are completed; about
   * suspicions `GET /_node/{node}/_config/replicator`,
   * `GET /{source}/_changes?limit=0`, `POST /{target}/_local_docs`, `POST /{source}/_local_docs`; with
   * `database: "all"` also `GET /_all_dbs`
   *
   * @throws {SchedulerError} `not_found` if the database does not exist, or the server has no
   * replication scheduler; any other code if the jobs cannot be read. What else cannot be read is in
   * `blind_spots`.
   * @throws {TypeError} `previous` is not a snapshot; or the function `endpoints` returned neither a
   * client nor null.
   *
   * @example
   * const { verdict, findings } = await scheduler.audit({ window: 120_000 });
   * console.log(verdict);
   * for (const { kind, confirmed, doc_id, node, message, hint } of findings) {
   *   console.log(confirmed ? "confirmed" : "suspected", kind, doc_id ?? node, message, hint);
   * }
   *
   * @example
   * // One look for each run of a program, for example every five minutes.
   * import { readFile, writeFile } from "node:fs/promises";
   *
   * const stored = await readFile("audit.json", "utf8").catch(() => null);
   * const audit = await scheduler.audit(stored === null ? {} : { previous: JSON.parse(stored) });
   * await writeFile("audit.json", JSON.stringify(audit.snapshot));
   * if (audit.findings.some(({ confirmed }) => confirmed)) process.exitCode = 1;
   */
  audit(options?: AuditOptions): Promise<Audit>;

  /**
   * Returns why jobs wait, and how long: the limits and the load of each node.
   *
   * If the limits of a node cannot be read, because Cloudant does not show them or the node does not
   * respond, `known` is false, and CouchDB's defaults are in their place. The limits are those of the
   * configuration. If a setting is deleted there, CouchDB shows its default and uses the old value
   * until it is set again.
   *
   * `GET /_scheduler/jobs`, `/_membership`, and `/_node/{name}/_config/replicator` of each connected
   * node; at most 8 requests at a time
   *
   * @throws {SchedulerError} `not_found` if the server has no replication scheduler.
   *
   * @example
   * const { nodes } = await scheduler.capacity();
   * for (const { node, pending, expected_wait } of nodes) {
   *   if (pending > 0) console.log(node, pending, "jobs wait", (expected_wait ?? Infinity) / 1000, "s");
   * }
   */
  capacity(options?: CallOptions): Promise<Capacity>;

  /**
   * Returns documents, jobs, incidents and findings as OpenMetrics 1.0 text, for Prometheus and
   * others. Its content type is `application/openmetrics-text; version=1.0.0; charset=utf-8`.
   *
   * What is unknown is absent, never 0. A server that cannot be reached, or refuses the request, is
   * part of the text: `up` is 0, and `scrape_errors` has the code of the `SchedulerError`. After such
   * an error nothing more is requested. If only another part cannot be read (a database that does not
   * exist, incidents, jobs), this part is absent, and `scrape_errors` names it.
   *
   * The names of the metrics begin with `couchdb_scheduler_`. All are gauges, except for
   * `docs_written_total`, which is a counter:
   *
   * | metric | labels | value |
   * |---|---|---|
   * | `up` | | 1 if the documents of all databases were counted, otherwise 0 |
   * | `scrape_errors` | `part`, `database`, `code` | 1 for each part that could not be read |
   * | `scrape_duration_seconds` | | duration of the call |
   * | `replications` | `database`, `state` | documents in each of the seven states; `unknown` for other states, if there are any |
   * | `incidents` | `cause`, `side` | incidents of all databases: groups as of `incidents()` |
   * | `findings` | `kind` | confirmed findings of the option `audit` |
   * | `jobs` | `node`, `state` | `running`, `pending` and `crashing` jobs of each node that is up |
   * | `max_jobs` | `node` | maximum number of jobs that run at the same time |
   *
   * With the option `perReplication`, for single replications:
   *
   * | metric | labels | value |
   * |---|---|---|
   * | `consecutive_failures` | `database`, `doc_id` | `error_count` of the row |
   * | `docs_written_total` | `database`, `doc_id` | document revisions written to the target; starts again at 0 after a restart |
   * | `doc_write_failures` | `database`, `doc_id` | document revisions that the target refused |
   * | `changes_pending` | `database`, `doc_id` | changes of the source that are not replicated yet, of a job that ran |
   * | `backlog` | `database`, `doc_id` | with the option `lag`: `Lag.backlog` of a running, pending or crashing replication |
   * | `last_progress_timestamp_seconds` | `database`, `doc_id` | with the option `lag`: `Lag.last_progress` in seconds since 1970 |
   * | `series_dropped` | | series that are absent because of `maxSeries` |
   *
   * The parts are read one after the other: for each database the documents and the unhealthy ones,
   * then the jobs and nodes, as `capacity` does, then the documents for `perReplication`, and for
   * `lag` what `lags` requests, about the replications that are in the text only. With a `signal` such as `AbortSignal.timeout(10_000)` the call rejects if this takes too long.
   *
   * `GET /_scheduler/docs/{database}`, `/_scheduler/jobs`, `/_membership`,
   * `/_node/{name}/_config/replicator`; with `databases: "all"` also `/_all_dbs`; with `lag` also those
   * of `lags`
   *
   * @throws {TypeError | RangeError} If an option is invalid; `lag` without `perReplication`. What the
   * function `endpoints` throws is thrown. The call does not reject with a `SchedulerError`.
   *
   * @example
   * const text = await scheduler.metrics({ databases: "all", perReplication: "unhealthy" });
   * const up = text.includes("\ncouchdb_scheduler_up 1\n");
   */
  metrics(options?: MetricsOptions): Promise<string>;

  /**
   * Returns whether the target has everything that the replication is to bring. Writes nothing.
   *
   * Reads the same changes of the source as the replication, with its filter, selector, `doc_ids`,
   * `winning_revs_only` and `since_seq`, and compares them with the target, a batch at a time. Deleted
   * documents, conflicts, attachments and design documents are included; `_local` documents never
   * replicate. The next batch is fetched while the current one is compared. Memory use does not grow
   * with the number of documents.
   *
   * A revision that is missing is requested again before it is reported, at both ends. It is
   * `in_flight` if its document changed after the position of the replication: that of the running
   * job, or the one where its checkpoints let it start again, or of a completed replication where it
   * ended. Otherwise it is `refused`: the replication has passed it, and a restart does not bring it.
   * `Replicator.retryRefused` shows why, and tries again.
   *
   * 20,000 documents take 42 small requests. A filter runs at the source for every change, as in the
   * replication itself: if it lets few of many documents through, one request can take longer than
   * `ClientOptions.timeout`. Use a client with a longer one then.
   *
   * `GET /_scheduler/docs/{database}/{docId}`, `GET /{database}/{docId}` (it is not returned),
   * `POST /{source}/_local_docs`, `POST /{target}/_local_docs`, `GET` or `POST /{source}/_changes`,
   * `POST /{target}/_revs_diff`; with `extra` also `GET /{target}/_changes` and
   * `POST /{source}/_revs_diff`
   *
   * @throws {RangeError} If an end is on another server and the option `endpoints` does not give a
   * client for it.
   * @throws {SchedulerError} `not_found` if the document or a database does not exist; `forbidden` or
   * `unauthorized` if the user may not read an end; `invalid_response` if a feed repeats itself; any
   * other code if an end does not respond as expected.
   * @throws {TypeError} If the function `endpoints` returns anything else than a `Client` of this copy
   * of the package or null. What the function or `onProgress` throws is thrown.
   *
   * @example
   * const { complete, refused, in_flight, docs } = await scheduler.verify("orders", { endpoints: "stored" });
   * if (!complete) console.log(refused, "refused,", in_flight, "in flight:", docs);
   */
  verify(docId: string, options?: VerifyOptions): Promise<Verification>;

  /**
   * Returns the documents in `states`, from row `skip` up to row `skip + limit`, in the order of
   * their ids (by UTF-8 bytes).
   *
   * The result is exact: each matching document is in it once. CouchDB's own `skip` and `limit`
   * lose rows; this method corrects that. Documents that are created, deleted, or change their
   * state during the call may or may not be included.
   *
   * `GET /_scheduler/docs/{database}`; with a `limit` and no `states` also `/{database}/_all_docs`
   *
   * @throws {SchedulerError} `not_found` if the database does not exist, or the server has no
   * replication scheduler (CouchDB before 2.1).
   *
   * @example
   * const { docs, total_rows } = await scheduler.listDocs({ states: ["failed"], limit: 50 });
   */
  listDocs<State extends ReplicationState = ReplicationState>(
    options?: ListDocsOptions<State>,
  ): Promise<DocsResponse<State>>;

  /**
   * Returns one document with its state. The `state` is null for a few seconds after the document
   * was written or the server was started; in a cluster, also after its replication ended, and up to
   * 30 seconds after its node went down.
   *
   * `GET /_scheduler/docs/{database}/{docId}`
   *
   * @throws {SchedulerError} `not_found` if the document does not exist; `invalid_response` if the
   * server returns another document.
   *
   * @example
   * const doc = await scheduler.getDoc("orders");
   * if (doc.state === "crashing") console.log(doc.error_count, doc.info?.error);
   */
  getDoc(docId: string, options?: DatabaseOptions): Promise<ReplicationDoc>;

  /**
   * Iterates over the documents in `states`, each once, in the order of their ids. Memory use does
   * not grow with their number.
   *
   * The next page is fetched while your loop works on the current one. Leaving the loop cancels the
   * request. Documents that are created or deleted meanwhile never make another document appear
   * twice or not at all. If an error occurs, the loop first gets the rows that arrived, and then
   * throws.
   *
   * `GET /_scheduler/docs/{database}`; without `states`, or where CouchDB ends the list of those in
   * some states early, also `/{database}/_all_docs`
   *
   * @throws {SchedulerError} `not_found` if the database does not exist, or the server has no
   * replication scheduler; `truncated` if the response was cut off.
   *
   * @example
   * for await (const doc of scheduler.docs()) console.log(doc.doc_id, doc.state);
   */
  docs<State extends ReplicationState = ReplicationState>(options?: DocsOptions<State>): RowIterator<DocInState<State>>;

  /**
   * Iterates over all jobs, each once, in the order of their ids. All rows come from one response.
   *
   * `GET /_scheduler/jobs`
   *
   * @throws {SchedulerError} `truncated` if the response was cut off.
   *
   * @example
   * for await (const job of scheduler.jobs()) console.log(job.id, job.state);
   */
  jobs(options?: CallOptions): RowIterator<ReplicationJob>;

  /**
   * Counts the documents in each state, and adds up their counters. Rows are counted as they arrive
   * and never become objects, so this needs a fraction of the time and memory of a list. As in a list,
   * documents without a state are missing, in a cluster for example those of a node that went down: then
   * the rows of `onProgress` stay below its total.
   *
   * `GET /_scheduler/docs/{database}`
   *
   * @throws {SchedulerError} `not_found` if the database does not exist, or the server has no
   * replication scheduler.
   *
   * @example
   * const { states, unhealthy } = await scheduler.summary();
   * console.log(states.running, "running,", unhealthy, "unhealthy");
   */
  summary(options?: SummaryOptions): Promise<Summary>;

  /**
   * Groups the unhealthy documents (crashing, error, failed) by cause, end and host: three hundred
   * failing documents are often one incident. Incidents with most documents come first. Rows are
   * counted as they arrive, and only one of each kind becomes an object. Memory use grows with the
   * number of incidents, not of documents: there are at most 1,000, and one for all other documents.
   *
   * `GET /_scheduler/docs/{database}`
   *
   * @throws {SchedulerError} `not_found` if the database does not exist, or the server has no
   * replication scheduler.
   *
   * @example
   * for (const { total, message, hint } of await scheduler.incidents({ database: "all" })) {
   *   console.log(total, "documents:", message, hint);
   * }
   */
  incidents(options?: IncidentsOptions): Promise<Incident[]>;

  /**
   * Returns the jobs that are running, waiting, or crashing, in all databases and on all nodes,
   * including those started by `POST /_replicate`. Without a `limit` it returns all of them;
   * CouchDB's own default is 100.
   *
   * `GET /_scheduler/jobs`
   *
   * @throws {SchedulerError} `invalid_response` if the response has fewer jobs than its
   * `total_rows`, without `limit` and `skip`: a proxy or a cache ignores the query.
   *
   * @example
   * const { jobs } = await scheduler.listJobs();
   * const running = jobs.filter(({ state }) => state === "running");
   * console.log(running.length, "of", jobs.length, "are running");
   */
  listJobs(options?: ListJobsOptions): Promise<JobsResponse>;

  /**
   * Returns one job.
   *
   * `GET /_scheduler/jobs/{jobId}`
   *
   * @param jobId the complete id, including a suffix such as `+continuous` after the hexadecimal
   * digits
   * @throws {SchedulerError} `not_found` if the job does not exist; `invalid_response` if the
   * server returns another job.
   *
   * @example
   * const { history } = await scheduler.getJob("0b6d6e0f8c5a4c0e8e0f4a3d2c1b0a99+continuous");
   * console.log("latest event:", history[0]?.type);
   */
  getJob(jobId: string, options?: CallOptions): Promise<ReplicationJob>;

  /**
   * Iterates over changes of the documents, in batches, one batch per tick. The first batch has
   * every matching document as `added`. Each further batch has the documents that changed since the
   * previous tick, in the order of their ids; it is empty if nothing changed. If you apply all
   * batches to a map, the map always has the rows of a full list.
   *
   * **Requests.** A tick does not list the database. It reads the jobs, which the server keeps in
   * memory; `_changes`, for documents that were written; and, one by one, the few documents whose
   * state neither of them shows (`error`, `initializing`, a job with a new history). A full list is
   * read at the start and every five minutes. If `docIds` has up to 8 ids, only these documents are
   * requested. If the server refuses jobs or `_changes`, or takes longer for them than the time
   * limit, or than for a full list and than 2 seconds, every tick reads a full list instead. These
   * lists, and jobs that take longer than 2 seconds, take up at most a tenth of the time.
   *
   * **Time.** `interval` is measured from the start of one tick to the start of the next. A tick
   * starts only when the loop requests the next batch, so a slow loop body delays it. Ticks never
   * overlap. A change that is undone before the next tick is not reported.
   *
   * **Removal.** A deleted document is `removed` at the next tick. If the server temporarily has no
   * state for a document, for example after a restart, the document keeps its row; it is `removed`
   * if it still has no state after 45 seconds.
   *
   * **Errors.** After the first batch, transient errors (network errors, time-outs, HTTP 5xx, a
   * restart of the server) only delay the next batch: the request is retried indefinitely, at
   * growing intervals of up to 30 seconds, or after the server's `Retry-After` if that is later.
   * `onRetry` reports each of them. Before the first batch they end the watch, after
   * `ClientOptions.retries`. Any other error ends it at once, for example a wrong password, a locked
   * account, or a deleted database.
   *
   * `GET /_scheduler/jobs`, `/{database}/_changes`, `/_scheduler/docs/{database}`,
   * `/_scheduler/docs/{database}/{docId}`
   *
   * @throws {SchedulerError} `unauthorized`, `forbidden`, `locked_out`, or `not_found` if the
   * database does not exist (any more). Before the first batch also `network`, `timeout` and the
   * other transient errors.
   *
   * @example
   * for await (const changes of scheduler.watch({ states: ["crashing", "error", "failed"] })) {
   *   for (const { type, doc_id, doc } of changes) {
   *     if (type === "added") console.log(doc_id, diagnose(doc)?.message);
   *   }
   * }
   */
  watch<State extends ReplicationState = ReplicationState>(options?: WatchOptions<State>): RowIterator<Change<State>[]>;

  /**
   * Iterates over changes of the jobs of all databases and nodes, in batches, one batch per tick:
   * like `watch`, for jobs. It also shows transient replications, which were started by
   * `POST /_replicate` and have no document.
   *
   * The first batch has every job as `added`. Each further batch has the jobs that changed since the
   * previous tick, in the order of their ids; it is empty if nothing changed. A job is identified by
   * its `node`, `id`, `database` and `doc_id`. If you apply all batches to a map with such keys, the
   * map always has the rows of `listJobs`.
   *
   * A tick is one request. A job that ends, or moves to another node, is `removed` at the next tick;
   * so are the jobs of a server that restarts, until it has read its documents again. The jobs of
   * replications that completed or failed are gone: for these, use `watch`.
   *
   * **Time and errors** are those of `watch`.
   *
   * `GET /_scheduler/jobs`
   *
   * @throws {SchedulerError} `unauthorized`, `forbidden`, `locked_out`, or `not_found` if the server
   * has no replication scheduler. Before the first batch also `network`, `timeout` and the other
   * transient errors.
   *
   * @example
   * for await (const changes of scheduler.watchJobs()) {
   *   for (const { type, job, previous } of changes) {
   *     if (type === "removed") console.log(previous.id, "ended");
   *     else if (job.state !== previous?.state) console.log(job.id, "is", job.state, "on", job.node);
   *   }
   * }
   */
  watchJobs(options?: WatchJobsOptions): RowIterator<JobChange[]>;

  /**
   * Waits until a document is in one of the states `until`, and returns its row.
   *
   * The document is requested immediately, and then at intervals that grow while nothing changes.
   * The states `error`, `crashing` and null do not end the wait, since CouchDB retries or has not
   * decided yet. Once the server has returned the document, up to ten transient errors in a row are
   * tolerated; before that, a transient error rejects after `ClientOptions.retries`.
   *
   * `GET /_scheduler/docs/{database}/{docId}`
   *
   * @throws {SchedulerError} `replication_failed` if it ends in a state that is not in `until`;
   * `doc` is its row.
   * @throws {SchedulerError} `not_found` if the document does not exist or is deleted meanwhile.
   * @throws {SchedulerError} `timeout` after `options.timeout` milliseconds.
   * @throws {SchedulerError} `bad_request`, at once, if the replication is continuous and `until`
   * is the default: it would never complete.
   *
   * @example
   * const onUpdate = (doc) => console.log(doc.state);
   * const { info } = await scheduler.waitFor("nightly", { timeout: 3_600_000, onUpdate });
   */
  waitFor<State extends ReplicationState = "completed">(
    docId: string,
    options?: WaitOptions<State>,
  ): Promise<DocInState<State>>;

  /** Result of `JSON.stringify`: the URL, without any credentials. */
  toJSON(): {
    /** The same as `Client.url`. */
    url: string;
  };

  /**
   * Releases its memory immediately; otherwise the garbage collector does. The object cannot be
   * used afterwards. Further calls of `free` do nothing.
   */
  free(): void;
  /** Calls `free` at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/** Options of calls about the documents of one replicator database. */
export interface DatabaseOptions extends CallOptions {
  /**
   * Replicator database: `_replicator`, or a name that ends in `/_replicator`. Any other name is a
   * `RangeError`. The rows of Cloudant have `account/_replicator`; for these use `_replicator`.
   *
   * @default "_replicator"
   */
  database?: string | undefined;
}

/** How the databases at the ends of replications are requested. */
export interface EndpointOptions {
  /**
   * How to request databases of other servers. Databases of this server (the same origin and path as
   * `Client.url`; the rows say which) are always requested with this client.
   *
   * - `"stored"`: with the credentials that are written in the replication document, as CouchDB does:
   *   user info in the URL, `auth.basic`, `auth.iam.api_key`, `headers`. They are sent to the origin of
   *   that URL only (an API key to IBM's token server); redirects are not followed, and no result or
   *   error shows them. An end with credentials of another kind is not requested.
   * - A function: receives the URL of a database, without credentials, and returns the client of its
   *   server, or null to not request it. Its result is used again for the same URL and side. The
   *   database is requested by its name, below the URL of that client.
   *
   * Default: only databases of this server are requested.
   */
  endpoints?:
    | "stored"
    | ((url: string, side: "source" | "target") => Client | null | Promise<Client | null>)
    | undefined;
}

/** Options of `Scheduler.lag`. */
export interface LagOptions extends DatabaseOptions, EndpointOptions {}

/** Options of `Scheduler.lags`. */
export interface LagsOptions extends CallOptions, EndpointOptions {
  /**
   * Replicator database, as in `DatabaseOptions`, or `"all"` for all of the server. One that
   * is deleted meanwhile is left out.
   *
   * @default "_replicator"
   */
  database?: string | undefined;
}

/** Options of `Scheduler.verify`. */
export interface VerifyOptions extends DatabaseOptions, EndpointOptions {
  /**
   * Maximum number of revisions to list in `Verification.docs`. All are counted. If there are more,
   * refused ones are listed first, then extra ones.
   *
   * @default 100
   */
  list?: number | undefined;
  /**
   * Whether to also count the revisions that only the target has: all documents of the target are
   * compared with the source.
   *
   * @default false
   */
  extra?: boolean | undefined;
  /**
   * Maximum number of changes per request.
   *
   * @default 1000
   */
  batchSize?: number | undefined;
  /**
   * Called after each batch of the source with the number of documents compared so far, and with the
   * expected total. A filter, selector or `doc_ids` can make the total too high, until the end. If it
   * throws, the call rejects with the thrown value.
   */
  onProgress?: ((checked: number, total: number) => void) | undefined;
}

/** Options of `Replicator.retryRefused`. */
export interface RetryRefusedOptions extends DatabaseOptions, EndpointOptions {}

/** Options of `Scheduler.audit`. */
export interface AuditOptions extends CallOptions, EndpointOptions {
  /**
   * Replicator database, as in `DatabaseOptions`, or `"all"` for all of the server. Nodes, and jobs
   * that belong to no document, are always audited.
   *
   * @default "_replicator"
   */
  database?: string | undefined;
  /**
   * `snapshot` of an earlier audit of this server, or the parsed JSON of it. That of another version of
   * the package can be of no use, and then is ignored.
   */
  previous?: AuditSnapshot | undefined;
  /**
   * Milliseconds to wait for a second look; the result is that of the second one. Below 120000, it
   * confirms only what `previous` has seen, too. 0: one look.
   *
   * @default 0
   */
  window?: number | undefined;
  /**
   * Milliseconds of trouble after which a warning becomes critical.
   *
   * @default 600000
   */
  grace?: number | undefined;
  /** Number of pending changes above which a replication counts as lagging. Default: any is accepted. */
  maxBacklog?: number | undefined;
  /**
   * Milliseconds without a new checkpoint, while changes are pending, above which a replication counts
   * as lagging. Default: any are accepted.
   */
  maxSilence?: number | undefined;
}

/** Options of `Scheduler.listDocs`. */
export interface ListDocsOptions<State extends ReplicationState = ReplicationState> extends DatabaseOptions {
  /** Maximum number of rows. Default: no limit. */
  limit?: number | undefined;
  /**
   * Number of matching rows to skip. They are read all the same, so to show page after page use
   * `Scheduler.docs`.
   *
   * @default 0
   */
  skip?: number | undefined;
  /**
   * Return only documents in these states. An empty array matches nothing.
   *
   * Default: all states.
   */
  states?: readonly State[] | undefined;
}

/** Options of `Scheduler.docs`. */
export interface DocsOptions<State extends ReplicationState = ReplicationState> extends DatabaseOptions {
  /**
   * Return only documents in these states. An empty array matches nothing. The server filters the
   * documents and sends them as one stream instead of pages.
   *
   * Default: all states.
   */
  states?: readonly State[] | undefined;
  /** Number of documents per page. Default: 250 for the first page, then growing up to 2000. */
  pageSize?: number | undefined;
}

/** Options of `Scheduler.summary`. */
export interface SummaryOptions extends DatabaseOptions {
  /**
   * Replicator database, as in `DatabaseOptions`, or `"all"` for all replicator databases of the
   * server (`GET /_all_dbs`), one after the other. One that is deleted meanwhile is left out.
   *
   * @default "_replicator"
   */
  database?: string | undefined;
  /**
   * Called with the number of rows counted so far and the total number of documents, which includes
   * design documents: up to ten times a second, and at the end of each database. With `"all"`, both
   * numbers include the preceding databases. If it throws, the call rejects with the thrown value.
   */
  onProgress?: ((rows: number, total: number) => void) | undefined;
}

/** Options of `Scheduler.incidents`. Only unhealthy documents count as rows of `onProgress`. */
export interface IncidentsOptions extends SummaryOptions {
  /**
   * Maximum number of ids in the `doc_ids` of an incident.
   *
   * @default 5
   */
  examples?: number | undefined;
}

/** Options of `Scheduler.metrics`. */
export interface MetricsOptions extends CallOptions, EndpointOptions {
  /**
   * Replicator databases, or `"all"` for those of `Scheduler.replicatorDatabases`.
   *
   * @default ["_replicator"]
   */
  databases?: readonly string[] | "all" | undefined;
  /**
   * Which replications have series of their own: those that are crashing, in error, or failed
   * (`"unhealthy"`), or all. The label `doc_id` is the id of the document; no label has a URL.
   *
   * @default "none"
   */
  perReplication?: "none" | "unhealthy" | "all" | undefined;
  /**
   * Maximum number of series of single replications, which also limits the memory. A replication
   * has up to four, and up to six with `lag`: all of them are in the text, or none. The first ids come
   * first. The two of `lag` count even if they are unknown.
   *
   * @default 2000
   */
  maxSeries?: number | undefined;
  /**
   * Whether to also read how far the shown replications are, as `lags` does: about two small requests
   * for each database at their ends, and one for each replication. Needs `perReplication`. What an end
   * does not say is absent. Databases of other servers are requested only with `endpoints`.
   *
   * @default false
   */
  lag?: boolean | undefined;
  /**
   * Result of an audit, for `findings`. Only confirmed ones are counted.
   *
   * Default: no `findings`.
   */
  audit?:
    | {
        /** Its findings. */
        findings: readonly {
          /** Kind of the finding. */
          kind: string;
          /** Whether two looks agree. */
          confirmed: boolean;
        }[];
      }
    | undefined;
}

/** Options of `Scheduler.watch`. */
export interface WatchOptions<State extends ReplicationState = ReplicationState> extends TickOptions, DatabaseOptions {
  /**
   * Report only documents in these states: a document that enters them is `added`, one that leaves
   * them is `removed`.
   *
   * Default: all states.
   */
  states?: readonly State[] | undefined;
  /**
   * Report only these documents. They need not exist yet.
   *
   * Default: all documents.
   */
  docIds?: readonly string[] | undefined;
}

/** Options of `Scheduler.watchJobs`. */
export interface WatchJobsOptions extends TickOptions, CallOptions {
  /**
   * Whether to report transient jobs, too: those that were started by `POST /_replicate` and have no
   * document.
   *
   * @default true
   */
  transient?: boolean | undefined;
}

/** Options about the ticks of `Scheduler.watch` and `Scheduler.watchJobs`. */
export interface TickOptions {
  /**
   * Milliseconds from the start of one tick to the start of the next. It varies at random by up to
   * 10 %.
   *
   * @default 5000
   */
  interval?: number | undefined;
  /**
   * In a page: pause while the page is hidden, after the first tick, and continue as soon as it is
   * visible.
   *
   * @default true
   */
  pauseWhenHidden?: boolean | undefined;
  /**
   * Called when a tick failed with a transient error, after `ClientOptions.retries`, and before the
   * wait for the next attempt. `retryAt` is the time of this attempt in milliseconds since 1970; a
   * hidden page attempts it later, when it is visible. An error that ends the watch is thrown from
   * the loop instead. If the function throws, the watch ends with the thrown value.
   */
  onRetry?: ((error: SchedulerError, retryAt: number) => void) | undefined;
}

/** Options of `Scheduler.waitFor` and `Replicator.followReplication`. */
export interface WaitOptions<State extends ReplicationState = ReplicationState> extends DatabaseOptions {
  /**
   * States to wait for, at least one.
   *
   * @default ["completed"]
   */
  until?: readonly State[] | undefined;
  /**
   * Milliseconds between two requests, at the start and after each change. It grows by half after
   * each request that finds no change, up to 30 seconds.
   *
   * @default 2000
   */
  interval?: number | undefined;
  /**
   * Time limit for the whole wait in milliseconds. `0` means no limit.
   *
   * @default 0
   */
  timeout?: number | undefined;
  /**
   * Called with each new row, including the last one. If it throws, the wait ends with the thrown
   * value.
   */
  onUpdate?: ((doc: ReplicationDoc) => void) | undefined;
}

/** Options of `Scheduler.listJobs`. */
export interface ListJobsOptions extends CallOptions {
  /** Maximum number of rows. Default: no limit. */
  limit?: number | undefined;
  /**
   * Number of rows to skip.
   *
   * @default 0
   */
  skip?: number | undefined;
}

// -------------------------------------------------------------------------------------------- rows

/** The seven states, in the order in which a replication can pass through them. */
export const REPLICATION_STATES: readonly ReplicationState[];

/**
 * State of a replication document:
 *
 * - `initializing`: CouchDB is reading the document.
 * - `running`: it is replicating.
 * - `pending`: it is waiting for its turn.
 * - `crashing`: it stopped with an error; CouchDB retries it after growing intervals.
 * - `error`: it could not be started; CouchDB retries it.
 * - `completed`: it has finished; a continuous replication never does.
 * - `failed`: it failed permanently, for example because the document is invalid; CouchDB does not
 *   retry it.
 */
export type ReplicationState = "initializing" | "running" | "completed" | "pending" | "crashing" | "error" | "failed";

/**
 * Iterator over rows, or over the batches of `watch` and `watchJobs`, for `for await`. If you call
 * `next()` yourself, call `return()` when you are done, so that nothing more is fetched.
 */
export interface RowIterator<Row> extends AsyncIterableIterator<Row> {
  /** Ends the iteration and cancels the pending request, as leaving a `for await` loop does. */
  return<Value = undefined>(value?: Value): Promise<IteratorReturnResult<Value>>;
  /** Returns the iterator itself. */
  [Symbol.asyncIterator](): RowIterator<Row>;
}

/** Row of a document in one of these states; for `"failed"` it is `FailedDoc`. */
export type DocInState<State extends ReplicationState> = Extract<
  ReplicationDoc,
  {
    /** One of the states. */
    state: State;
  }
>;

/** Result of `Scheduler.listDocs`. */
export interface DocsResponse<State extends ReplicationState = ReplicationState> {
  /**
   * Number of all documents of the database, whatever the options are. CouchDB includes design
   * documents.
   */
  total_rows: number;
  /** The `skip` option, or `total_rows` if that is smaller. */
  offset: number;
  /** The rows, in the order of their ids. */
  docs: DocInState<State>[];
}

/** Result of `Scheduler.listJobs`. */
export interface JobsResponse {
  /** Number of all jobs of the server. */
  total_rows: number;
  /** Number of rows that the server skipped. */
  offset: number;
  /** The rows, in the order of their ids. */
  jobs: ReplicationJob[];
}

/**
 * Row of a replication document. Every key is present; its value is null if the server omitted it.
 * The `state` determines the types of the other members.
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

/** Members that the row of a document has in every state. */
export interface ReplicationDocBase {
  /** Replicator database. */
  database: string;
  /** Id of the document. */
  doc_id: string;
  /** Id of the replication, which is that of its job; null if it has no job. */
  id: string | null;
  /** Node of the cluster that is responsible for the replication. */
  node: string | null;
  /** URL of the source, without user info. */
  source: string | null;
  /** URL of the target, without user info. */
  target: string | null;
  /**
   * In the states `running`, `pending` and `crashing`: number of consecutive crashes. `error`:
   * number of failed attempts to start it. `failed`: 1. Otherwise 0.
   */
  error_count: number;
  /**
   * Time of the latest event, such as a start, a crash or the end (ISO 8601, UTC). Progress does
   * not change it. Each retry of a crashing replication does, so it does not say since when the
   * replication has been failing; `Diagnosis.since` does.
   */
  last_updated: string | null;
  /** Time when the replication was started (ISO 8601, UTC). A restart of the server resets it. */
  start_time: string | null;
  /** URL of the proxy for the source, its password replaced by `*****`. */
  source_proxy: string | null;
  /** URL of the proxy for the target, its password replaced by `*****`. */
  target_proxy: string | null;
}

/** CouchDB is reading the document. */
export interface InitializingDoc extends ReplicationDocBase {
  /** Discriminant of `ReplicationDoc`. */
  state: "initializing";
  /** It has no job yet. */
  id: null;
  /** Unknown until the document has been read. */
  source: null;
  /** Unknown until the document has been read. */
  target: null;
  /** Nothing is known yet. */
  info: null;
  /** Unknown until the document has been read. */
  source_proxy: null;
  /** Unknown until the document has been read. */
  target_proxy: null;
}

/** It is replicating. If `error_count` is above 0, this run is a retry. */
export interface RunningDoc extends ReplicationDocBase {
  /** Discriminant of `ReplicationDoc`. */
  state: "running";
  /** Id of its job. */
  id: string;
  /** Counters; null until CouchDB reports the first ones. */
  info: ReplicationInfo | null;
}

/** It is waiting for its turn. */
export interface PendingDoc extends ReplicationDocBase {
  /** Discriminant of `ReplicationDoc`. */
  state: "pending";
  /** Id of its job. */
  id: string;
  /** Counters of its last run; null if it has not run yet. */
  info: ReplicationInfo | null;
}

/** It stopped with an error; CouchDB will retry it. */
export interface CrashingDoc extends ReplicationDocBase {
  /** Discriminant of `ReplicationDoc`. */
  state: "crashing";
  /** Id of its job. */
  id: string;
  /** The error; null only on servers before 3.0. */
  info: ErrorInfo | null;
}

/** It could not be started; CouchDB will retry it. */
export interface ErrorDoc extends ReplicationDocBase {
  /** Discriminant of `ReplicationDoc`. */
  state: "error";
  /** It has no job. */
  id: null;
  /** Not reported by the server. */
  source: null;
  /** Not reported by the server. */
  target: null;
  /** The error; null only on servers before 3.0. */
  info: ErrorInfo | null;
  /** Not reported by the server. */
  source_proxy: null;
  /** Not reported by the server. */
  target_proxy: null;
}

/** It has finished. */
export interface CompletedDoc extends ReplicationDocBase {
  /** Discriminant of `ReplicationDoc`. */
  state: "completed";
  /** It no longer has a job. */
  id: null;
  /** No node is responsible for it any more. */
  node: null;
  /** Counters of the whole replication; null only on servers before 3.0. */
  info: ReplicationInfo | null;
}

/** It failed permanently; CouchDB will not retry it. */
export interface FailedDoc extends ReplicationDocBase {
  /** Discriminant of `ReplicationDoc`. */
  state: "failed";
  /** It has no job. */
  id: null;
  /** No node is responsible for it. */
  node: null;
  /** The error; null only on servers before 3.0. */
  info: ErrorInfo | null;
}

/**
 * The server does not know the state yet: the document was just written, or the server just
 * started. Only `getDoc` returns such a row; lists omit it.
 */
export interface UndecidedDoc extends ReplicationDocBase {
  /** Discriminant of `ReplicationDoc`. */
  state: null;
  /** It has no job yet. */
  id: null;
  /** No node is responsible for it yet. */
  node: null;
  /** Nothing is known yet. */
  info: null;
}

/** Error of a replication; `diagnose` explains it. */
export interface ErrorInfo {
  /** CouchDB's own words; sometimes an Erlang term. */
  error: string;
}

/** Counters since the replication or the server was started. */
export interface ReplicationInfo {
  /** Revisions of the source that were compared with the target. */
  revisions_checked: number;
  /** Checked revisions that the target did not have. */
  missing_revisions_found: number;
  /** Document revisions read from the source. */
  docs_read: number;
  /** Document revisions written to the target. */
  docs_written: number;
  /**
   * Changes of the source that are not replicated yet. null means unknown, not 0. CouchDB updates
   * it every 30 seconds or less often.
   */
  changes_pending: number | null;
  /** Document revisions that the target refused. */
  doc_write_failures: number;
  /** Document revisions received from `_bulk_get`. CouchDB 3.3 and newer. */
  bulk_get_docs?: number;
  /** Document revisions requested from `_bulk_get`. CouchDB 3.3 and newer. */
  bulk_get_attempts?: number;
  /** Sequence of the last checkpoint, from which a restart continues. Opaque; 0 or "0" for none. */
  checkpointed_source_seq: string | number;
  /** Latest sequence read from the changes of the source. Opaque; present while there is a job. */
  source_seq?: string | number;
  /** Sequence up to which all changes were replicated. Opaque; present while there is a job. */
  through_seq?: string | number;
}

/**
 * Row of a job: a replication that the scheduler manages. In addition to CouchDB's own keys, it has
 * at the top level the counters of `info` (null if `info` is null or lacks them), and `continuous`,
 * `state` and `details`, derived from the id and the history.
 *
 * The `id` is not unique. In a cluster, two documents that describe the same replication can have
 * two jobs with the same `id`, which differ in `database` and `doc_id`. And up to 30 seconds after a
 * node came back, one document can have two jobs, which differ in `node`. `getJob` returns any of them.
 */
export interface ReplicationJob {
  /** Replicator database of its document; null for a job started by `POST /_replicate`. */
  database: string | null;
  /** Id of its document; null for a job started by `POST /_replicate`. */
  doc_id: string | null;
  /** Id of the replication: 32 hexadecimal digits, followed by options such as `+continuous`. */
  id: string;
  /** Erlang process; null unless it is running. */
  pid: string | null;
  /** Node of the cluster on which it runs. */
  node: string;
  /** URL of the source, without user info. */
  source: string;
  /** URL of the target, without user info. */
  target: string;
  /** User who started it; null if unknown. */
  user: string | null;
  /** Time when it was added to the scheduler (ISO 8601, UTC). A restart of the server resets it. */
  start_time: string;
  /** Counters; null until CouchDB reports the first ones. */
  info: ReplicationInfo | null;
  /** Latest events, newest first, up to 20. */
  history: HistoryEvent[];
  /** Whether the replication is continuous, according to its id. */
  continuous: boolean;
  /** `running`: it has a process. `crashing`: its latest event is a crash. Otherwise `pending`. */
  state: "running" | "pending" | "crashing";
  /** The same as in `info`. */
  revisions_checked: number | null;
  /** The same as in `info`. */
  missing_revisions_found: number | null;
  /** The same as in `info`. */
  docs_read: number | null;
  /** The same as in `info`. */
  docs_written: number | null;
  /** The same as in `info`. */
  doc_write_failures: number | null;
  /** The same as in `info`; null means unknown, not 0. */
  changes_pending: number | null;
  /** The same as in `info`. */
  bulk_get_docs: number | null;
  /** The same as in `info`. */
  bulk_get_attempts: number | null;
  /** The same as in `info`. */
  checkpointed_source_seq: string | number | null;
  /** The same as in `info`. */
  source_seq: string | number | null;
}

/** Event in the history of a job. */
export interface HistoryEvent {
  /**
   * `added` to the scheduler, `started`, `stopped` so that other jobs get their turn, or `crashed`.
   */
  type: "added" | "started" | "stopped" | "crashed";
  /** Time of the event (ISO 8601, UTC). */
  timestamp: string;
  /** Reason of a crash, in CouchDB's own words. */
  reason?: string;
  /** The other members of the event: all but `timestamp` and `type`. */
  details: Record<string, unknown>;
}

/** Result of `Scheduler.summary`: counts and totals of one replicator database, or of all. */
export interface Summary {
  /** Replicator database, or `"all"` if that was requested. */
  database: string;
  /** Number of documents counted. */
  total: number;
  /** Number of documents in each state. */
  states: Record<ReplicationState, number>;
  /** Number of documents in a state that this version of the package does not know. */
  unknown: number;
  /** Number of documents that are initializing, running, pending or completed. */
  healthy: number;
  /** Number of documents that are crashing, in error, or failed. */
  unhealthy: number;
  /** Number of documents that are running or pending after a crash: `error_count` is above 0. */
  retrying: number;
  /** Total of the document revisions read from the sources. */
  docs_read: number;
  /** Total of the document revisions written to the targets. */
  docs_written: number;
  /** Total of the document revisions that the targets refused. */
  doc_write_failures: number;
  /** Total of the pending changes of all replications that report them; null if none does. */
  changes_pending: number | null;
}

/** Unhealthy documents with one cause, returned by `Scheduler.incidents`. */
export interface Incident {
  /** Kind of the error. */
  cause: DiagnosisCause;
  /** End where it occurred; null if unknown. */
  side: "source" | "target" | null;
  /** Host of that end, with its port if the URL has one; null if unknown. */
  host: string | null;
  /**
   * One sentence about all documents, secrets masked. It names a database only if all have the
   * same; otherwise its URL ends in `/…`.
   */
  message: string;
  /** What to do about it. */
  hint: string;
  /** Number of documents. */
  total: number;
  /** Number of documents in each state. */
  states: Record<"crashing" | "error" | "failed", number>;
  /** Earliest `last_updated` (ISO 8601, UTC); null if unknown. */
  since: string | null;
  /** Latest `last_updated` (ISO 8601, UTC); null if unknown. */
  latest: string | null;
  /** Earliest time of a next attempt (ISO 8601, UTC); null if unknown, or if there is none. */
  next_retry: string | null;
  /** Ids of the first documents. */
  doc_ids: string[];
}

/** Change of one document, reported by `watch`. A changed counter is a change, too. */
export type Change<State extends ReplicationState = ReplicationState> =
  | AddedChange<State>
  | ChangedChange<State>
  | RemovedChange<State>;

/** Members that every change has. */
export interface ChangeBase {
  /** Replicator database. */
  database: string;
  /** Id of the document. */
  doc_id: string;
}

/** A document was created, or entered the watched states. */
export interface AddedChange<State extends ReplicationState = ReplicationState> extends ChangeBase {
  /** Discriminant of `Change`. */
  type: "added";
  /** Its new row. */
  doc: DocInState<State>;
  /** It had no row. */
  previous?: undefined;
}

/** The row of a document changed. */
export interface ChangedChange<State extends ReplicationState = ReplicationState> extends ChangeBase {
  /** Discriminant of `Change`. */
  type: "changed";
  /** Its new row. */
  doc: DocInState<State>;
  /** Its previous row. */
  previous: DocInState<State>;
}

/** A document was deleted, or left the watched states. */
export interface RemovedChange<State extends ReplicationState = ReplicationState> extends ChangeBase {
  /** Discriminant of `Change`. */
  type: "removed";
  /** It no longer has a row. */
  doc?: undefined;
  /** Its last row. */
  previous: DocInState<State>;
}

/** Change of one job, reported by `watchJobs`. A changed counter is a change, too. */
export type JobChange = AddedJob | ChangedJob | RemovedJob;

/** A job was added to the scheduler. */
export interface AddedJob {
  /** Discriminant of `JobChange`. */
  type: "added";
  /** Its row. */
  job: ReplicationJob;
  /** It had no row. */
  previous?: undefined;
}

/** The row of a job changed. */
export interface ChangedJob {
  /** Discriminant of `JobChange`. */
  type: "changed";
  /** Its new row. */
  job: ReplicationJob;
  /** Its previous row. */
  previous: ReplicationJob;
}

/** A job ended, or moved to another node. */
export interface RemovedJob {
  /** Discriminant of `JobChange`. */
  type: "removed";
  /** It no longer has a row. */
  job?: undefined;
  /** Its last row. */
  previous: ReplicationJob;
}

// -------------------------------------------------------------------------------------- replicator

/**
 * Creates, reads, follows and deletes replication documents in the replicator databases of one
 * server.
 *
 * Its methods fail as those of `Scheduler` do.
 *
 * @example
 * const replicator = new Replicator(client);
 * const { id } = await replicator.createReplication({
 *   source: "https://other.example.com/orders",
 *   target: "orders",
 *   createTarget: true,
 * });
 * for await (const doc of replicator.followReplication(id)) console.log(doc.state, doc.info);
 */
export class Replicator {
  /**
   * Uses the server of a client. Sends no request.
   *
   * @throws {TypeError} If `server` is not a `Client` of this copy of the package.
   */
  constructor(server: Client);
  /**
   * Creates its own client for the server at a URL. Sends no request.
   *
   * @param server URL of CouchDB, as for a `Client`
   * @param options options of the new client
   * @throws {TypeError | RangeError} If an argument is invalid; the message names it and says what
   * was expected.
   */
  constructor(server: string | URL, options?: ClientOptions);
  /**
   * Accepts a client or a URL.
   *
   * @throws {TypeError} If `options` are passed together with a `Client`, which has its own
   * options.
   */
  constructor(server: Client | string | URL, options?: ClientOptions);

  /**
   * The client of this replicator, for `close()` or to share it: a separate handle for the client
   * that was passed in, or for the one that was created for the URL. Freeing one handle keeps the
   * other.
   */
  readonly client: Client;

  /**
   * Creates a replication document. CouchDB starts the replication within seconds. An existing
   * document is never overwritten: change it with `updateReplication`.
   *
   * The request is sent once and not retried. After an error without a response, such as `network`
   * or `timeout`, the document may or may not have been written. With an `id` of your own, calling
   * it again is safe: the second call then rejects with status 409.
   *
   * `PUT /{database}/{id}`, or `POST /{database}` without an id
   *
   * @throws {TypeError | RangeError} Before any request: if a field is unknown, has the wrong type,
   * or contains a masked value (`*****`); or if the password in a URL is not percent-encoded.
   * @throws {SchedulerError} `bad_request` with status 409 if a document with this id exists.
   * @throws {SchedulerError} `forbidden` if CouchDB refuses the document; `reason` says why.
   * @throws {SchedulerError} `not_found` if the database does not exist.
   * @throws {SchedulerError} `invalid_response` if the response does not confirm the id and a
   * revision, or is a redirect.
   *
   * @example
   * const { id } = await replicator.createReplication({
   *   id: "orders-backup",
   *   source: "orders",
   *   target: {
   *     url: "https://backup.example.com/orders",
   *     auth: { basic: { username: "backup", password } },
   *   },
   *   continuous: true,
   * });
   */
  createReplication(
    replication: NewReplication,
    options?: DatabaseOptions,
  ): Promise<{
    /** true; any other response is an error. */
    ok: true;
    /** Id of the new document. */
    id: string;
    /** Revision of the new document. */
    rev: string;
  }>;

  /**
   * Iterates over the replication documents as they were written, in the order of their ids,
   * without design documents. Credentials in them are replaced by `*****`.
   *
   * `GET /{database}/_all_docs?include_docs=true`
   *
   * @throws {SchedulerError} `not_found` if the database does not exist; `invalid_response` if the
   * pages do not advance, for example because a cache ignores their parameters.
   *
   * @example
   * for await (const { _id, source, target } of replicator.listReplications()) {
   *   console.log(_id, source, target);
   * }
   */
  listReplications(options?: DatabaseOptions): RowIterator<ReplicatorDocument>;

  /**
   * Returns one replication document as it was written. Credentials in it are replaced by `*****`,
   * so it cannot be written back: `createReplication` refuses masked values.
   *
   * `GET /{database}/{id}`
   *
   * @throws {SchedulerError} `not_found` if the document does not exist; `invalid_response` if the
   * server returns another document.
   *
   * @example
   * const { source, target } = await replicator.getReplication("orders-backup");
   */
  getReplication(id: string, options?: DatabaseOptions): Promise<ReplicatorDocument>;

  /**
   * Returns the state of one replication; null if the server does not know it yet.
   *
   * `GET /_scheduler/docs/{database}/{id}`
   *
   * @throws {SchedulerError} `not_found` if the document does not exist; `invalid_response` if the
   * server returns another document.
   *
   * @example
   * const state = await replicator.replicationState("orders-backup");
   * if (state === "failed") console.log("orders-backup needs attention");
   */
  replicationState(id: string, options?: DatabaseOptions): Promise<ReplicationState | null>;

  /**
   * Iterates over the rows of one replication: its current row, and then each new one.
   *
   * The last row is the first one whose state is in `until`, or is `completed` or `failed`. If its
   * state is in `until`, the loop ends after it; otherwise the loop throws `replication_failed`
   * after it. The other errors are those of `Scheduler.waitFor`, except that a continuous
   * replication is accepted: it is followed until it fails or its document is deleted.
   *
   * `GET /_scheduler/docs/{database}/{id}`
   *
   * @throws {SchedulerError} `replication_failed` if it ends in a state that is not in `until`.
   * @throws {SchedulerError} `not_found` if the document does not exist or is deleted meanwhile.
   * @throws {SchedulerError} `timeout` after `options.timeout` milliseconds.
   *
   * @example
   * for await (const doc of replicator.followReplication("orders-backup")) {
   *   console.log(doc.state, doc.error_count);
   * }
   */
  followReplication(id: string, options?: WaitOptions): RowIterator<ReplicationDoc>;

  /**
   * Ends a replication by deleting its document, whatever its current revision is. A document
   * without `source` and `target` is not a replication, and is not deleted.
   *
   * Transient errors are retried. Conflicts with CouchDB, which also writes to the document, are
   * retried up to ten times. If its replication ended a few seconds ago, some nodes of a cluster still
   * return its row for some seconds.
   *
   * `GET` and `DELETE /{database}/{id}`
   *
   * @throws {SchedulerError} `not_found` if the document does not exist.
   * @throws {SchedulerError} `bad_request` if the document is not a replication.
   * @throws {SchedulerError} `invalid_response` if the server returns another document, or does not
   * confirm the deletion.
   *
   * @example
   * await replicator.stopReplication("orders-backup");
   */
  stopReplication(id: string, options?: DatabaseOptions): Promise<void>;

  /**
   * Posts refused revisions to the target as the replication would, one by one, and yields what became
   * of each. **It writes**: a revision that the target does not refuse any more is there afterwards,
   * with its history and attachments. For each other one it yields the reason of the target, which
   * otherwise only the server's log has.
   *
   * Pass the `docs` of a `Verification`. Only those with `what: "refused"` are posted; the
   * replication itself brings those in flight. Documents are passed on as the source wrote them.
   *
   * The target is requested as the user in the replication document, also on this server: as an admin,
   * this client could write what the replication may not. The source is requested as `endpoints` says.
   *
   * The iteration ends with an error if all revisions would meet it, for example if the user may not
   * write to the target at all. Requests that write are not retried.
   *
   * `GET /_scheduler/docs/{database}/{id}`, `GET /{database}/{id}`,
   * `GET /{source}/{docId}?rev=…&revs=true&attachments=true`, `POST /{target}/_bulk_docs`
   *
   * @throws {RangeError} If the option `endpoints` does not give a client for an end on another
   * server, or the credentials in the document are of an unknown kind.
   * @throws {SchedulerError} `not_found` if the document does not exist; any other code if an end does
   * not respond as expected.
   *
   * @example
   * const { docs } = await scheduler.verify("orders");
   * for await (const { doc_id, written, reason } of replicator.retryRefused("orders", docs)) {
   *   console.log(doc_id, written ? "is written" : reason);
   * }
   */
  retryRefused(id: string, refused: readonly UnequalDoc[], options?: RetryRefusedOptions): RowIterator<RetriedRevision>;

  /**
   * Tries a replication again now, from its checkpoint, whatever its state is. Resolves when the
   * server shows that it has started again, is waiting for its turn (`pending`), or has failed
   * again.
   *
   * CouchDB restarts a replication when its document changes. This method edits the document as
   * little as possible: it adds `"create_target_params": {}`, which changes nothing, or removes it
   * again; from the document of a completed or failed replication it removes what CouchDB wrote
   * into it (`_replication_state` and related fields). All other characters of the document stay,
   * so the replication keeps its id and its checkpoints. If the restart is not seen within 30
   * seconds and the server is older than CouchDB 3.2, which ignores the member,
   * `connection_timeout` is changed by one millisecond.
   *
   * What happens in each state:
   *
   * - `running`: CouchDB writes a checkpoint, stops the job, and starts it again. If all slots are
   *   taken, the job waits for its turn.
   * - `crashing`, `error`: the waiting time ends, and the number of failures begins at 0.
   * - `pending`: it remains pending, and is among the next to be started.
   * - `completed`, `failed`: it runs again.
   *
   * If the document is changed meanwhile, for example by CouchDB, it is read and edited again, up
   * to `ClientOptions.retries` times. After a transient error the request is repeated; this is safe
   * because it names the revision.
   *
   * `GET` and `PUT /{database}/{id}`, `GET /_scheduler/docs/{database}/{id}`
   *
   * @throws {SchedulerError} `not_found` if the document does not exist.
   * @throws {SchedulerError} `bad_request` if the document is not a replication.
   * @throws {SchedulerError} `forbidden` if the user may not write the document.
   * @throws {SchedulerError} `conflict` if the document was changed meanwhile in each attempt.
   * @throws {SchedulerError} `timeout` if the document was written, but the restart was not seen
   * within 60 seconds. A job that hangs delays the others of its node.
   *
   * @example
   * const { from, resumes } = await replicator.restartReplication("orders-backup");
   * console.log(from, resumes);
   */
  restartReplication(id: string, options?: DatabaseOptions): Promise<Restarted>;

  /**
   * Restarts many replications, as `restartReplication` does, a few at a time. Returns each result
   * when it is ready. An error of one replication is a result, too, and does not end the iteration.
   *
   * A job that hangs delays every other change on its node for up to five seconds. So few should be
   * restarted at a time.
   *
   * Leaving the loop, or aborting the signal, ends the requests in progress. Documents that were
   * already written remain so.
   *
   * `GET` and `PUT /{database}/{id}`, `GET /_scheduler/docs/{database}/{id}` for each
   *
   * @param ids ids of the documents: an array, or any other iterable, asynchronous ones included.
   * It is read only as fast as replications are restarted.
   * @throws {TypeError | RangeError} If an argument is invalid, or an item of `ids` is not an id.
   *
   * @example
   * const { docs } = await scheduler.listDocs({ states: ["crashing", "failed"] });
   * for await (const result of replicator.restartReplications(docs.map((doc) => doc.doc_id))) {
   *   if ("error" in result) console.log(result.id, result.error.message);
   *   else console.log(result.id, "was", result.from);
   * }
   */
  restartReplications(
    ids: Iterable<string> | AsyncIterable<string>,
    options?: RestartOptions,
  ): RowIterator<Restarted | RestartFailed>;

  /**
   * Changes fields of a replication document, and leaves all others as they are. CouchDB then
   * restarts the replication from its checkpoint.
   *
   * A change that gives the replication another id makes it start from the beginning, because
   * CouchDB stores checkpoints under this id. Such a change is refused with the code `would_rewind`,
   * unless `allowRewind` is true. What belongs to the id:
   *
   * - of `source` and `target`: the host, the port, the path, the user name, and all headers except
   *   for `Authorization: Basic`; so each new bearer token is another id
   * - `filter`, `queryParams` with a filter, `selector`, `docIds`, `sinceSeq`, `winningRevsOnly`
   *
   * Passwords, `continuous`, `createTarget`, proxies, time limits, numbers of workers and
   * connections, `useCheckpoints`, `owner`, `userCtx` and your own fields do not belong to it. A
   * change of `filter` is refused even if the new filter has the same code, because the code is not
   * read.
   *
   * A value that is the same changes nothing; if all are, nothing is written. A completed or failed
   * replication runs again with its changes, except if only `owner`, `userCtx` or your own fields
   * are changed.
   *
   * If the document is changed meanwhile, it is read and edited again, up to
   * `ClientOptions.retries` times. After a transient error the request is repeated; this is safe
   * because it names the revision.
   *
   * `GET` and `PUT /{database}/{id}`
   *
   * @param changes fields to change. `null` removes a field.
   * @throws {TypeError | RangeError} Before any request: if a field is unknown, has the wrong type,
   * or contains a masked value (`*****`); or if the password in a URL is not percent-encoded.
   * @throws {SchedulerError} `would_rewind` if the replication would start from the beginning; the
   * message names the fields.
   * @throws {SchedulerError} `conflict` if the document was changed meanwhile in each attempt.
   * @throws {SchedulerError} `not_found` if the document does not exist.
   * @throws {SchedulerError} `bad_request` if the document is not a replication.
   * @throws {SchedulerError} `forbidden` if CouchDB refuses the document, or the user may not write
   * it.
   *
   * @example
   * const basic = { username: "backup", password };
   * await replicator.updateReplication("orders-backup", { target: { auth: { basic } } });
   */
  updateReplication(id: string, changes: ReplicationChanges, options?: UpdateOptions): Promise<Updated>;

  /** Result of `JSON.stringify`: the URL, without any credentials. */
  toJSON(): {
    /** The same as `Client.url`. */
    url: string;
  };

  /**
   * Releases its memory immediately; otherwise the garbage collector does. The object cannot be
   * used afterwards. Further calls of `free` do nothing.
   */
  free(): void;
  /** Calls `free` at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/**
 * Fields of a new replication document. A field can be written in camelCase or with CouchDB's own
 * name (`createTarget` or `create_target`), but not both. Unknown names are refused, because
 * CouchDB would ignore them; put your own fields into `fields`.
 *
 * Masked values (`*****`), as returned by `listReplications` and `getReplication`, are refused,
 * because CouchDB would use them as passwords.
 */
export interface NewReplication extends CouchdbFields {
  /** Id of the document. Default: the server chooses one. */
  id?: string | undefined;
  /**
   * Source: a URL, or the bare name of a database on this server.
   *
   * CouchDB 3 does not accept bare names, so a name is replaced by its URL: the client's URL
   * followed by the name. **The client's own credentials are then stored in the document**, in its
   * `auth` or `headers`, never in the URL. CouchDB must be able to reach itself at that URL.
   */
  source: string | URL | Endpoint;
  /** Target: a URL, or a bare name, as for `source`. */
  target: string | URL | Endpoint;
  /** Continue indefinitely with later changes. CouchDB's default: false. */
  continuous?: boolean | undefined;
  /** Create the target database if it is missing. CouchDB's default: false. */
  createTarget?: boolean | undefined;
  /** Parameters of the new target database, such as `{ q: 8, n: 3, partitioned: true }`. */
  createTargetParams?: object | undefined;
  /**
   * Filter function of the source: `"designdoc/filtername"`. Use only one of `filter`, `selector`
   * and `docIds`.
   */
  filter?: string | undefined;
  /** Parameters of the filter function. */
  queryParams?: Record<string, unknown> | undefined;
  /** Mango selector of the documents to replicate. */
  selector?: object | undefined;
  /** Replicate only these documents. CouchDB decodes `%` escapes in the ids. */
  docIds?: readonly string[] | undefined;
  /** Replicate winning revisions only, without conflicts. CouchDB 3.4 and newer. */
  winningRevsOnly?: boolean | undefined;
  /** Sequence of the source to start from. */
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
  /** Socket options, as an Erlang term. */
  socketOptions?: string | undefined;
  /** Options of CouchDB's HTTP client, as an Erlang term. */
  ibrowseOptions?: string | undefined;
  /** URL of the proxy for the source. */
  sourceProxy?: string | URL | undefined;
  /** URL of the proxy for the target. */
  targetProxy?: string | URL | undefined;
  /** URL of the proxy for both ends, instead of the other two. */
  proxy?: string | URL | undefined;
  /** User as whom an older CouchDB writes to a local target. */
  userCtx?: UserContext | undefined;
  /** User who owns the document. Default: the user who writes it. */
  owner?: string | undefined;
  /**
   * Your own fields, such as a note or a team. CouchDB ignores them. Their names must not be those
   * of known fields, and must not start with `_`.
   */
  fields?: Record<string, unknown> | undefined;
}

/** Fields of a replication document under CouchDB's own names, if these differ from camelCase. */
export interface CouchdbFields {
  /** CouchDB's name of `id`. */
  _id?: string | undefined;
  /** CouchDB's name of `createTarget`. */
  create_target?: boolean | undefined;
  /** CouchDB's name of `createTargetParams`. */
  create_target_params?: object | undefined;
  /** CouchDB's name of `queryParams`. */
  query_params?: Record<string, unknown> | undefined;
  /** CouchDB's name of `docIds`. */
  doc_ids?: readonly string[] | undefined;
  /** CouchDB's name of `winningRevsOnly`. */
  winning_revs_only?: boolean | undefined;
  /** CouchDB's name of `sinceSeq`. */
  since_seq?: string | number | readonly unknown[] | undefined;
  /** CouchDB's name of `useCheckpoints`. */
  use_checkpoints?: boolean | undefined;
  /** CouchDB's name of `checkpointInterval`. */
  checkpoint_interval?: number | undefined;
  /** CouchDB's name of `useBulkGet`. */
  use_bulk_get?: boolean | undefined;
  /** CouchDB's name of `workerProcesses`. */
  worker_processes?: number | undefined;
  /** CouchDB's name of `workerBatchSize`. */
  worker_batch_size?: number | undefined;
  /** CouchDB's name of `httpConnections`. */
  http_connections?: number | undefined;
  /** CouchDB's name of `connectionTimeout`. */
  connection_timeout?: number | undefined;
  /** CouchDB's name of `retriesPerRequest`. */
  retries_per_request?: number | undefined;
  /** CouchDB's name of `socketOptions`. */
  socket_options?: string | undefined;
  /** CouchDB's name of `ibrowseOptions`. */
  ibrowse_options?: string | undefined;
  /** CouchDB's name of `sourceProxy`. */
  source_proxy?: string | URL | undefined;
  /** CouchDB's name of `targetProxy`. */
  target_proxy?: string | URL | undefined;
  /** CouchDB's name of `userCtx`. */
  user_ctx?: UserContext | undefined;
}

/**
 * Changes of a replication document: the fields of a new one, each optional. `undefined` leaves a
 * field as it is, and `null` removes it; in `fields`, too.
 */
export type ReplicationChanges = {
  [Field in Exclude<keyof NewReplication, "id" | "_id" | "source" | "target" | "fields">]?:
    | NewReplication[Field]
    | null;
} & {
  /**
   * Another source, or changes of its members. A URL, a name, or an object with a `url` replaces
   * the whole source: credentials that are stored for one address are not sent to another. An
   * object without `url` replaces `headers` or `auth` and leaves the rest as it is.
   *
   * New credentials in `auth`, or in a header `Authorization`, replace those in the URL and in the
   * other place.
   */
  source?: string | URL | EndpointChanges | undefined;
  /** Another target, or changes of its members, as for `source`. */
  target?: string | URL | EndpointChanges | undefined;
  /** Your own fields, as for a new replication. */
  fields?: Record<string, unknown> | undefined;
};

/** Changes of one end of a replication. */
export interface EndpointChanges {
  /** New URL, or the bare name of a database on this server. It replaces the whole end. */
  url?: string | URL | undefined;
  /** New headers instead of the previous ones; null removes them. */
  headers?: Record<string, string> | null | undefined;
  /**
   * New credentials instead of the previous ones, wherever these are; null removes them. If you
   * pass `headers`, too, these are written as they are.
   */
  auth?: EndpointAuth | null | undefined;
}

/** Options of `Replicator.restartReplications`. */
export interface RestartOptions extends DatabaseOptions {
  /**
   * How many replications are restarted at a time.
   *
   * @default 4
   */
  concurrency?: number | undefined;
}

/** Options of `Replicator.updateReplication`. */
export interface UpdateOptions extends DatabaseOptions {
  /**
   * Whether the replication may start from the beginning.
   *
   * @default false
   */
  allowRewind?: boolean | undefined;
}

/** Result of `Replicator.restartReplication`. */
export interface Restarted {
  /** Id of the document. */
  id: string;
  /** Revision of the document that was written. */
  rev: string;
  /** State before the restart; null if the server did not know it yet. */
  from: ReplicationState | null;
  /**
   * Where the replication continues. `"checkpoint"`: it keeps its id, and continues from its last
   * checkpoint, if there is one. `"beginning"`: it writes no checkpoints (`useCheckpoints` is
   * false), or its id changed because the code of its filter did.
   */
  resumes: "checkpoint" | "beginning";
}

/** Result of `Replicator.restartReplications` for a replication that was not restarted. */
export interface RestartFailed {
  /** Id of the document. */
  id: string;
  /** Why not. */
  error: SchedulerError;
}

/** Result of `Replicator.updateReplication`. */
export interface Updated {
  /** Id of the document. */
  id: string;
  /** Revision of the document: a new one, or the current one if nothing changed. */
  rev: string;
  /** Whether the replication starts from the beginning. */
  rewinds: boolean;
  /** The fields that changed, under CouchDB's names. Empty if nothing was written. */
  changed: string[];
}

/** User name and roles, as CouchDB sees them. */
export interface UserContext {
  /** User name. */
  name?: string | null | undefined;
  /** Roles. */
  roles?: readonly string[] | undefined;
}

/** One end of a replication. */
export interface Endpoint {
  /** URL, or the bare name of a database on this server. */
  url: string | URL;
  /** Headers that the replicating server sends with each of its requests to this end. */
  headers?: Record<string, string> | undefined;
  /** Credentials of the replicating server at this end. CouchDB 3.2 and newer. */
  auth?: EndpointAuth | undefined;
}

/** Credentials of the replicating server at one end of a replication. */
export interface EndpointAuth {
  /** User name and password. */
  basic?:
    | {
        /** User name. */
        username: string;
        /** Password. */
        password: string;
      }
    | undefined;
  /** API key of IBM Cloud, for Cloudant. */
  iam?:
    | {
        /** The key. */
        api_key: string;
      }
    | undefined;
  /** Credentials of an authentication plugin of the server. */
  [plugin: string]: object | undefined;
}

/** Replication document as it was written, each credential replaced by `*****`. */
export interface ReplicatorDocument {
  /** Id of the document. */
  _id: string;
  /** Revision of the document. */
  _rev: string;
  /** URL, or an object that contains one. */
  source: unknown;
  /** URL, or an object that contains one. */
  target: unknown;
  /** Any other field; `_replication_state` and related ones after the replication has ended. */
  [field: string]: unknown;
}

// ----------------------------------------------------------------------------------------- insight

/**
 * Explains why a replication fails, and what to do about it. Sends no request: it reads the error
 * in the row, whether it is a sentence, an Erlang term, or the plain string of a server before 3.0.
 *
 * Returns null for every state except `crashing`, `error` and `failed` (for a job: except
 * `crashing`):
 *
 * - A `running` or `pending` replication is working, or about to. Its `error_count` counts crashes
 *   before this run; CouchDB keeps the number as long as the run lasts, even for weeks. The row of
 *   the document does not contain their reasons; the `history` of the job does.
 * - A `completed` replication has read all changes. `doc_write_failures` counts the documents that
 *   the target refused; the log of the replicating server names them.
 *
 * @param row a row returned by this package, or as CouchDB sent it
 * @throws {TypeError} If `row` is neither the row of a document nor of a job, or an option is
 * invalid; the message names it and says what was expected.
 *
 * @example
 * const doc = await scheduler.getDoc("orders");
 * const diagnosis = diagnose(doc);
 * if (diagnosis) console.log(diagnosis.message, diagnosis.hint);
 *
 * @example
 * const capacity = await scheduler.capacity();
 * for await (const job of scheduler.jobs()) {
 *   const diagnosis = diagnose(job, { capacity });
 *   if (diagnosis) console.log(job.doc_id, "is retried at", diagnosis.next_retry);
 * }
 */
export function diagnose(row: ReplicationDoc | ReplicationJob, options?: DiagnoseOptions): Diagnosis | null;

/** Options of `diagnose`. */
export interface DiagnoseOptions {
  /**
   * Result of `Scheduler.capacity`, for the settings of the job's node: `health_threshold` decides
   * which crashes are consecutive, and `interval` when the node tries a job again. It changes
   * nothing for the row of a document, which has no history; if `known` is false; and for a node that
   * is not `up`.
   *
   * Default: CouchDB's default of `health_threshold`, and no rounding of `next_retry`.
   */
  capacity?: Capacity | undefined;
}

/**
 * Cause of a failing replication:
 *
 * - `unauthorized`: user name and password are not accepted (HTTP 401)
 * - `forbidden`: they are accepted, but the user lacks the permission (HTTP 403)
 * - `database_missing`: the database does not exist or cannot be opened
 * - `host_unknown`: the host name does not resolve
 * - `connection_refused`: the host refuses the connection, or there is no route to it
 * - `connection_closed`: the connection was closed too early. CouchDB often reports this when the
 *   host is unknown, refuses the connection, or when TLS fails.
 * - `timeout`: no response in time
 * - `tls`: no secure connection, usually because of a certificate
 * - `rate_limited`: too many requests (HTTP 429), even after CouchDB slowed down
 * - `server_error`: a response with an error status that no other cause covers (5xx, 400, 404, 405,
 *   409, …), or one that is not CouchDB's, for example of a proxy
 * - `redirect`: a redirect to another address (HTTP 3xx)
 * - `quota`: a payment is due or a quota is exceeded (HTTP 402)
 * - `too_large`: a request, or the document in it, is larger than accepted (HTTP 413, 414, 431)
 * - `checkpoint`: the replication cannot record its progress because of a conflict, or because a
 *   database was deleted and created again
 * - `document`: a document cannot be read from the source (a revision or an attachment is missing,
 *   or all attempts failed), or the target cannot store it, for example without an attachment that
 *   it refers to
 * - `resources`: the operating system of the replicating server refuses something: disk space, open
 *   files, memory, permission, or a network address
 * - `internal`: a part of the replicating server failed or did not respond; see its log
 * - `filter`: the filter function, view or selector is missing, invalid, or fails
 * - `duplicate`: another document or request describes the same replication
 * - `invalid_document`: the replication document is invalid (its URL, for example), or the target
 *   refuses a document of the source
 * - `unknown`: none of these with certainty; `message` quotes the reason
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

/** Result of `diagnose`. */
export interface Diagnosis {
  /** Cause, for programs. */
  cause: DiagnosisCause;
  /**
   * End of the replication where the error occurred. null if the reason does not say, for example
   * for a failed login at a server that has both databases.
   */
  side: "source" | "target" | null;
  /** Explanation in one sentence, with the address that the reason names. Secrets are masked. */
  message: string;
  /** What to do about it. */
  hint: string;
  /** Whether CouchDB has given up: true for the state `failed`. */
  permanent: boolean;
  /**
   * Number of consecutive failures. For a document it is `error_count`. For a job it is the number
   * of consecutive crashes in its history, counted as CouchDB does: a crash after a run of more
   * than two minutes (`health_threshold`) sets the count to 0, and each later one adds 1.
   */
  failures: number;
  /**
   * The replication has been failing since this time (ISO 8601, UTC), or for longer. null if the
   * row has no time.
   *
   * - For a job: the first of the consecutive crashes in its history, which has up to 20 events. A
   *   run of more than two minutes, or one that CouchDB stopped, ends a sequence of crashes.
   * - For a document in the state `crashing`: the time of its last crash, minus the intervals that
   *   CouchDB waited between the crashes: 30 s after the first, 60 s after the second, up to 8.5
   *   hours. The duration of the attempts is unknown, so the job can show an earlier time.
   * - For a document in the state `error` (retried after random intervals) or `failed`: the last
   *   failure.
   *
   * @example
   * const anHourAgo = Date.now() - 3_600_000;
   * const isFailingForAnHour = diagnosis?.since && Date.parse(diagnosis.since) < anHourAgo;
   */
  since: string | null;
  /**
   * Earliest time of the next retry of a crashing replication (ISO 8601, UTC):
   * `30 s · 2^(failures - 1)` after the crash, up to 8.5 hours; immediately if `failures` is 0.
   * CouchDB checks once a minute (`interval`), and a busy server retries later. null for `error`,
   * which is retried after a random interval, and for `failed`.
   *
   * For a job, with the option `capacity`: the first check after this time. The history shows when the
   * node checks, unless the job has started only once.
   */
  next_retry: string | null;
}

/** Result of `Scheduler.audit`. */
export interface Audit {
  /**
   * The severity of the worst finding; `ok` if there is none, or only findings of severity `info`. With
   * a blind spot it is at least `warning`: what could not be read is not known to be fine.
   */
  verdict: "ok" | "warning" | "critical";
  /** The worst first. */
  findings: Finding[];
  /** How much was audited. */
  checked: {
    /** Documents of the chosen databases that have a job, have ended, or cannot start. */
    docs: number;
    /** Jobs of the chosen databases, and jobs that belong to no document. */
    jobs: number;
    /** Active tasks of the same. */
    tasks: number;
    /** Nodes that are connected, configured, or have jobs. */
    nodes: number;
  };
  /** What could not be read. */
  blind_spots: {
    /**
     * `tasks`; `membership`; `limits of …` a node, which Cloudant does not show; `backlog of …` or
     * `checkpoint of …` a suspicious job; `documents of …` a database; `databases`, the names of all.
     */
    what: string;
    /** Why. */
    error: SchedulerError;
  }[];
  /** For the option `previous` of the next look. */
  snapshot: AuditSnapshot;
}

/**
 * What the next look must know of this one: plain JSON, at most 100 bytes for each job, without URLs
 * and without ids of documents. Its members can change with each version of the package.
 */
export interface AuditSnapshot {
  /** Version of the format. */
  version: number;
  /** Time of the look, in milliseconds since 1970, according to the server. */
  at: number;
  /** Nodes with a trouble. */
  nodes: (string | number)[][];
  /** Jobs, documents with a trouble, and tasks without a job. */
  rows: number[][];
}

/** Something that is wrong. */
export interface Finding {
  /**
   * What is wrong:
   *
   * - `failed`: the document has failed permanently; CouchDB will not try it again.
   * - `error`: the document has no job, because CouchDB could not create it, and tries again.
   * - `crashing`: the job has crashed and waits for the next attempt; or it attempts again, and has no
   *   task yet.
   * - `duplicate`: it fails or crashes because another document describes the same replication.
   * - `crashes_hidden`: the job crashed three times or more within an hour and was restarted at once,
   *   since it had run for long enough to be healthy. Its `state` and `error_count` do not show it.
   * - `no_task`: the job counts as running for more than 150 seconds, but has no active task; and in two
   *   looks it is at the same position although changes are pending, or has never reported. It hangs
   *   while it starts. One that is not continuous can just have ended, so a single look does not suspect
   *   it. For a node: continuous jobs without tasks that are not known to hang; most likely the node
   *   lost its table of tasks (severity `info`).
   * - `stalled`: the job counts as running, but its task was not updated for two checkpoint intervals
   *   and 130 seconds; and in two looks it is at the same position although changes are pending.
   * - `starving`: the job waits for a slot for more than 6 times the average that follows from limits and
   *   load of its node, and 3 intervals; or, if no slot will become free, for longer than `grace`. It is
   *   confirmed when it waited as long again between the looks.
   * - `lagging`: beyond `maxBacklog` or `maxSilence`. With a filter, the backlog is an upper bound.
   * - `write_failures`: the target refused documents. The counter covers all runs, so the severity is
   *   `info` unless it grew since the preceding look.
   * - `rewound`: the counters of the replication fell, and it is long before its earlier checkpoint or
   *   its session began at the beginning: it reads its source again. Reported once, by comparison with the
   *   preceding look.
   * - `poisoned_document`: in two looks, all jobs of a node were added within the last 10 seconds. Most
   *   likely a document with an unknown `_replication_state` makes the node restart them endlessly.
   * - `orphan_task`: in two looks, an active task without a job.
   * - `node_missing`: a node of the cluster is not connected.
   * - `churned_by_crashes`: all slots of a node are taken and jobs crash, so CouchDB stops and restarts
   *   healthy jobs at each interval.
   */
  kind:
    | "failed"
    | "crashing"
    | "error"
    | "crashes_hidden"
    | "no_task"
    | "stalled"
    | "starving"
    | "lagging"
    | "write_failures"
    | "rewound"
    | "duplicate"
    | "poisoned_document"
    | "orphan_task"
    | "node_missing"
    | "churned_by_crashes";
  /**
   * - `info`: good to know; or suspected by one look.
   * - `warning`: reported by the server itself, or confirmed.
   * - `critical`: a warning for longer than `grace`, or a poisoned document.
   */
  severity: "info" | "warning" | "critical";
  /** Consecutive looks over at least two minutes agree, or the comparison of two looks proves it. */
  confirmed: boolean;
  /** Replicator database; null for a node, and for a job that belongs to no document. */
  database: string | null;
  /** Id of the document; null for a node, and for a job that belongs to no document. */
  doc_id: string | null;
  /** Id of the job; null for a node, and for a document without a job. */
  job_id: string | null;
  /** Node; null if the server does not report one. */
  node: string | null;
  /** One sentence, secrets masked. */
  message: string;
  /** What to do about it. */
  hint: string;
  /** Time since when, as far as is known (ISO 8601, UTC). */
  since: string | null;
}

/** Where a replication is, returned by `Scheduler.lag`. */
export interface Lag {
  /** Replicator database. */
  database: string;
  /** Id of the document. */
  doc_id: string;
  /** State of the replication; null if the scheduler does not know it yet. */
  state: ReplicationState | null;
  /**
   * Number of documents that changed at the source and are not processed yet, deletions included:
   * since `through_seq` of the row while it is running, otherwise since `resume.seq`. If that is
   * unknown, since the checkpoint at the source. null if the source was not requested or failed.
   */
  backlog: number | null;
  /**
   * Whether `backlog` may be too high: with a filter, a selector or document ids the source counts
   * all changes.
   */
  backlog_is_upper_bound: boolean;
  /**
   * When a checkpoint last moved (ISO 8601, UTC); null if unknown. CouchDB writes none while there is
   * nothing to replicate, so an old time is a problem only if there is a backlog. Running replications
   * write one every 30 seconds by default.
   */
  last_progress: string | null;
  /** Where it continues after a restart. */
  resume: LagResume;
  /**
   * Number of document revisions that the target has refused so far, in all sessions: from the newest
   * checkpoint, otherwise from the row. null if unknown.
   */
  doc_write_failures: number | null;
  /** Checkpoint at the source. */
  source: EndpointCheckpoint;
  /** Checkpoint at the target. */
  target: EndpointCheckpoint;
}

/** Where a replication continues after a restart, by CouchDB's own rule. */
export interface LagResume {
  /**
   * - `checkpoint`: at the common checkpoint.
   * - `common_session`: the checkpoints differ; at the newest session that both contain.
   * - `beginning`: at `since_seq` of the document, which takes precedence over all checkpoints, or at
   *   0: a checkpoint is missing, or the two have no session in common. It checks all changes again, and
   *   copies only what the target does not have.
   * - `unknown`: a checkpoint was not requested or could not be read.
   */
  from: "checkpoint" | "common_session" | "beginning" | "unknown";
  /** Update sequence of the source; null if unknown. */
  seq: string | number | null;
}

/** Checkpoint of a replication at one end. */
export interface EndpointCheckpoint {
  /**
   * - `found`
   * - `missing`: the database exists, the checkpoint does not. This is normal until 35 seconds after
   *   the first start, and always with `use_checkpoints: false`.
   * - `not_asked`: no request was sent.
   * - `unreachable`: no valid response, or a checkpoint that CouchDB did not write.
   * - `refused`: an HTTP 4xx, for example because of the credentials, because the database does not
   *   exist, or because the source does not understand the sequence.
   */
  status: "found" | "missing" | "not_asked" | "unreachable" | "refused";
  /** URL of the database, without credentials; null if the row has none. */
  url: string | null;
  /** Error of an end that is `unreachable` or `refused`; otherwise null. */
  error: SchedulerError | null;
  /** Number of sessions in its history, at most 50; null if it was not read. */
  sessions: number | null;
}

/** Result of `Scheduler.verify`. Revisions are counted, not documents: a document with conflicts has several. */
export interface Verification {
  /** Whether nothing is missing: `refused` and `in_flight` are 0. */
  complete: boolean;
  /** Number of documents that were compared. */
  checked: number;
  /** Missing revisions that the replication has passed: the target refused them, or lost them. */
  refused: number;
  /** Missing revisions that the replication has not processed yet. */
  in_flight: number;
  /** Revisions that only the target has; null without the option `extra`. */
  extra: number | null;
  /** The first of these revisions, as many as the option `list` allows. */
  docs: UnequalDoc[];
  /**
   * Sentences about what could make the result unfair, such as documents that were purged at the
   * target, or a source that changed meanwhile. Empty if there is nothing to say.
   */
  caveats: string[];
}

/** A document of which one end lacks revisions. */
export interface UnequalDoc {
  /** Id of the document. */
  doc_id: string;
  /** The revisions. */
  revs: string[];
  /** Which count of the `Verification` has them. `extra`: the source lacks them. */
  what: "refused" | "in_flight" | "extra";
  /** Why the target refused them. `verify` does not know: null. */
  reason: {
    /** CouchDB's `error`. */
    error: string;
    /** CouchDB's `reason`. */
    reason: string;
  } | null;
}

/** One revision of `Replicator.retryRefused`. */
export interface RetriedRevision {
  /** Id of the document. */
  doc_id: string;
  /** Its revision. */
  rev: string;
  /** Whether the target has it now. */
  written: boolean;
  /**
   * CouchDB's `error` if it is not written, such as `forbidden`, `unauthorized` or
   * `document_too_large`; `not_found` if the source does not have it any more. If a proxy refused it,
   * the code of the `SchedulerError`.
   */
  error: string | null;
  /**
   * CouchDB's `reason`, often the text of a validate function, or the message of the `SchedulerError`;
   * with secrets masked.
   */
  reason: string | null;
}

/**
 * Computes how far a replication is, and how fast. Sends no request.
 *
 * @param row a row returned by this package, or as CouchDB sent it
 * @param previous an earlier row of the same replication, for `stalled` and, together with
 * `elapsedMs`, for the rates
 * @param elapsedMs milliseconds between the two rows, more than 0
 * @param lag result of `Scheduler.lag` for this replication, for what the row does not say: its
 * `backlog` stands in for missing pending changes, its `doc_write_failures` for missing failures
 * @throws {TypeError | RangeError} If an argument is invalid; the message names it and says what
 * was expected.
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
  lag?: Lag,
): Progress;
/**
 * Computes how far a replication is, also if its row does not say it: a crashing one, or one that was
 * restarted and has had no change since.
 *
 * @param row a row returned by this package, or as CouchDB sent it
 * @param lag result of `Scheduler.lag` for this replication
 * @throws {TypeError | RangeError} If an argument is invalid; the message names it and says what
 * was expected.
 *
 * @example
 * const doc = await scheduler.getDoc("orders");
 * const { changes_pending } = progress(doc, await scheduler.lag("orders"));
 */
export function progress(row: ReplicationDoc | ReplicationJob, lag: Lag): Progress;

/** Result of `progress`. */
export interface Progress {
  /**
   * Document revisions read from the source. This and the other counters are null if the row has no
   * counters.
   */
  docs_read: number | null;
  /** Document revisions written to the target. */
  docs_written: number | null;
  /** Document revisions that the target refused. */
  doc_write_failures: number | null;
  /**
   * Changes of the source that are not replicated yet; 0 for a completed replication. null means
   * unknown, not 0.
   */
  changes_pending: number | null;
  /**
   * Completed part, from 0 to 1: `revisions_checked / (revisions_checked + changes_pending)`. 1 for
   * a completed replication. null if the pending changes are unknown, and for a continuous
   * replication that is up to date (`changes_pending` is 0), because it never ends.
   */
  fraction: number | null;
  /**
   * Documents written per second since `previous`. null without `previous` and `elapsedMs`, and if
   * a counter decreased because the server was restarted.
   */
  docs_per_second: number | null;
  /**
   * Estimated seconds until no change is pending, from the revisions checked per second since
   * `previous`. null if this rate or the pending changes are unknown, if nothing moves, and for a
   * completed replication.
   */
  seconds_left: number | null;
  /**
   * Whether it is running with pending changes, but neither its counters nor its sequence changed
   * since `previous`. null without `previous`, and if this is unknown.
   */
  stalled: boolean | null;
}

/** Result of `Scheduler.capacity`. */
export interface Capacity {
  /**
   * Whether the limits of all nodes that are up were read. Limits that were not read are CouchDB's
   * defaults.
   */
  known: boolean;
  /** The nodes, in the order of their names. */
  nodes: NodeCapacity[];
}

/**
 * Limits and load of one node. At each interval, a node stops as many continuous jobs as others
 * wait, up to `max_churn`, and starts jobs in the free slots. It never stops other jobs.
 */
export interface NodeCapacity {
  /** Name, such as `couchdb@127.0.0.1`. */
  node: string;
  /** Whether it is connected to the node that responded. The limits of other nodes are unknown. */
  up: boolean;
  /** Maximum number of jobs that run at the same time. CouchDB's default: 500. */
  max_jobs: number;
  /** Maximum number of jobs that are stopped at an interval. CouchDB's default: 20. */
  max_churn: number;
  /** Milliseconds between two decisions of the scheduler. CouchDB's default: 60000. */
  interval: number;
  /** Milliseconds after which a running job counts as healthy. CouchDB's default: 120000. */
  health_threshold: number;
  /** Number of jobs with a process. */
  running: number;
  /** Number of jobs that wait for a slot. */
  pending: number;
  /** Number of jobs that wait for their next attempt. */
  crashing: number;
  /**
   * Milliseconds that a pending job waits on average, by the scheduler's own rule; 0 if none waits.
   * null if no slot will become free, because jobs that are not continuous have all of them. CouchDB
   * prefers jobs that have run less, so a single job can wait several times as long.
   */
  expected_wait: number | null;
  /** The pending job that has waited longest; null if none waits. */
  longest_wait: LongestWait | null;
}

/** Pending job that has waited longest on its node. */
export interface LongestWait {
  /** Replicator database; null for a job started by `POST /_replicate`. */
  database: string | null;
  /** Id of the document; null for a job started by `POST /_replicate`. */
  doc_id: string | null;
  /** Complete id of the job. */
  job_id: string;
  /**
   * Milliseconds since it was added or stopped, by the clock of the server. Where that is unknown (in a
   * page of another origin, or if `_membership` is refused), by the clock of the client.
   */
  ms: number;
}

// ------------------------------------------------------------------------------------------ errors

/**
 * Kind of error with which a call failed. "Retried" refers to `ClientOptions.retries`.
 *
 * - `unauthorized`: HTTP 401: wrong credentials, or the user is not a server admin. Never retried:
 *   five wrong passwords lock the account.
 * - `forbidden`: HTTP 403. Never retried.
 * - `locked_out`: HTTP 403 after five wrong passwords. CouchDB refuses even the correct one for up
 *   to 5 minutes. Never retried.
 * - `not_found`: CouchDB's own HTTP 404: the document, job or database does not exist, or the
 *   server has no replication scheduler. Not retried. A 404 of a proxy or gateway is
 *   `invalid_response`.
 * - `bad_request`: any other HTTP 4xx; status 409 is a conflict. Not retried.
 * - `rate_limited`: HTTP 429, sent by Cloudant. Retried.
 * - `server_error`: HTTP 5xx, or an error that CouchDB reports within a response that began well.
 *   Retried, except for HTTP 501, 505, 506, 508, 510, 511, 525 and 526.
 * - `network`: no response. The message names the reason, its code (such as `ECONNREFUSED` or
 *   `CERT_HAS_EXPIRED`) and what to do; `cause` is the error of `fetch`. Retried.
 * - `timeout`: the response, or the token of a token function, was not complete within `timeout`
 *   milliseconds. Not retried. HTTP 408 has this code, too, and is retried.
 * - `truncated`: the response ended too early. Retried, unless rows of it were already returned.
 * - `invalid_response`: the response is not CouchDB's, or not the requested one: a redirect, a page
 *   or a 404 of a proxy, another document, a row or object of more than 64 MB, a list with far more
 *   rows than its `total_rows`. Not retried, except for the 404 of a proxy.
 * - `replication_failed`: the replication ended in a state other than the expected ones; `doc` is
 *   its row.
 * - `conflict`: the document was changed by another client, or by CouchDB, in each attempt to change
 *   it; `retries` is the number of further attempts.
 * - `would_rewind`: the change was not made, because the replication would start from the beginning.
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
  | "replication_failed"
  | "conflict"
  | "would_rewind";

/**
 * Error of a failed call. Its message is a sentence for people. Two errors are not of this class:
 * an aborted call rejects with `signal.reason`, and an invalid argument is a `TypeError` or
 * `RangeError`.
 *
 * No part of it contains a secret of the client. Passwords, API keys, tokens and session cookies
 * are replaced by `*****` wherever the server or `fetch` repeated them, also if they are percent-
 * or base64-encoded. Whatever else looks like a secret, such as a password in a URL, is masked,
 * too.
 *
 * @example
 * try {
 *   await scheduler.getDoc("orders");
 * } catch (error) {
 *   if (!(error instanceof SchedulerError)) throw error;
 *   console.log(error.code, error.status, error.message);
 * }
 */
export class SchedulerError extends Error {
  private constructor();
  /**
   * Name of the class. Compare it instead of using `instanceof` if several copies of the package
   * are loaded.
   */
  readonly name: "SchedulerError";
  /** Kind of error, for programs. */
  readonly code: SchedulerErrorCode;
  /** HTTP status; null without a response. */
  readonly status: number | null;
  /** CouchDB's `error`; null if the response has none. */
  readonly error: string | null;
  /** CouchDB's `reason`, with secrets masked; null if the response has none. */
  readonly reason: string | null;
  /** HTTP method of the request. */
  readonly method: string;
  /** URL of the request, without credentials. */
  readonly url: string;
  /** `X-Couch-Request-ID` of the response; the server's log has the same id. */
  readonly requestId: string | null;
  /** Number of times the request was sent. */
  readonly attempts: number;
  /**
   * `Retry-After` of the response in seconds; null if it is absent, negative, or a date in the
   * past. Above 60 the call is not retried: wait this long before you call again.
   */
  readonly retryAfter: number | null;
  /** Row that ended the wait; only for `replication_failed`. */
  readonly doc?: ReplicationDoc;
  /**
   * Underlying error, such as that of `fetch`. If it contains a secret of the client anywhere, also
   * in its own causes, it is a copy in which the secret is replaced.
   */
  readonly cause?: unknown;

  /**
   * Result of `JSON.stringify`: `name`, `message` and every field; of the cause its name, message
   * and code.
   */
  toJSON(): Record<string, unknown>;
}
