use super::*;
use proptest::prelude::*;

const A: &str = "http://a.test:5984/src/";
const B: &str = "http://b.test:5984/tgt/";

fn crashing<'a>(reason: &'a str, source: Option<&'a str>, target: Option<&'a str>) -> DiagnosisInput<'a> {
    DiagnosisInput {
        state: Some("crashing"),
        error: Some(reason),
        error_count: 3,
        last_updated: Some(CRASH),
        source,
        target,
        ..DiagnosisInput::default()
    }
}

/// 2026-11-22T22:00:00Z
const CRASH: Timestamp = 1_795_384_800_000;

/// The time this many seconds after [`CRASH`].
fn after(seconds: i64) -> Option<Timestamp> {
    Some(CRASH + 1000 * seconds)
}

/// From `A` to `B`.
fn diagnosed(reason: &str) -> Diagnosis {
    diagnose(&crashing(reason, Some(A), Some(B))).unwrap()
}

const SOURCE: Option<Side> = Some(Side::Source);
const TARGET: Option<Side> = Some(Side::Target);

/// Every reason that has been recorded, with the ends of its row where that has them.
#[test]
fn recorded_reasons() {
    let local = |name: &str| format!("http://127.0.0.1:5984/{name}/");
    for (reason, source, target, cause, side) in [
        (
            "Could not open source database `http://127.0.0.1:5984/nosuchdb/`: {db_not_found,<<\"http://127.0.0.1:5984/nosuchdb/\">>}",
            "",
            "",
            Cause::DatabaseMissing,
            SOURCE,
        ),
        (
            "Could not open source database `http://127.0.0.1:9/db/`: {replication_auth_error,\n    {session_request_failed,\"http://127.0.0.1:9/_session\",\"user\",\n        {conn_failed,{error,econnrefused}}}}",
            "",
            "",
            Cause::ConnectionRefused,
            SOURCE,
        ),
        (
            "Could not open source database `http://127.0.0.1:9099/db/`: {replication_auth_error,\n    {session_request_failed,\"http://127.0.0.1:9099/_session\",\"user\",\n        req_timedout}}",
            "",
            "",
            Cause::Timeout,
            SOURCE,
        ),
        (
            "Could not open source database `http://127.0.0.1:9099/db2/`: {replication_auth_error,\n    {session_request_failed,\"http://127.0.0.1:9099/_session\",\"user\",\n        req_timedout}}",
            "",
            "",
            Cause::Timeout,
            SOURCE,
        ),
        (
            "Couldn't open document `_design/no` from source database `http://127.0.0.1:15984/src/`: {error,<<\"not_found\">>}",
            "",
            "",
            Cause::Filter,
            SOURCE,
        ),
        (
            "Couldn't open document `_design/nodd` from source database `http://127.0.0.1:5984/src_small/`: {error,<<\"not_found\">>}",
            "",
            "",
            Cause::Filter,
            SOURCE,
        ),
        ("Duplicate replication running on node2@127.0.0.1", "src", "ct00", Cause::Duplicate, None),
        (
            "Replication `0505733801ca62f54db6b1d56d8a8034+continuous+create_target` specified by document `failed-duplicate` already started, triggered by document `running-continuous` from db `_replicator`",
            "src_small",
            "tgt_run",
            Cause::Duplicate,
            None,
        ),
        (
            "Replication `0505733801ca62f54db6b1d56d8a8034+continuous+create_target` specified by document `team-failed-duplicate` already started, triggered by document `running-continuous` from db `_replicator`",
            "src_small",
            "tgt_run",
            Cause::Duplicate,
            None,
        ),
        (
            "Replication `46f88bf6f0b9aef261c58736554fa3cf+continuous+create_target` specified by document `error-duplicate-transient` already running as a transient replication, started via `_replicate` API endpoint",
            "",
            "",
            Cause::Duplicate,
            None,
        ),
        (
            "Replication for db <<\"shards/00000000-7fffffff/_replicator.1795384500\">> doc <<\"initializing-hang-nocreds\">> failed to start due to timeout after 61 seconds",
            "",
            "",
            Cause::Timeout,
            None,
        ),
        (
            "db_not_found: could not open http://127.0.0.1:15984/nosuch0/",
            "http://127.0.0.1:15984/nosuch0/",
            "http://127.0.0.1:15984/ctx/",
            Cause::DatabaseMissing,
            SOURCE,
        ),
        (
            "db_not_found: could not open http://127.0.0.1:15984/nosuch1/",
            "http://127.0.0.1:15984/nosuch1/",
            "http://127.0.0.1:15984/ctx/",
            Cause::DatabaseMissing,
            SOURCE,
        ),
        (
            "db_not_found: could not open http://127.0.0.1:15984/nosuch2/",
            "http://127.0.0.1:15984/nosuch2/",
            "http://127.0.0.1:15984/ctx/",
            Cause::DatabaseMissing,
            SOURCE,
        ),
        (
            "db_not_found: could not open http://127.0.0.1:15984/nosuch3/",
            "http://127.0.0.1:15984/nosuch3/",
            "http://127.0.0.1:15984/ctx/",
            Cause::DatabaseMissing,
            SOURCE,
        ),
        (
            "db_not_found: could not open http://127.0.0.1:5984/nosuchdb/",
            "nosuchdb",
            "tgt_x",
            Cause::DatabaseMissing,
            SOURCE,
        ),
        (
            "db_not_found: could not open http://127.0.0.1:5984/nosuchdb2/",
            "nosuchdb2",
            "tgt_x",
            Cause::DatabaseMissing,
            SOURCE,
        ),
        (
            "db_not_found: could not open http://127.0.0.1:5984/tgt_missing_no_create/",
            "src_small",
            "tgt_missing_no_create",
            Cause::DatabaseMissing,
            TARGET,
        ),
        (
            "db_not_found: could not open http://127.0.0.1:5984/tgt_x/",
            "src_small",
            "tgt_x",
            Cause::DatabaseMissing,
            TARGET,
        ),
        (
            "db_not_found: could not open http://127.0.0.1:5984/tmpsrc/",
            "tmpsrc",
            "tgt_tmp",
            Cause::DatabaseMissing,
            SOURCE,
        ),
        ("endpoint has an invalid url", "", "x", Cause::InvalidDocument, SOURCE),
        ("forbidden: http://127.0.0.1:5984/tgt_a/", "src_small", "tgt_a", Cause::Forbidden, TARGET),
        ("preset", "http://a.invalid/x/", "http://b.invalid/y/", Cause::Unknown, None),
        ("set by user", "src_small", "x", Cause::Unknown, None),
        (
            "unauthorized: unauthorized to access or create database http://127.0.0.1:5984/tgt_a/",
            "tgt_a",
            "tgt_x",
            Cause::Unauthorized,
            SOURCE,
        ),
        (
            "{http_error_code,500,<<\"GET http://127.0.0.1:9098/db/\">>}",
            "http://127.0.0.1:9098/db/",
            "tgt_x",
            Cause::ServerError,
            SOURCE,
        ),
        (
            "{http_request_failed,\"GET\",\"http://127.0.0.1:9/db?api_key=SECRETQ\",\n                     {error,sel_conn_closed}}",
            "http://127.0.0.1:9/db?api_key=SECRETQ",
            "tgt_x",
            Cause::ConnectionClosed,
            SOURCE,
        ),
        (
            "{http_request_failed,\"GET\",\"http://127.0.0.1:9099/db/\",\n                     {error,sel_conn_closed}}",
            "http://127.0.0.1:9099/db/",
            "tgt_x",
            Cause::ConnectionClosed,
            SOURCE,
        ),
        (
            "{http_request_failed,\"GET\",\"http://no-such-host.invalid:5984/db/\",\n                     {error,sel_conn_closed}}",
            "http://no-such-host.invalid:5984/db/",
            "tgt_x",
            Cause::ConnectionClosed,
            SOURCE,
        ),
        // Both ends are on the server whose session it is.
        (
            "{replication_auth_error,\n    {session_request_failed,\"http://127.0.0.1:5984/_session\",\"admin\",\n        sel_conn_closed}}",
            "src_small",
            "tgt_x",
            Cause::ConnectionClosed,
            None,
        ),
        (
            "{replication_auth_error,\n    {session_request_failed,\"http://127.0.0.1:5984/_session\",\"admin\",\n        {conn_failed,{error,econnrefused}}}}",
            "src_small",
            "tgt_x",
            Cause::ConnectionRefused,
            None,
        ),
        (
            "{replication_auth_error,\n    {session_request_failed,\"http://127.0.0.1:9/_session\",\"user\",\n        {conn_failed,{error,econnrefused}}}}",
            "http://127.0.0.1:9/db/",
            "tgt_x",
            Cause::ConnectionRefused,
            SOURCE,
        ),
        (
            "{replication_auth_error,\n    {session_request_failed,\"http://no-such-host.invalid:5984/_session\",\n        \"user\",\n        {conn_failed,{error,nxdomain}}}}",
            "http://no-such-host.invalid:5984/db/",
            "tgt_x",
            Cause::HostUnknown,
            SOURCE,
        ),
        (
            "{replication_auth_error,\n    {session_request_unauthorized,\"http://127.0.0.1:5984/_session\",\"carol\"}}",
            "src_small",
            "tgt_x",
            Cause::Unauthorized,
            None,
        ),
        (
            "{replication_auth_error,\n    {session_unexpected_result,\"429\",\"http://127.0.0.1:9097/_session\",\"user\"}}",
            "http://127.0.0.1:9097/db/",
            "tgt_x",
            Cause::RateLimited,
            SOURCE,
        ),
        (
            "{replication_auth_error,\n    {session_unexpected_result,\"500\",\"http://127.0.0.1:9098/_session\",\"user\"}}",
            "http://127.0.0.1:9098/db/",
            "tgt_x",
            Cause::ServerError,
            SOURCE,
        ),
    ] {
        let end = |name: &str| match name {
            "" => None,
            url if url.contains("://") => Some(url.to_owned()),
            name => Some(local(name)),
        };
        let (source, target) = (end(source), end(target));
        let diagnosis = diagnose(&crashing(reason, source.as_deref(), target.as_deref())).unwrap();
        assert_eq!((diagnosis.cause, diagnosis.side), (cause, side), "{reason}\n{diagnosis:?}");
        assert!(!diagnosis.message.contains("SECRETQ"), "{diagnosis:?}");
    }
}

