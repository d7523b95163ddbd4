//! Options and arguments that several methods have in common.

use std::time::Duration;

use js_sys::Function;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::options::{Options, options};
use super::validate::segment;
use super::values::{Database, Positive, SomeStates, TimeLimit};
use crate::operations::collect::Requested;
use crate::operations::follow::{self, FollowPlan};
use crate::operations::get_doc::doc_request;

options! {
    /// The options of methods that have no others.
    pub struct SignalOptions {
        signal: AbortSignal,
    }
}

options! {
    /// The options of methods that use one document or database.
    pub struct DatabaseOptions {
        database: Database,
        signal: AbortSignal,
    }
}

options! {
    /// The options of methods that follow one document.
    pub struct FollowOptions {
        until: SomeStates,
        interval: Positive,
        timeout: TimeLimit,
        on_update as "onUpdate": Function,
        database: Database,
        signal: AbortSignal,
    }
}

impl FollowOptions {
    /// The replication to follow, and the caller's signal.
    pub fn plan(self, doc_id: String) -> (FollowPlan, Option<AbortSignal>) {
        let FollowOptions { until, interval, timeout, on_update, database, signal } = self;
        let plan = FollowPlan {
            database: database.unwrap_or_default().0,
            doc_id,
            until: until.map_or_else(follow::default_until, |SomeStates(states)| states),
            interval: interval.map_or(follow::INTERVAL, |Positive(milliseconds)| Duration::from_millis(milliseconds)),
            timeout: timeout.and_then(|TimeLimit(limit)| limit),
            on_update,
        };
        (plan, signal)
    }
}

/// The request for the row of one document, from the arguments of a method.
pub fn doc_requested(call: &'static str, name: &str, doc_id: &JsValue, options: JsValue) -> Requested {
    let doc_id = segment(call, name, doc_id)?;
    let DatabaseOptions { database, signal } = Options::parse(call, options)?;
    Ok((doc_request(&database.unwrap_or_default().0, doc_id), signal))
}
