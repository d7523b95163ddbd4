//! Unhealthy documents counted by group, row by row, without building a row.
//!
//! What a group is, is decided elsewhere, from one row of each [`shape`]. The same reasons repeat, so the groups of their shapes
//! are remembered. Memory grows with the groups only.

mod shape;

use rows::json::{Fields, Malformed, Value, are_equal, digits, string, write_string};
use rows::seen::{Seen, hash};
use rows::state::State;
use shape::Reason;

/// The keys of a row in the server's order, in which they are found faster, and that of servers before 3.0.
const KEYS: [&str; 14] = [
    "database",
    "doc_id",
    "id",
    "node",
    "source",
    "target",
    "state",
    "info",
    "error_count",
    "last_updated",
    "start_time",
    "source_proxy",
    "target_proxy",
    "proxy",
];

const DOC_ID: usize = 1;
const SOURCE: usize = 4;
const TARGET: usize = 5;
const STATE: usize = 6;
const INFO: usize = 7;
const ERROR_COUNT: usize = 8;
const LAST_UPDATED: usize = 9;
const SOURCE_PROXY: usize = 11;
const TARGET_PROXY: usize = 12;
const PROXY: usize = 13;

/// Number of remembered shapes.
const MAX_SHAPES: usize = 1024;

/// Longer shapes are not remembered.
const MAX_SHAPE_BYTES: usize = 4096;

/// Number of consecutive crashes from which on the wait for the next attempt does not grow.
const MAX_FAILURES: usize = 11;

/// Counts the unhealthy documents of one database.
pub struct Incidents {
    examples: usize,
    total: u64,
    seen: Seen,
    tallies: Vec<Tally>,
    shapes: Vec<(Vec<u8>, usize)>,
    /// Reused for each row.
    shape: Vec<u8>,
}

/// What is counted for each group. Times are numbers, as in [`time`], or 0.
#[derive(Default)]
struct Tally {
    /// Crashing, error, failed.
    states: [u64; 3],
    since: u64,
    latest: u64,
    /// The earliest crash of crashing documents, by the number of their consecutive crashes.
    crashes: [u64; MAX_FAILURES + 1],
    /// The hashes of the URLs of source and target in the first row.
    ends: [u64; 2],
    /// Whether some rows have others.
    have_other_ends: [bool; 2],
    /// The first ids, as JSON, each followed by a comma.
    doc_ids: Vec<u8>,
    examples: usize,
}

impl Incidents {
    /// Keeps the ids of `examples` documents of each group.
    pub fn new(examples: usize) -> Incidents {
        Incidents {
            examples,
            total: 0,
            seen: Seen::default(),
            tallies: Vec::new(),
            shapes: Vec::new(),
            shape: Vec::new(),
        }
    }

    /// Adds a row; a healthy one does not count. `group_of` returns the number of the group of a row with a new shape, or `None`
    /// if the row is malformed.
    pub fn add(&mut self, row: Value, group_of: &mut dyn FnMut(Value) -> Option<usize>) -> Result<(), Malformed> {
        let fields = Fields::known(row, &KEYS)?;
        let value = |at| fields.value(at).unwrap_or_default();
        let Some(state) = State::from_json(value(STATE)).filter(|state| state.is_unhealthy()) else { return Ok(()) };
        let id = value(DOC_ID);
        if !id.is_empty() && !self.seen.insert(id) {
            return Ok(());
        }
        let error = match fields.nested(INFO) {
            Some(info) if info.bytes().starts_with(b"{") => {
                Fields::known(info, &["error"])?.value(0).unwrap_or_default()
            }
            // Servers before 3.0 send the error as a string.
            _ => value(INFO),
        };
        // Servers before 3.0 have one proxy for both ends.
        let proxies = [SOURCE_PROXY, TARGET_PROXY].map(|at| value(if value(at).is_empty() { PROXY } else { at }));
        let ends = [SOURCE, TARGET].map(value);
        let reason = Reason { error, doc_id: id, ends, proxies, is_permanent: state == State::Failed };
        reason.put_shape(&mut self.shape);
        let group = self.group(row, group_of).ok_or(Malformed)?;
        if group >= self.tallies.len() {
            self.tallies.resize_with(group + 1, Tally::default);
        }
        let Some(tally) = self.tallies.get_mut(group) else { return Err(Malformed) };
        tally.add(state, ends, time(value(LAST_UPDATED)), value(ERROR_COUNT));
        if tally.examples < self.examples
            && let Some(id) = string(id)
        {
            tally.examples += 1;
            write_string(&id, &mut tally.doc_ids);
            tally.doc_ids.push(b',');
        }
        self.total += 1;
        Ok(())
    }