/// What else the replicator's source, and that of its HTTP client, can make a reason of.
#[test]
fn other_reasons_of_the_server() {
    for (reason, cause, side) in [
        // Starting: what opening a database throws.
        ("nxdomain: could not resolve http://a.test:5984/src/", Cause::HostUnknown, SOURCE),
        (
            "unauthorized: unauthorized to access or create database http://b.test:5984/tgt/",
            Cause::Unauthorized,
            TARGET,
        ),
        ("forbidden: http://a.test:5984/src/", Cause::Forbidden, SOURCE),
        ("{http_error_code,408,<<\"GET http://b.test:5984/tgt/\">>}", Cause::Timeout, TARGET),
        ("{http_error_code,503,<<\"PUT http://b.test:5984/tgt/\">>}", Cause::ServerError, TARGET),
        ("{http_request_failed,\"GET\",\"http://a.test:5984/src/\",max_backoff}", Cause::RateLimited, SOURCE),
        (
            "{http_request_failed,\"GET\",\"http://a.test:5984/src/\",{error,{error,{conn_failed,{error,econnrefused}}}}}",
            Cause::ConnectionRefused,
            SOURCE,
        ),
        (
            "{http_request_failed,\"GET\",\"http://a.test:5984/src/\",{error,{error,{conn_failed,{error,timeout}}}}}",
            Cause::Timeout,
            SOURCE,
        ),
        (
            "{http_request_failed,\"GET\",\"http://a.test:5984/src/\",{error,{error,{conn_failed,{error,ehostunreach}}}}}",
            Cause::ConnectionRefused,
            SOURCE,
        ),
        (
            "{http_request_failed,\"GET\",\"http://a.test:5984/src/\",{error,{error,{conn_failed,{error,host_unreachable}}}}}",
            Cause::ConnectionRefused,
            SOURCE,
        ),
        (
            "{http_request_failed,\"GET\",\"http://a.test:5984/src/\",{error,{error,{conn_failed,{error,closed}}}}}",
            Cause::ConnectionClosed,
            SOURCE,
        ),
        (
            "{http_request_failed,\"POST\",\"http://b.test:5984/tgt/_revs_diff\",{error,{error,req_timedout}}}",
            Cause::Timeout,
            TARGET,
        ),
        (
            "{http_request_failed,\"POST\",\"http://b.test:5984/tgt/_bulk_docs\",{error,{code,500}}}",
            Cause::ServerError,
            TARGET,
        ),
        (
            "{http_request_failed,\"GET\",\"http://a.test:5984/src/doc?open_revs=%5B%5D\",{error,{connection_closed,mid_stream}}}",
            Cause::ConnectionClosed,
            SOURCE,
        ),
        (
            "{http_request_failed,\"GET\",\"http://a.test:5984/src/\",{error,{error,{send_failed,{error,etimedout}}}}}",
            Cause::Timeout,
            SOURCE,
        ),
        (
            "{http_request_failed,\"GET\",\"http://a.test:5984/src/\",{error,{error,connection_closing}}}",
            Cause::ConnectionClosed,
            SOURCE,
        ),
        (
            "{http_request_failed,\"GET\",\"https://a.test/src/\",{error,{error,proxy_tunnel_failed}}}",
            Cause::ConnectionClosed,
            None,
        ),
        (
            "{http_request_failed,\"GET\",\"http://a.test:5984/src/\",{error,{error,retry_later}}}",
            Cause::Unknown,
            SOURCE,
        ),
        // TLS, as OTP words it.
        (
            "{http_request_failed,\"GET\",\"http://a.test:5984/src/\",\n    {error,\n        {error,\n            {conn_failed,\n                {error,\n                    {tls_alert,\n                        {unknown_ca,\n                            \"TLS client: In state wait_cert at ssl_handshake.erl:2138 generated CLIENT ALERT: Fatal - Unknown CA\\n\"}}}}}}}",
            Cause::Tls,
            SOURCE,
        ),
        (
            "{replication_auth_error,{session_request_failed,\"http://b.test:5984/_session\",\"u\",{conn_failed,{error,{tls_alert,\"certificate expired\"}}}}}",
            Cause::Tls,
            TARGET,
        ),
        (
            "{replication_auth_error,{session_request_failed,\"http://b.test:5984/_session\",\"u\",{conn_failed,{error,{options,{cacertfile,\"/etc/ca.pem\",{error,enoent}}}}}}}",
            Cause::Tls,
            TARGET,
        ),
        // Sessions.
        (
            "{replication_auth_error,{session_request_forbidden,\"http://a.test:5984/_session\",\"u\"}}",
            Cause::Forbidden,
            SOURCE,
        ),
        (
            "{replication_auth_error,{session_requires_valid_user,\"http://a.test:5984/_session\",\"u\"}}",
            Cause::Unauthorized,
            SOURCE,
        ),
        (
            "{replication_auth_error,{session_unexpected_result,\"503\",\"http://b.test:5984/_session\",\"u\"}}",
            Cause::ServerError,
            TARGET,
        ),
        ("{replication_auth_error,{could_not_load_plugin_module,x}}", Cause::Unknown, None),
        ("{replication_auth_error,cookie_not_found}", Cause::ServerError, None),
        // What is read of the source, and written to the target, while it runs.
        ("{changes_req_failed,{error,req_timedout}}", Cause::Timeout, SOURCE),
        ("{changes_req_failed,sel_conn_closed}", Cause::ConnectionClosed, SOURCE),
        ("{changes_req_failed,500}", Cause::ServerError, SOURCE),
        ("{changes_req_failed,403,#Fun<couch_replicator_httpc.12.1234>}", Cause::Forbidden, SOURCE),
        ("{changes_req_failed,404,#Fun<couch_replicator_httpc.12.1234>}", Cause::ServerError, SOURCE),
        (
            "{changes_req_failed,404,{[{<<\"error\">>,<<\"not_found\">>},{<<\"reason\">>,<<\"Database does not exist.\">>}]}}",
            Cause::DatabaseMissing,
            SOURCE,
        ),
        (
            "{changes_req_failed,404,{[{<<\"error\">>,<<\"not_found\">>},{<<\"reason\">>,<<\"missing json key: filters\">>}]}}",
            Cause::Filter,
            SOURCE,
        ),
        (
            "{changes_req_failed,404,{[{<<\"error\">>,<<\"not_found\">>},{<<\"reason\">>,<<\"deleted\">>}]}}",
            Cause::Filter,
            SOURCE,
        ),
        (
            "{changes_req_failed,404,{[{<<\"error\">>,<<\"not_found\">>},{<<\"reason\">>,<<\"No route\">>}]}}",
            Cause::ServerError,
            SOURCE,
        ),
        ("{changes_reader_died,{timeout,ibrowse_stream_cleanup}}", Cause::Timeout, SOURCE),
        (
            "{changes_reader_died,{function_clause,[{couch_replicator_api_wrap,changes_ev1,3,[]}]}}",
            Cause::Unknown,
            SOURCE,
        ),
        (
            "{bulk_docs_failed,403,{[{<<\"error\">>,<<\"forbidden\">>},{<<\"reason\">>,<<\"no writes today\">>}]}}",
            Cause::Forbidden,
            TARGET,
        ),
        ("{bulk_docs_failed,401,{[{<<\"error\">>,<<\"unauthorized\">>}]}}", Cause::Unauthorized, TARGET),
        ("{bulk_docs_failed,400,null}", Cause::ServerError, TARGET),
        ("{revs_diff_failed,404,{[{<<\"error\">>,<<\"not_found\">>}]}}", Cause::DatabaseMissing, TARGET),
        ("{revs_diff_failed,401,null}", Cause::Unauthorized, TARGET),
        ("{bulk_get_failed,429,null}", Cause::RateLimited, SOURCE),
        ("{doc_write_failed,{<<\"bad_request\">>,<<\"Invalid rev format\">>}}", Cause::InvalidDocument, TARGET),
        ("{doc_write_failed,{<<\"not_found\">>,<<\"Database does not exist.\">>}}", Cause::DatabaseMissing, TARGET),
        (
            "{doc_write_failed,{<<\"internal_server_error\">>,<<\"No DB shards could be opened.\">>}}",
            Cause::ServerError,
            TARGET,
        ),
        ("{doc_write_failed,{409,[]}}", Cause::ServerError, TARGET),
        // Only what is requested of the source can lack something other than the database.
        (
            "{function_clause,[{couch_replicator_api_wrap,'-get_missing_revs/2-fun-2-',[404,[],null],[]}]}",
            Cause::DatabaseMissing,
            TARGET,
        ),
        (
            "{function_clause,[{couch_replicator_api_wrap,'-changes_since/5-fun-2-',[404,[],null],[]}]}",
            Cause::ServerError,
            SOURCE,
        ),
        (
            "{worker_died,<0.1.2>,{process_died,<0.3.4>,{{nocatch,{forbidden,<<\"no\">>}},[{m,f,1,[]}]}}}",
            Cause::Forbidden,
            None,
        ),
        ("{worker_died,<0.1.2>,{process_died,<0.3.4>,open_doc_revs_failed}}", Cause::Document, SOURCE),
        (
            "{worker_died,<0.1.2>,{process_died,<0.3.4>,{http_request_failed,\"GET\",\"http://a.test:5984/src/x\",{error,{code,502}}}}}",
            Cause::ServerError,
            SOURCE,
        ),
        (
            "{worker_died,<0.1.2>,{process_died,<0.3.4>,{timeout,{gen_server,call,[<0.5.6>,get]}}}}",
            Cause::Internal,
            None,
        ),
        ("max_backoff", Cause::RateLimited, None),
        ("{duplicate_job,<0.1.2>}", Cause::Duplicate, None),
        ("{already_started,<0.1.2>}", Cause::Duplicate, None),
        ("{invalid_json,{1,invalid_json}}", Cause::ServerError, None),
        // Checkpoints.
        (
            "Failure on source commit: {'EXIT',{http_request_failed,\"POST\",\"http://a.test:5984/src/_ensure_full_commit\",{error,{code,500}}}}",
            Cause::ServerError,
            SOURCE,
        ),
        ("Failure on target commit: {error,<<\"unauthorized\">>}", Cause::Unauthorized, TARGET),
        ("Failure on target commit: {error,<<\"not_found\">>}", Cause::DatabaseMissing, TARGET),
        ("Error updating the source checkpoint document: conflict", Cause::Checkpoint, SOURCE),
        (
            "Error updating the target checkpoint document: {forbidden,<<\"_writer access is required for this request\">>}",
            Cause::Forbidden,
            TARGET,
        ),
        (
            "{bad_return_value,{unauthorized,<<\"You are not authorized to access this db.\">>}}",
            Cause::Unauthorized,
            None,
        ),
        (
            "{checkpoint_commit_failure,<<\"Failure on target commit: {error,<<\\\"forbidden\\\">>}\">>}",
            Cause::Forbidden,
            TARGET,
        ),
        ("{case_clause,{error,<<\"forbidden\">>}}", Cause::Forbidden, None),
        ("{case_clause,{error,<<\"unauthorized\">>}}", Cause::Unauthorized, None),
        ("instance_start_time on target database has changed since last checkpoint.", Cause::Checkpoint, TARGET),
        ("instance_start_time on source database has changed since last checkpoint.", Cause::Checkpoint, SOURCE),
        (
            "instance_start_time on source and target database has changed since last checkpoint.",
            Cause::Checkpoint,
            None,
        ),
        ("function_clause", Cause::Unknown, None),
        // Filters.
        (
            "Could not open source database `http://a.test:5984/src/`: {'EXIT',{http_request_failed,\"GET\",\"http://a.test:5984/src/\",{error,{code,500}}}}",
            Cause::ServerError,
            SOURCE,
        ),
        (
            "Could not open source database `http://a.test:5984/src/`: {unauthorized,<<\"http://a.test:5984/src/\">>}",
            Cause::Unauthorized,
            SOURCE,
        ),
        (
            "Could not open source database `http://a.test:5984/src/`: {'EXIT',{{badmatch,{error,emfile}},[{m,f,1,[]}]}}",
            Cause::Resources,
            SOURCE,
        ),
        (
            "Couldn't open document `_design/f` from source database `http://a.test:5984/src/`: {error,<<\"forbidden\">>}",
            Cause::Forbidden,
            SOURCE,
        ),
        (
            "Couldn't parse filter code from document f on `http://a.test:5984/src/`  Error: {not_found,missing}",
            Cause::Filter,
            SOURCE,
        ),
        ("Invalid filter. Must match `ddocname/filtername`.", Cause::Filter, None),
        ("`selector`, `filter` and `doc_ids` are mutually exclusive", Cause::Filter, None),
        ("{throw,{bad_request,\"`doc_ids`,`filter`,`selector` are mutually exclusive\"}}", Cause::Filter, None),
        ("{throw,{bad_request,<<\"Invalid `view` parameter.\">>}}", Cause::Filter, None),
        // Replication documents.
        ("{throw,{bad_request,<<\"parameter `continuous` must be a boolean\">>}}", Cause::InvalidDocument, None),
        ("{throw,{bad_request,\"`proxy` is mutually exclusive with `source_proxy`\"}}", Cause::InvalidDocument, None),
        ("proxy has an invalid url", Cause::InvalidDocument, None),
        ("Invalid proxy url", Cause::InvalidDocument, None),
        ("Missing replicator database", Cause::InvalidDocument, None),
        ("local_endpoints_not_supported", Cause::InvalidDocument, None),
        ("{error,badarg}", Cause::Unknown, None),
        // Servers before 3.0.
        (
            "Replication `0a+continuous` specified by document `x` already started, triggered by document `y`",
            Cause::Duplicate,
            None,
        ),
        ("timeout", Cause::Timeout, None),
        ("{error,{conn_failed,{error,econnrefused}}}", Cause::ConnectionRefused, None),
        // Only looks like one.
        ("forbidden fruit", Cause::Unknown, None),
        ("she said: unauthorized", Cause::Unknown, None),
        ("{some_new_thing,{error,econnrefused}}", Cause::Unknown, None),
        ("{[{<<\"error\">>,<<\"forbidden\">>}]}", Cause::Unknown, None),
        ("", Cause::Unknown, None),
    ] {
        let diagnosis = diagnosed(reason);
        assert_eq!((diagnosis.cause, diagnosis.side), (cause, side), "{reason}\n{diagnosis:?}");
    }
}

