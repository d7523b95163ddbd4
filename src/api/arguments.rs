//! The arguments of methods, which pkg-template/runtime/method-arguments.js has checked, as typed values.

use std::rc::Rc;
use std::time::Duration;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::http::{Requester, Server};
use crate::js::clock::duration;
use crate::operations::follow::{self, FollowPlan};
use crate::operations::list_docs::DocsFilter;
use crate::operations::ticks::{self, TickPlan};
use rows::state::State;

/// Replication states, from their names separated by commas.
fn states(names: &str) -> Vec<State> {
    names.split(',').filter_map(State::from_name).collect()
}

/// Which documents to read.
pub fn filter(names: Option<String>, database: String) -> DocsFilter {
    DocsFilter { database, states: names.as_deref().map(states) }
}

/// Reads the arguments of a method, in their order. They are one JavaScript value: an engine compiles a wrapper for each
/// signature of an exported function when it loads the wasm, which takes Node 0.26 ms.
pub struct Arguments {
    values: Array,
    at: u32,
}

impl Arguments {
    /// From the first on.
    pub fn of(values: Array) -> Arguments {
        Arguments { values, at: 0 }
    }

    /// `None` if it is left out.
    pub fn value(&mut self) -> Option<JsValue> {
        self.at += 1;
        Some(self.values.get(self.at - 1)).filter(|value| !value.is_undefined())
    }

    /// A text; `None` if it is left out.
    pub fn text(&mut self) -> Option<String> {
        self.value()?.as_string()
    }

    /// A text that is never left out.
    pub fn name(&mut self) -> String {
        self.text().unwrap_or_default()
    }

    /// A number; `None` if it is left out.
    pub fn number(&mut self) -> Option<f64> {
        self.value()?.as_f64()
    }

    /// A whole number; `None` if it is left out.
    pub fn count(&mut self) -> Option<u64> {
        self.number().map(|count| count as u64)
    }

    /// `None` if it is left out.
    pub fn flag(&mut self) -> Option<bool> {
        self.value()?.as_bool()
    }

    /// `None` if it is left out.
    pub fn function(&mut self) -> Option<Function> {
        self.value().map(JsCast::unchecked_into)
    }

    /// Texts; `None` if they are left out.
    pub fn texts(&mut self) -> Option<Vec<String>> {
        let texts: Array = self.value()?.unchecked_into();
        Some(texts.iter().filter_map(|text| text.as_string()).collect())
    }

    /// The requester of the call, which the caller's signal aborts.
    pub fn requester(&mut self, server: &Rc<Server>) -> Result<Requester, JsValue> {
        Requester::new(server, self.signal().as_ref())
    }

    /// `None` if it is left out.
    pub fn signal(&mut self) -> Option<AbortSignal> {
        self.value().map(JsCast::unchecked_into)
    }

    /// When a watch has ticks.
    pub fn tick_plan(&mut self) -> TickPlan {
        TickPlan {
            interval: self.number().map_or(ticks::INTERVAL, duration),
            pause_when_hidden: self.flag().unwrap_or(true),
            on_retry: self.function(),
        }
    }

    /// Which replication to follow, and until when.
    pub fn follow_plan(&mut self) -> FollowPlan {
        FollowPlan {
            doc_id: self.name(),
            until: self.text().map_or_else(follow::default_until, |names| states(&names)),
            interval: self.number().map_or(follow::INTERVAL, duration),
            timeout: self.number().map(duration).filter(|limit| *limit > Duration::ZERO),
            on_update: self.function(),
            database: self.name(),
        }
    }
}
