// @ts-check
// Every reason in the recordings, with the problem and the side that has it, written by hand.

/** @type {Record<string, [cause: string, side: "source" | "target" | null]>} */
export const RECORDED_REASONS = {
  'Could not open source database `http://127.0.0.1:5984/nosuchdb/`: {db_not_found,<<"http://127.0.0.1:5984/nosuchdb/">>}':
    ["database_missing", "source"],
  'Could not open source database `http://127.0.0.1:9/db/`: {replication_auth_error,\n    {session_request_failed,"http://127.0.0.1:9/_session","user",\n        {conn_failed,{error,econnrefused}}}}':
    ["connection_refused", "source"],
  'Could not open source database `http://127.0.0.1:9099/db/`: {replication_auth_error,\n    {session_request_failed,"http://127.0.0.1:9099/_session","user",\n        req_timedout}}':
    ["timeout", "source"],
  'Could not open source database `http://127.0.0.1:9099/db2/`: {replication_auth_error,\n    {session_request_failed,"http://127.0.0.1:9099/_session","user",\n        req_timedout}}':
    ["timeout", "source"],
  'Couldn\'t open document `_design/no` from source database `http://127.0.0.1:15984/src/`: {error,<<"not_found">>}': [
    "filter",
    "source",
  ],
  'Couldn\'t open document `_design/nodd` from source database `http://127.0.0.1:5984/src_small/`: {error,<<"not_found">>}':
    ["filter", "source"],
  "Duplicate replication running on node2@127.0.0.1": ["duplicate", null],
  "Replication `0505733801ca62f54db6b1d56d8a8034+continuous+create_target` specified by document `failed-duplicate` already started, triggered by document `running-continuous` from db `_replicator`":
    ["duplicate", null],
  "Replication `0505733801ca62f54db6b1d56d8a8034+continuous+create_target` specified by document `team-failed-duplicate` already started, triggered by document `running-continuous` from db `_replicator`":
    ["duplicate", null],
  "Replication `46f88bf6f0b9aef261c58736554fa3cf+continuous+create_target` specified by document `error-duplicate-transient` already running as a transient replication, started via `_replicate` API endpoint":
    ["duplicate", null],
  'Replication for db <<"shards/00000000-7fffffff/_replicator.1795384500">> doc <<"initializing-hang-nocreds">> failed to start due to timeout after 61 seconds':
    ["timeout", null],
  "db_not_found: could not open http://127.0.0.1:15984/nosuch0/": ["database_missing", "source"],
  "db_not_found: could not open http://127.0.0.1:15984/nosuch1/": ["database_missing", "source"],
  "db_not_found: could not open http://127.0.0.1:15984/nosuch2/": ["database_missing", "source"],
  "db_not_found: could not open http://127.0.0.1:15984/nosuch3/": ["database_missing", "source"],
  "db_not_found: could not open http://127.0.0.1:5984/nosuchdb/": ["database_missing", "source"],
  "db_not_found: could not open http://127.0.0.1:5984/nosuchdb2/": ["database_missing", "source"],
  "db_not_found: could not open http://127.0.0.1:5984/tgt_missing_no_create/": ["database_missing", "target"],
  "db_not_found: could not open http://127.0.0.1:5984/tgt_x/": ["database_missing", "target"],
  "db_not_found: could not open http://127.0.0.1:5984/tmpsrc/": ["database_missing", "source"],
  "endpoint has an invalid url": ["invalid_document", "source"],
  "forbidden: http://127.0.0.1:5984/tgt_a/": ["forbidden", "target"],
  preset: ["unknown", null],
  "set by user": ["unknown", null],
  "unauthorized: unauthorized to access or create database http://127.0.0.1:5984/tgt_a/": ["unauthorized", "source"],
  '{http_error_code,500,<<"GET http://127.0.0.1:9098/db/">>}': ["server_error", "source"],
  '{http_request_failed,"GET","http://127.0.0.1:9/db?api_key=SECRETQ",\n                     {error,sel_conn_closed}}':
    ["connection_closed", "source"],
  '{http_request_failed,"GET","http://127.0.0.1:9099/db/",\n                     {error,sel_conn_closed}}': [
    "connection_closed",
    "source",
  ],
  '{http_request_failed,"GET","http://no-such-host.invalid:5984/db/",\n                     {error,sel_conn_closed}}': [
    "connection_closed",
    "source",
  ],
  '{replication_auth_error,\n    {session_request_failed,"http://127.0.0.1:5984/_session","admin",\n        sel_conn_closed}}':
    ["connection_closed", null],
  '{replication_auth_error,\n    {session_request_failed,"http://127.0.0.1:5984/_session","admin",\n        {conn_failed,{error,econnrefused}}}}':
    ["connection_refused", null],
  '{replication_auth_error,\n    {session_request_failed,"http://127.0.0.1:9/_session","user",\n        {conn_failed,{error,econnrefused}}}}':
    ["connection_refused", "source"],
  '{replication_auth_error,\n    {session_request_failed,"http://no-such-host.invalid:5984/_session",\n        "user",\n        {conn_failed,{error,nxdomain}}}}':
    ["host_unknown", "source"],
  '{replication_auth_error,\n    {session_request_unauthorized,"http://127.0.0.1:5984/_session","carol"}}': [
    "unauthorized",
    null,
  ],
  '{replication_auth_error,\n    {session_unexpected_result,"429","http://127.0.0.1:9097/_session","user"}}': [
    "rate_limited",
    "source",
  ],
  '{replication_auth_error,\n    {session_unexpected_result,"500","http://127.0.0.1:9098/_session","user"}}': [
    "server_error",
    "source",
  ],
};