#[test]
fn messages_name_what_the_reason_names() {
    for (reason, message) in [
        (
            "db_not_found: could not open http://b.test:5984/tgt/",
            "The target http://b.test:5984/tgt/ cannot be opened as a database: it probably does not exist.",
        ),
        (
            "{replication_auth_error,{session_request_unauthorized,\"http://a.test:5984/_session\",\"carol\"}}",
            "The source http://a.test:5984/src/ does not accept the name and password of `carol`.",
        ),
        (
            "{replication_auth_error,{session_request_forbidden,\"http://a.test:5984/_session\",\"carol\"}}",
            "The source http://a.test:5984/src/ does not allow this to `carol`.",
        ),
        ("{changes_req_failed,{error,req_timedout}}", "The source http://a.test:5984/src/ did not answer in time."),
        (
            "{case_clause,{error,<<\"unauthorized\">>}}",
            "The source or the target rejects the login: name and password are missing, wrong, or not sufficient.",
        ),
        (
            "{http_request_failed,\"GET\",\"http://c.test/\",{error,{code,502}}}",
            "The server at http://c.test/ responds with the error 502.",
        ),
        ("forbidden: http://c.test/x says no", "The server at http://c.test/x does not allow this."),
        ("forbidden: `https://c.test/x`", "The server at https://c.test/x does not allow this."),
        (
            "{bulk_docs_failed,403,{[{<<\"reason\">>,<<\"no\\nwrites\">>}]}}",
            "The target http://b.test:5984/tgt/ does not allow this: “no writes”.",
        ),
        (
            "Couldn't open document `_design/f` from source database `http://a.test:5984/src/`: {error,<<\"not_found\">>}",
            "The source http://a.test:5984/src/ does not have `_design/f`, the design document of the replication's filter.",
        ),
        (
            "Replication `0a` specified by document `x` already started, triggered by document `y` from db `z/_replicator`",
            "The document `y` in `z/_replicator` already runs the same replication.",
        ),
        ("endpoint has an invalid url", "The replication document is not valid: “endpoint has an invalid url”."),
        (
            "{doc_write_failed,{<<\"bad_request\">>,<<\"Invalid rev format\">>}}",
            "The target http://b.test:5984/tgt/ refuses a document: “Invalid rev format”.",
        ),
        (
            "{doc_write_failed,{<<\"illegal_docid\">>,<<\"Document id must not be empty\">>}}",
            "The target http://b.test:5984/tgt/ refuses a document: “Document id must not be empty”.",
        ),
        (
            "{error,{conn_failed,{error,econnrefused}}}",
            "The source or the target cannot be reached or refuses connections.",
        ),
        (
            "Failure on target commit: {error,<<\"service_unavailable\">>}",
            "The target http://b.test:5984/tgt/ responds with an error.",
        ),
        (
            "{changes_reader_died,{{nocatch,{invalid_json,<<\"<html>\">>}},[]}}",
            "The source http://a.test:5984/src/ responds with something that is not JSON.",
        ),
        (
            "{doc_write_failed,{<<\"internal_server_error\">>,<<\"No DB shards could be opened.\">>}}",
            "The target http://b.test:5984/tgt/ responds with an error: “No DB shards could be opened.”.",
        ),
        (
            "{worker_died,<0.1.2>,{process_died,<0.3.4>,{missing_stub,<<\"no photo\">>}}}",
            "The target http://b.test:5984/tgt/ cannot store a document: “no photo”.",
        ),
        (
            "{worker_died,<0.1.2>,{process_died,<0.3.4>,open_doc_revs_failed}}",
            "The source http://a.test:5984/src/ does not return a document: “open_doc_revs_failed”.",
        ),
        (
            "{replication_auth_error,cookie_not_found}",
            "The source or the target responds to POST /_session without a usable cookie.",
        ),
        ("{some_new_thing,\n    [1,\n     2]}", "The server reports: “{some_new_thing, [1, 2]}”."),
        (" ", "The server does not report a reason."),
    ] {
        assert_eq!(diagnosed(reason).message, message);
    }
}

