//! The states of a replication document, and what each of them implies.

use crate::json::string;

/// A state that CouchDB's scheduler reports for a replication document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The scheduler has not processed the document yet
    Initializing,
    /// Its job has a process
    Running,
    /// A one-time replication has finished
    Completed,
    /// Its job waits for a free slot
    Pending,
    /// Its job failed and waits for the next attempt
    Crashing,
    /// The job could not be created; CouchDB will retry
    Error,
    /// Failed permanently
    Failed,
}

use State::{Completed, Crashing, Error, Failed, Initializing, Pending, Running};

impl State {
    /// All states, in the order of a replication's life.
    pub const ALL: [State; 7] = [Initializing, Running, Completed, Pending, Crashing, Error, Failed];

    /// Reads a state from a JSON string; `None` if it is not the name of one.
    pub fn from_json(value: &[u8]) -> Option<State> {
        string(value).and_then(|name| State::from_name(&name))
    }

    /// Returns the state that CouchDB calls `name`.
    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// CouchDB's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Initializing => "initializing",
            Running => "running",
            Completed => "completed",
            Pending => "pending",
            Crashing => "crashing",
            Error => "error",
            Failed => "failed",
        }
    }

    /// Whether the scheduler has a job for the replication, so that it is listed in `/_scheduler/jobs`.
    pub fn has_job(self) -> bool {
        matches!(self, Running | Pending | Crashing)
    }

    /// Whether the replication has ended: CouchDB does not run it again.
    pub fn is_terminal(self) -> bool {
        matches!(self, Completed | Failed)
    }

    /// Whether the last attempt failed.
    pub fn is_unhealthy(self) -> bool {
        matches!(self, Crashing | Error | Failed)
    }
}

/// The names of `states`, separated by `separator`.
pub fn join(states: &[State], separator: &str) -> String {
    // The standard library's join would be 0.4 kB more as gzip.
    let mut names = String::new();
    for (at, state) in states.iter().enumerate() {
        if at > 0 {
            names.push_str(separator);
        }
        names.push_str(state.as_str());
    }
    names
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_by_its_name_only() {
        for state in State::ALL {
            let name = state.as_str();
            assert_eq!(State::from_name(name), Some(state));
            assert_eq!(State::from_json(format!("\"{name}\"").as_bytes()), Some(state));
            assert_eq!(State::from_json(name.as_bytes()), None);
            assert_eq!(State::from_name(&name.to_uppercase()), None);
        }
        assert_eq!(State::from_json(br#""\u0065rror""#), Some(State::Error));
        for other in ["\"dreaming\"", "\"\"", "null", "", "\""] {
            assert_eq!(State::from_json(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn states_imply_what_the_scheduler_does() {
        let with = |implies: fn(State) -> bool| {
            join(&State::ALL.map(|s| implies(s).then_some(s)).into_iter().flatten().collect::<Vec<_>>(), " ")
        };
        assert_eq!(with(State::has_job), "running pending crashing");
        assert_eq!(with(State::is_terminal), "completed failed");
        assert_eq!(with(State::is_unhealthy), "crashing error failed");
    }
}
