//! The options of methods, which pkg-template/runtime/method-arguments.js has checked, as typed values.

use std::time::Duration;

use js_sys::Function;

use crate::js::clock::duration;
use crate::operations::follow::{self, FollowPlan};
use crate::operations::list_docs::DocsFilter;
use crate::operations::ticks::{self, TickPlan};
use rows::state::State;

/// Replication states, from their names separated by commas.
pub fn states(names: &str) -> Vec<State> {
    names.split(',').filter_map(State::from_name).collect()
}

/// Which documents to read.
pub fn filter(database: String, names: Option<String>) -> DocsFilter {
    DocsFilter { database, states: names.as_deref().map(states) }
}

/// When a watch has ticks.
pub fn tick_plan(interval: Option<f64>, pause_when_hidden: Option<bool>, on_retry: Option<Function>) -> TickPlan {
    TickPlan {
        interval: interval.map_or(ticks::INTERVAL, duration),
        pause_when_hidden: pause_when_hidden.unwrap_or(true),
        on_retry,
    }
}

/// Which replication to follow, and until when.
pub fn follow_plan(
    doc_id: String,
    until: Option<String>,
    interval: Option<f64>,
    timeout: Option<f64>,
    on_update: Option<Function>,
    database: String,
) -> FollowPlan {
    FollowPlan {
        database,
        doc_id,
        until: until.map_or_else(follow::default_until, |names| states(&names)),
        interval: interval.map_or(follow::INTERVAL, duration),
        timeout: timeout.map(duration).filter(|limit| *limit > Duration::ZERO),
        on_update,
    }
}