#[test]
fn hints_follow_what_was_found() {
    for (reason, start) in [
        (
            "Replication for db <<\"_replicator\">> doc <<\"x\">> failed to start due to timeout after 61 seconds",
            "It reads the filter from the source before it starts",
        ),
        ("{changes_req_failed,{error,req_timedout}}", "Check that the server is not overloaded"),
        ("{changes_req_failed,404,null}", "Check that the database and the design document of the filter exist."),
        ("{changes_req_failed,500,null}", "Look into the log of that server"),
        ("{invalid_json,{1,invalid_json}}", "Request that address with curl"),
        ("{doc_write_failed,{<<\"bad_request\">>,<<\"Invalid rev format\">>}}", "Find the document in the log"),
        ("{throw,{bad_request,<<\"parameter `continuous` must be a boolean\">>}}", "Correct the replication document."),
    ] {
        let diagnosis = diagnosed(reason);
        assert!(diagnosis.hint.starts_with(start), "{diagnosis:?}");
    }
}

#[test]
fn long_reasons_are_cut() {
    let message = diagnosed(&"né ".repeat(10_000)).message;
    assert!(message.chars().count() < 350 && message.ends_with("…”."), "{message}");
    let (whole, cut) = ("x".repeat(299), "x".repeat(301));
    assert_eq!(diagnosed(&whole).message, format!("The server reports: “{whole}”."));
    assert_eq!(diagnosed(&cut).message, format!("The server reports: “{whole}…”."));
}