    /// The group of the row with the current shape.
    fn group(&mut self, row: Value, group_of: &mut dyn FnMut(Value) -> Option<usize>) -> Option<usize> {
        let slot = hash(0, &self.shape) as usize % MAX_SHAPES;
        if let Some((_, group)) = self.shapes.get(slot).filter(|(shape, _)| are_equal(shape, &self.shape)) {
            return Some(*group);
        }
        let group = group_of(row)?;
        if self.shape.len() <= MAX_SHAPE_BYTES {
            self.shapes.resize(MAX_SHAPES, Default::default());
            if let Some((shape, known)) = self.shapes.get_mut(slot) {
                shape.clone_from(&self.shape);
                *known = group;
            }
        }
        Some(group)
    }

    /// Number of documents counted so far.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The counts as JSON, for `IncidentGroups.add` in pkg-template/insight/incident-groups.js: an array for each group.
    pub fn to_json(&self) -> Vec<u8> {
        let mut out = vec![b'['];
        for tally in &self.tallies {
            out.push(b'[');
            let others = tally.have_other_ends.map(u64::from);
            for number in tally.states.iter().chain([&tally.since, &tally.latest]).chain(&others).chain(&tally.crashes)
            {
                out.extend_from_slice(digits(*number).as_bytes());
                out.push(b',');
            }
            out.extend_from_slice(&tally.doc_ids);
            close(&mut out);
            out.push(b',');
        }
        close(&mut out);
        out
    }
}

/// Closes an array, in place of a comma that follows its last element.
fn close(out: &mut Vec<u8>) {
    if out.last() == Some(&b',') {
        out.pop();
    }
    out.push(b']');
}

impl Tally {
    fn add(&mut self, state: State, ends: [&[u8]; 2], time: u64, error_count: &[u8]) {
        let ends = ends.map(|url| hash(0, url));
        if self.states == [0; 3] {
            self.ends = ends;
        }
        for ((has_other, first), end) in self.have_other_ends.iter_mut().zip(self.ends).zip(ends) {
            *has_other |= first != end;
        }
        let [crashing, error, failed] = &mut self.states;
        match state {
            State::Crashing => *crashing += 1,
            State::Error => *error += 1,
            _ => *failed += 1,
        }
        if time == 0 {
            return;
        }
        keep_earlier(&mut self.since, time);
        self.latest = self.latest.max(time);
        if state == State::Crashing {
            // A number of more than one digit is 10 at least.
            let failures = match error_count {
                [digit @ b'0'..=b'9'] => usize::from(digit - b'0'),
                b"10" => 10,
                [b'1'..=b'9', ..] => MAX_FAILURES,
                _ => 0,
            };
            if let Some(crash) = self.crashes.get_mut(failures) {
                keep_earlier(crash, time);
            }
        }
    }
}

fn keep_earlier(earliest: &mut u64, time: u64) {
    if *earliest == 0 || time < *earliest {
        *earliest = time;
    }
}

/// A time such as `"2026-11-22T22:00:00Z"` as the number 20261122220000; 0 if it is unknown.
fn time(json: &[u8]) -> u64 {
    let ([b'"', time @ .., b'Z', b'"'] | [b'"', time @ .., b'+', b'0', b'0', b':', b'0', b'0', b'"']) = json else {
        return 0;
    };
    let (mut number, mut count) = (0, 0);
    for byte in time.iter().take(19).filter(|byte| byte.is_ascii_digit()) {
        number = number * 10 + u64::from(byte - b'0');
        count += 1;
    }
    if count == 14 { number } else { 0 }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