#[test]
fn a_proxy_on_the_way_is_named() {
    for (end, url) in [("source", A), ("target", B)] {
        let refused =
            format!("{{http_request_failed,\"GET\",\"{url}\",{{error,{{error,{{conn_failed,{{error,nxdomain}}}}}}}}}}");
        let row = DiagnosisInput {
            source_proxy: Some("http://u:s3cret@source-proxy:8080"),
            target_proxy: Some("http://u:s3cret@target-proxy:8080"),
            ..crashing(&refused, Some(A), Some(B))
        };
        let message = diagnose(&row).unwrap().message;
        let start = format!("The {end}, or its proxy http://u:*****@{end}-proxy:8080, cannot be reached");
        assert!(message.starts_with(&start), "{message}");
        // A response has passed the proxy.
        let reason = format!("unauthorized: {url}");
        let answered = DiagnosisInput { error: Some(&reason), ..row };
        assert!(!diagnose(&answered).unwrap().message.contains("proxy"));
    }
}

#[test]
fn the_url_of_an_end_is_masked() {
    for (reason, end, host) in
        [("{changes_req_failed,timeout}", "source", "a.test"), ("{bulk_docs_failed,timeout}", "target", "b.test")]
    {
        let row = crashing(reason, Some("http://u:s3cret@a.test/db/"), Some("http://u:s3cret@b.test/db/"));
        let message = diagnose(&row).unwrap().message;
        assert_eq!(message, format!("The {end} http://u:*****@{host}/db/ did not answer in time."));
    }
}

#[test]
fn an_end_without_a_url_is_the_one_with_an_invalid_url() {
    for (source, target, side) in [(None, Some(B), SOURCE), (Some(A), None, TARGET), (Some(A), Some(B), None)] {
        let side_of = |reason| diagnose(&crashing(reason, source, target)).unwrap().side;
        assert_eq!(side_of("endpoint has an invalid url"), side);
        assert_eq!(side_of("timeout"), None);
    }
}

#[test]
fn only_unhealthy_states_are_diagnosed() {
    for state in [Some("initializing"), Some("running"), Some("pending"), Some("completed"), Some("new"), None] {
        let row = DiagnosisInput { state, error_count: 2, ..crashing("timeout", None, None) };
        assert!(diagnose(&row).is_none(), "{state:?}");
    }
    for (state, permanent, retry) in [("crashing", false, after(120)), ("error", false, None), ("failed", true, None)] {
        let diagnosis = diagnose(&DiagnosisInput { state: Some(state), ..crashing("timeout", None, None) }).unwrap();
        assert_eq!((diagnosis.permanent, diagnosis.failures, diagnosis.next_retry), (permanent, 3, retry), "{state}");
        assert_eq!(diagnosis.hint.contains("will not retry"), permanent);
    }
    let silent = DiagnosisInput { error: None, ..crashing("", None, None) };
    assert_eq!(diagnose(&silent).unwrap().message, "The server does not report a reason.");
}

#[test]
fn an_end_with_a_secret_in_its_url_is_recognized() {
    const SECRET: &str = "http://c.test/db?token=S3cr3tS3cr3t";
    let reason = format!("forbidden: {SECRET}");
    for (source, target, side) in [(SECRET, B, SOURCE), (A, SECRET, TARGET)] {
        let diagnosis = diagnose(&crashing(&reason, Some(source), Some(target))).unwrap();
        assert_eq!(diagnosis.side, side);
        assert!(!diagnosis.message.contains("S3cr3t"), "{}", diagnosis.message);
    }
}

#[test]
fn a_crash_that_counts_for_nothing_is_not_waited_for() {
    let diagnosis = diagnose(&DiagnosisInput { error_count: 0, ..crashing("timeout", None, None) }).unwrap();
    assert_eq!((diagnosis.failures, diagnosis.next_retry), (0, after(0)));
}

#[test]
fn a_job_is_diagnosed_by_its_history() {
    let event = |kind, seconds, reason| Event { kind, time: after(seconds), reason };
    let history = [
        event("crashed", 180, Some("forbidden: http://b.test:5984/tgt/")),
        event("started", 178, None),
        event("crashed", 60, Some("timeout")),
        event("started", 59, None),
    ];
    let job = |history| DiagnosisInput {
        source: Some(A),
        target: Some(B),
        history: Some(history),
        ..DiagnosisInput::default()
    };
    for state in [None, Some("crashing")] {
        let diagnosis = diagnose(&DiagnosisInput { state, ..job(&history) }).unwrap();
        assert_eq!((diagnosis.cause, diagnosis.side, diagnosis.failures), (Cause::Forbidden, TARGET, 2));
        assert_eq!(diagnosis.since, after(60));
        assert_eq!(diagnosis.next_retry, after(240));
        assert!(diagnosis.message.contains("http://b.test:5984/tgt/"));
    }
    // The scheduler decided at 178 seconds, and decides every minute.
    let settings = RetrySettings { interval: Some(60_000), ..RetrySettings::default() };
    let next = |history| diagnose(&DiagnosisInput { settings, ..job(history) }).unwrap().next_retry;
    assert_eq!(next(&history), after(298));
    let healthy = [event("crashed", 500, Some("timeout")), event("started", 178, None), event("crashed", 60, None)];
    assert_eq!(next(&healthy), after(500), "at once");
    assert!(diagnose(&DiagnosisInput { is_running: true, ..job(&history) }).is_none());
    assert!(diagnose(&job(&history[1..])).is_none());
    assert!(diagnose(&job(&[])).is_none());
}

/// What the words of a diagnosis can be read from.
fn message_and_hint(reason: &str, url: &str) -> String {
    let rows = [
        DiagnosisInput { source: Some(url), source_proxy: Some(url), ..crashing(reason, None, Some(B)) },
        DiagnosisInput { target: Some(url), target_proxy: Some(url), ..crashing(reason, Some(A), None) },
    ];
    let words = rows.map(|row| {
        let diagnosis = diagnose(&row).unwrap();
        diagnosis.message + &diagnosis.hint
    });
    words.concat()
}

/// Pieces of which reasons are made.
const PIECES: &str = r#"([{}\[\]<>"'`,:#|\\ é\n]|\PC|Could not open source database `|Couldn't open document `|`: |Replication `|` already started, triggered by document `|http_request_failed,"GET",|\{error,|conn_failed,|tls_alert,|changes_req_failed,|404,|bulk_docs_failed,|doc_write_failed,|\{bad_request,|unauthorized: |nxdomain|<<"|">>|http://h/){0,40}"#;

proptest! {
    #[test]
    fn no_reason_makes_it_panic(reason in PIECES, url in PIECES) {
        let _ = message_and_hint(&reason, &url);
        let _ = message_and_hint(&format!("{{{reason}"), &url);
    }

    #[test]
    fn no_planted_secret_is_shown(before in PIECES, after in PIECES, form in 0usize..6, shape in 0usize..8) {
        let secret = "S3cr3tS3cr3t";
        let planted = match form {
            0 => format!("https://user:{secret}@host/db"),
            1 => format!("http://a.test:5984/src/?api_key={secret}&x=1"),
            2 => format!("http://a.test:5984/src?x=1&token={secret}"),
            3 => format!("{{\"password\",\"{secret}\"}}"),
            4 => format!(" Bearer {secret} "),
            _ => format!(" password=\"{secret}\" "),
        };
        let reason = match shape {
            0 => format!("{before} {planted} {after}"),
            1 => format!("{{http_request_failed,\"GET\",\"{planted}\",{{error,{after}}}}}"),
            2 => format!("db_not_found: could not open {planted}"),
            3 => format!("Could not open source database `{planted}`: {after}"),
            4 => format!("Couldn't open document `{planted}` from source database `{planted}`: {{error,<<\"not_found\">>}}"),
            5 => format!("{{session_request_failed,\"{planted}\",\"{planted}\",{after}}}"),
            6 => format!("{{bulk_docs_failed,403,{{[{{<<\"reason\">>,<<\"{planted}\">>}}]}}}}"),
            _ => format!("Replication `x` specified by document `y` already started, triggered by document `{planted}`"),
        };
        let diagnosis = message_and_hint(&reason, &planted);
        prop_assert!(!diagnosis.contains(secret), "{reason}\n{diagnosis}");
    }
}

#[test]
fn a_megabyte_of_brackets_does_no_harm() {
    for piece in ["{", "{error,", "{{error,{", "[", "{'", "<<\"", "Could not open source database `x`: "] {
        assert_eq!(diagnosed(&piece.repeat(1_000_000 / piece.len())).cause, Cause::Unknown, "{piece}");
    }
}

/// A reason of a worker, and of one of its readers.
fn of_reader(reason: &str) -> String {
    format!("{{worker_died,<0.1.2>,\n    {{process_died,<0.3.4>,\n        {reason}}}}}")
}

/// Each way to tell a status, with `#` for it.
const STATUS_FORMS: [(&str, Option<Side>); 12] = [
    (r##"{replication_auth_error,{session_unexpected_result,"#","http://a.test:5984/_session","u"}}"##, SOURCE),
    (r##"{http_error_code,#,<<"GET http://b.test:5984/tgt/">>}"##, TARGET),
    (r##"{http_request_failed,"POST","http://b.test:5984/tgt/_revs_diff",{error,{code,#}}}"##, TARGET),
    (r##"{changes_req_failed,#,#Fun<couch_replicator_httpc.12.1234>}"##, SOURCE),
    (r##"{changes_req_failed,#}"##, SOURCE),
    (r##"{shutdown,{bulk_docs_failed,#,{[{<<"error">>,<<"x">>},{<<"reason">>,<<"y">>}]}}}"##, TARGET),
    (r##"{revs_diff_failed,#,null}"##, TARGET),
    (r##"{doc_write_failed,{#,[{<<"message">>,<<"x">>}]}}"##, TARGET),
    (
        r##"{worker_died,<0.1.2>,{process_died,<0.3.4>,{function_clause,[{couch_replicator_api_wrap,'-get_missing_revs/2-fun-2-',[#,[{"Server","x"}],null],[{file,"f.erl"},{line,1}]},{couch_replicator_worker,find_missing,4,[]}]}}}"##,
        TARGET,
    ),
    (
        r##"{changes_reader_died,{function_clause,[{couch_replicator_api_wrap,'-changes_since/5-fun-2-',[#,[],#Fun<a.1.2>],[]}]}}"##,
        SOURCE,
    ),
    (
        r##"{checkpoint_commit_failure,<<"Failure on source commit: {'EXIT',{http_request_failed,\"POST\",\n  \"http://a.test:5984/src/_ensure_full_commit\",\n  {error,{code,#}}}}">>}"##,
        SOURCE,
    ),
    (r##"Error updating the target checkpoint document: {#,[]}"##, TARGET),
];

#[test]
fn a_status_is_read_in_every_form() {
    for (form, side) in STATUS_FORMS {
        for (statuses, cause) in [
            (&["301", "302", "303", "307", "308"][..], Cause::Redirect),
            (&["401"], Cause::Unauthorized),
            (&["402"], Cause::Quota),
            (&["403"], Cause::Forbidden),
            (&["408"], Cause::Timeout),
            (&["413", "414", "431"], Cause::TooLarge),
            (&["429"], Cause::RateLimited),
            (&["400", "405", "407", "409", "410", "412", "415", "417", "500", "502", "504", "524"], Cause::ServerError),
        ] {
            for status in statuses {
                // Not the `#` of a function.
                let reason = form.replace("#Fun", "$Fun").replace('#', status).replace("$Fun", "#Fun");
                let diagnosis = diagnosed(&reason);
                assert_eq!((diagnosis.cause, diagnosis.side), (cause, side), "{reason}\n{diagnosis:?}");
                if cause == Cause::ServerError || cause == Cause::Redirect {
                    assert!(diagnosis.message.contains(status), "{diagnosis:?}");
                }
            }
        }
    }
}

#[test]
fn sentences_in_terms_are_read_to_any_sane_depth() {
    let mut reason =
        r#"{http_request_failed,"POST","http://b.test:5984/tgt/_ensure_full_commit",{error,req_timedout}}"#.to_owned();
    for _ in 0..3 {
        let escaped = reason.replace('\\', r"\\").replace('"', "\\\"").replace('\n', "\\n");
        reason = format!("{{checkpoint_commit_failure,\n    <<\"Failure on target commit: {escaped}\">>}}");
        let diagnosis = diagnosed(&reason);
        assert_eq!((diagnosis.cause, diagnosis.side), (Cause::Timeout, TARGET), "{reason}\n{diagnosis:?}");
    }
}

/// What stands in a stack trace, or nowhere but in the middle of other things.
#[test]
fn words_and_stacks_tell_the_end() {
    let frame = |module: &str, function: &str| format!("{{{module},{function},4,[{{file,\"src/x.erl\"}},{{line,7}}]}}");
    let invalid_json = |frames: &[String]| {
        of_reader(&format!(
            "{{{{nocatch,{{invalid_json,{{1,invalid_json}}}}}},\n         [{}]}}",
            frames.join(",\n          ")
        ))
    };
    let httpc = frame("couch_replicator_httpc", "send_req");
    for (function, side) in [
        ("bulk_get", SOURCE),
        ("'-bulk_get/3-fun-1-'", SOURCE),
        ("changes_since", SOURCE),
        ("open_doc_revs", SOURCE),
        ("flush_docs", TARGET),
        ("update_docs", TARGET),
        ("get_missing_revs", TARGET),
        ("open_doc", None),
    ] {
        let reason = invalid_json(&[httpc.clone(), frame("couch_replicator_api_wrap", function)]);
        let diagnosis = diagnosed(&reason);
        assert_eq!((diagnosis.cause, diagnosis.side), (Cause::ServerError, side), "{reason}\n{diagnosis:?}");
        // Somebody else's function of this name.
        let diagnosis = diagnosed(&invalid_json(&[httpc.clone(), frame("fabric", function)]));
        assert_eq!((diagnosis.cause, diagnosis.side), (Cause::ServerError, None), "{diagnosis:?}");
    }
    for (reason, cause, side) in [
        (of_reader("{{nocatch,missing_doc},[{couch_replicator_api_wrap,open_doc_revs,6,[]}]}"), Cause::Document, SOURCE),
        (of_reader("kaboom"), Cause::Document, SOURCE),
        (of_reader("{{nocatch,request_uri_too_long},[]}"), Cause::TooLarge, SOURCE),
        (
            of_reader("{{nocatch,{missing_stub,<<\"no photo\">>}},[{couch_replicator_api_wrap,receive_docs,4,[]}]}"),
            Cause::Document,
            TARGET,
        ),
        // What is handed on is of either end.
        (
            of_reader("{{badmatch,{error,enospc}},[{couch_replicator_api_wrap,run_user_fun,4,[]},{couch_replicator_api_wrap,receive_docs,4,[]}]}"),
            Cause::Resources,
            None,
        ),
        (of_reader("{noproc,{gen_server,call,[<0.5.6>,{x,[]},6000]}}"), Cause::Internal, None),
        (of_reader("{killed,{gen_server,call,[<0.5.6>,get]}}"), Cause::Internal, None),
        (of_reader("noproc"), Cause::Internal, None),
        (of_reader("{rexi_DOWN,{'couchdb@b.example.org',noproc}}"), Cause::Internal, None),
        ("{doc_write_failed,{<<\"some_new_error\">>,<<\"x\">>}}".to_owned(), Cause::Document, TARGET),
        ("{doc_write_failed,{<<\"too_large\">>,<<\"x\">>}}".to_owned(), Cause::TooLarge, TARGET),
        // The called process gives the reason.
        (
            of_reader("{{http_request_failed,\"GET\",\"http://a.test:5984/src/\",{error,{code,500}}},{gen_server,call,[<0.5.6>]}}"),
            Cause::ServerError,
            SOURCE,
        ),
        (of_reader("{{nocatch,{parse_error,{9,\"x\"}}},[]}"), Cause::ServerError, SOURCE),
        ("invalid_json: <html>413".to_owned(), Cause::ServerError, None),
        (
            "{changes_reader_died,{{nocatch,{os_process_error,\"OS process timed out.\"}},[]}}".to_owned(),
            Cause::Filter,
            SOURCE,
        ),
        ("{replication_auth_error,{session_not_supported,\"http://b.test:5984/_session\",\"u\"}}".to_owned(), Cause::ServerError, TARGET),
        ("checkpoint_commit_failure: Error updating the source checkpoint document: conflict".to_owned(), Cause::Checkpoint, SOURCE),
        ("{checkpoint_commit_failure,conflict}".to_owned(), Cause::Checkpoint, None),
        (
            "{checkpoint_commit_failure,<<\"Error updating the source checkpoint document: {<<\\\"some_new_error\\\">>,<<\\\"x\\\">>}\">>}".to_owned(),
            Cause::Checkpoint,
            SOURCE,
        ),
        ("{checkpoint_commit_failure,<<\"Source and target databases out of sync. Try to increase max_dbs_open at both servers.\">>}".to_owned(), Cause::Checkpoint, None),
    ] {
        let diagnosis = diagnosed(&reason);
        assert_eq!((diagnosis.cause, diagnosis.side), (cause, side), "{reason}\n{diagnosis:?}");
    }
}

#[test]
fn words_of_the_operating_system_are_read() {
    for word in [
        "enospc",
        "edquot",
        "emfile",
        "enfile",
        "system_limit",
        "enomem",
        "enobufs",
        "eacces",
        "eperm",
        "erofs",
        "eio",
        "eaddrnotavail",
        "eaddrinuse",
        "eafnosupport",
    ] {
        let url = "http://b.test:5984/tgt/";
        for (reason, side, start) in [
            (
                format!("{{error,{{{{badmatch,{{error,{word}}}}},[{{couch_file,init,1,[]}}]}}}}"),
                None,
                "The operating system",
            ),
            (
                format!(
                    "{{http_request_failed,\"GET\",\"{url}\",{{error,{{error,{{conn_failed,{{error,{word}}}}}}}}}}}"
                ),
                TARGET,
                "The target http://b.test:5984/tgt/ cannot be reached",
            ),
        ] {
            let diagnosis = diagnosed(&reason);
            assert_eq!((diagnosis.cause, diagnosis.side), (Cause::Resources, side), "{reason}");
            assert!(
                diagnosis.message.starts_with(start) && diagnosis.message.contains(&format!("“{word}”")),
                "{diagnosis:?}"
            );
        }
    }
}

#[test]
fn the_hint_for_tls_follows_who_found_what() {
    let client = "check [replicator] cert_file and key_file";
    let (trust, version) = ("ssl_trusted_certificates_file", "no TLS version or cipher in common");
    let (host, noise, renew) = ("Use the host name", "speaks https", "Renew that server's certificate");
    let generated = |alert: &str| {
        format!("\"TLS client: In state certify at ssl_handshake.erl:1626 generated CLIENT ALERT: Fatal - {alert}\\n\"")
    };
    let received = |alert: &str| format!("\"TLS client: In state cipher received SERVER ALERT: Fatal - {alert}\\n\"");
    for (reason, hint) in [
        (format!("{{tls_alert,{{unknown_ca,{}}}}}", generated("Unknown CA")), trust),
        (format!("{{tls_alert,{{unknown_ca,{}}}}}", received("Unknown CA")), client),
        (format!("{{tls_alert,{{bad_certificate,{}}}}}", generated("Bad Certificate")), trust),
        (format!("{{tls_alert,{{bad_certificate,{}}}}}", received("Bad Certificate")), client),
        (format!("{{tls_alert,{{certificate_revoked,{}}}}}", generated("Certificate Revoked")), trust),
        (format!("{{tls_alert,{{certificate_expired,{}}}}}", generated("Certificate Expired")), renew),
        (format!("{{tls_alert,{{certificate_expired,{}}}}}", received("Certificate Expired")), client),
        (format!("{{tls_alert,{{certificate_required,{}}}}}", received("Certificate required")), client),
        (format!("{{tls_alert,{{protocol_version,{}}}}}", received("Protocol Version")), version),
        (format!("{{tls_alert,{{handshake_failure,{}}}}}", received("Handshake Failure")), version),
        (
            format!(
                "{{tls_alert,{{handshake_failure,{}}}}}",
                generated("Handshake Failure - {bad_cert,hostname_check_failed}")
            ),
            host,
        ),
        (
            format!(
                "{{tls_alert,{{handshake_failure,{}}}}}",
                generated("Handshake Failure - {bad_cert,selfsigned_peer}")
            ),
            trust,
        ),
        (format!("{{tls_alert,{{unrecognized_name,{}}}}}", received("Unrecognized Name")), host),
        (format!("{{tls_alert,{{unexpected_message,{}}}}}", generated("Unexpected Message")), noise),
        ("{tls_alert,\"unknown ca\"}".to_owned(), trust),
        ("{tls_alert,\"protocol version\"}".to_owned(), version),
        ("{tls_alert,\"bad record mac\"}".to_owned(), noise),
        ("{bad_cert,cert_expired}".to_owned(), renew),
        ("{bad_cert,unknown_ca}".to_owned(), trust),
        ("{options,{cacertfile,\"/etc/ca.pem\",{error,enoent}}}".to_owned(), "Correct ssl_trusted_certificates_file"),
        ("{options,{keyfile,\"/etc/key.pem\",{error,eacces}}}".to_owned(), "Correct ssl_trusted_certificates_file"),
        ("{options,incompatible,[{verify,verify_peer}]}".to_owned(), "Correct ssl_trusted_certificates_file"),
        ("eoptions".to_owned(), "Correct ssl_trusted_certificates_file"),
        ("{keyfile,\"/etc/key.pem\"}".to_owned(), "Correct ssl_trusted_certificates_file"),
    ] {
        let whole = format!(
            "{{http_request_failed,\"GET\",\"http://a.test:5984/src/\",\n    {{error,{{error,{{conn_failed,{{error,{reason}}}}}}}}}}}"
        );
        let diagnosis = diagnosed(&whole);
        assert_eq!((diagnosis.cause, diagnosis.side), (Cause::Tls, SOURCE), "{reason}");
        assert!(diagnosis.hint.contains(hint), "{reason}\n{diagnosis:?}");
        if let Some((_, sentence)) = reason.split_once("Fatal - ") {
            let sentence = sentence.split(['\\', '"']).next().unwrap();
            assert!(diagnosis.message.contains(&format!("ALERT: Fatal - {sentence}”")), "{diagnosis:?}");
        }
    }
}

#[test]
fn what_is_not_understood_stays_unknown() {
    for reason in [
        "the disk is full: enospc",
        "{some_new_thing,{error,enospc}}",
        "{some_new_thing,{error,{code,504}}}",
        "{[{<<\"error\">>,<<\"missing_doc\">>}]}",
        "HTTP/1.1 301 Moved Permanently",
        "Replication for db <<\"_replicator\">> doc <<\"x\">> was stopped",
        "It failed to start due to timeout after 61 seconds",
        "405",
        "{405,x}",
        "conflict",
        "{error,conflict}",
        "a checkpoint conflict",
        "out of sync",
        "instance_start_time on target database has changed",
        "error: it broke",
        "note: unauthorized",
        "{error,{code,99}}",
        "{error,{code,1000}}",
        "{error,{code,teapot}}",
        "{function_clause,[{my_module,my_function,[401,[]],[]}]}",
        "{function_clause,[{lists,nth,[404,[]],[]}]}",
        "{function_clause,[{couch_replicator_api_wrap,update_docs,[40,[]],[]}]}",
        "{undef,[{couch_replicator_api_wrap,changes_since,5,[]}]}",
        "<<\"{error,<<\\\"forbidden\\\">>}\">>",
        "{error,<<\"{some_new_thing,\\\"unauthorized\\\"}\">>}",
        "{tls,alert}",
        "{cookie,\"x\"}",
    ] {
        assert_eq!(diagnosed(reason).cause, Cause::Unknown, "{reason}");
    }
}

#[test]
fn a_url_that_cannot_be_read_is_named() {
    let v6 = "http://[fd00::2]:5984/x/";
    let reason = "{replication_auth_error,{session_request_failed,\"http://fd00::2/_session\",\"u\",{url_parsing_failed,{error,invalid_uri}}}}";
    let diagnosis = diagnose(&crashing(reason, Some(A), Some(v6))).unwrap();
    assert_eq!((diagnosis.cause, diagnosis.side), (Cause::InvalidDocument, TARGET));
    assert_eq!(diagnosis.message, "The target http://[fd00::2]:5984/x/ has an invalid URL.");
    assert!(diagnosis.hint.contains("IPv6"), "{diagnosis:?}");
}

#[test]
fn something_other_than_couchdb_at_the_root_of_a_host() {
    let session = |what: &str| diagnosed(&format!("{{replication_auth_error,{what}}}"));
    for what in [
        "{session_unexpected_result,\"405\",\"http://a.test:5984/_session\",\"u\"}",
        "{session_not_supported,\"http://a.test:5984/_session\",\"u\"}",
        "cookie_not_found",
        "cookie_format_invalid",
    ] {
        let diagnosis = session(what);
        assert!(diagnosis.hint.contains("at the root of that host: let the proxy pass /_session"), "{diagnosis:?}");
    }
    // CouchDB itself can fail like this.
    let diagnosis = session("{session_unexpected_result,\"503\",\"http://a.test:5984/_session\",\"u\"}");
    assert!(diagnosis.hint.contains("log of that server"), "{diagnosis:?}");
}

#[test]
fn since_is_what_is_certain() {
    let of = |state, error_count| {
        let row = DiagnosisInput { state: Some(state), error_count, ..crashing("timeout", None, None) };
        diagnose(&row).unwrap().since
    };
    // It has waited 30 s after the first crash, and 60 s after the second.
    assert_eq!(of("crashing", 3), after(-90));
    assert_eq!(of("crashing", 1), after(0));
    assert_eq!(of("crashing", 0), after(0));
    // These wait for a random time.
    assert_eq!(of("error", 9), after(0));
    assert_eq!(of("failed", 1), after(0));
    let without_time = DiagnosisInput { last_updated: None, ..crashing("timeout", None, None) };
    assert_eq!(diagnose(&without_time).unwrap().since, None);
}

#[test]
fn the_hint_for_a_duplicate_says_one_thing() {
    let reason = "Replication `0a` specified by document `x` already started, triggered by document `y` from db `z`";
    let failed = DiagnosisInput { state: Some("failed"), ..crashing(reason, None, None) };
    let diagnosis = diagnose(&failed).unwrap();
    let hint =
        "One of the two is enough: delete this document, or create it again with another source, target or options.";
    assert_eq!(diagnosis.hint, format!("{hint} CouchDB will not retry it."));
    assert_eq!(diagnosed("Duplicate replication running on node2@127.0.0.1").hint, hint);
}
