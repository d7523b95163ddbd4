//! The rules of `audit()`: a look as numbers in, findings as numbers out. The other half of this contract is
//! pkg-template/insight/audit-numbers.js, which has the names.

use scheduler_core::audit::{
    self, Before, Doc, DocTrouble, Job, JobState, Limits, Look, Node, Report, Seen, Subject, Task, Thresholds,
};
use scheduler_core::diagnosis::Event;
use wasm_bindgen::prelude::*;

/// The kinds of events, by their numbers.
const EVENTS: [&str; 4] = ["added", "started", "stopped", "crashed"];

/// Applies the rules to a look.
#[wasm_bindgen(js_name = __audit)]
pub fn audit(look: &[f64]) -> Vec<f64> {
    let mut numbers = Numbers(look.iter());
    let (now, previous) = (numbers.time(), numbers.known_time());
    let thresholds = Thresholds {
        grace: numbers.time(),
        max_backlog: numbers.known().map(|max| max as u64),
        max_silence: numbers.known_time(),
    };
    let look = Look {
        now,
        previous,
        nodes: numbers.list(Numbers::node),
        jobs: numbers.list(Numbers::job),
        docs: numbers.list(Numbers::doc),
        orphans: numbers.list(Numbers::before),
    };
    printed(&audit::audit(&look, &thresholds))
}

/// Reads the numbers in their order. NaN is an unknown number.
struct Numbers<'a>(std::slice::Iter<'a, f64>);

impl Numbers<'_> {
    // Inlined at each of its callers, this and the next ones would be more than 1 kB of wasm.
    #[inline(never)]
    fn known(&mut self) -> Option<f64> {
        self.0.next().copied().filter(|number| !number.is_nan())
    }

    #[inline(never)]
    fn count(&mut self) -> u64 {
        self.known().unwrap_or_default() as u64
    }

    #[inline(never)]
    fn known_count(&mut self) -> Option<u64> {
        self.known().map(|number| number as u64)
    }

    fn time(&mut self) -> i64 {
        self.count() as i64
    }

    fn known_time(&mut self) -> Option<i64> {
        self.known_count().map(|time| time as i64)
    }

    /// A length, and as many items.
    fn list<T>(&mut self, item: fn(&mut Self) -> T) -> Vec<T> {
        (0..self.count()).map(|_| item(self)).collect()
    }

    fn node(&mut self) -> Node {
        let is_missing = self.count() > 0;
        let (max_jobs, interval, expected_wait) = (self.known_count(), self.time(), self.known_time());
        let limits = max_jobs.map(|max_jobs| Limits { max_jobs, interval, expected_wait });
        Node { is_missing, limits, before: self.before() }
    }

    fn job(&mut self) -> Job {
        Job {
            node: self.count() as usize,
            state: match self.count() {
                0 => JobState::Running,
                1 => JobState::Pending,
                _ => JobState::Crashing,
            },
            is_continuous: self.count() > 0,
            run: self.count(),
            moved: self.count(),
            through: self.count(),
            checkpoint: self.count(),
            done: self.known_count(),
            failures: self.count(),
            pending: self.known_count(),
            backlog: self.known_count(),
            progress: self.known_time(),
            began: self.known_time(),
            task: match (self.known_time(), self.time()) {
                (None, _) => Task::Unknown,
                (Some(0), _) => Task::Missing,
                (Some(updated), interval) => Task::Present { updated, interval },
            },
            history: self.list(Numbers::event),
            before: self.before(),
        }
    }

    fn event(&mut self) -> Event<'static> {
        let kind = EVENTS.get(self.count() as usize).copied().unwrap_or_default();
        Event { kind, time: self.known_time(), reason: None }
    }

    fn doc(&mut self) -> Doc {
        let (is_permanent, since) = (self.known_count(), self.known_time());
        let trouble = is_permanent.map(|is_permanent| DocTrouble { is_permanent: is_permanent > 0, since });
        Doc { trouble, failures: self.count(), before: self.before() }
    }

    fn before(&mut self) -> Before {
        let is_known = self.count() > 0;
        if !is_known {
            return Before::default();
        }
        Before {
            is_known,
            run: self.count(),
            moved: self.count(),
            checkpoint: self.count(),
            done: self.count(),
            failures: self.count(),
            seen: self.list(|numbers| Seen { kind: numbers.count() as u8, since: numbers.time() }),
        }
    }
}

fn printed(report: &Report) -> Vec<f64> {
    let mut numbers = vec![report.findings.len() as f64];
    for finding in &report.findings {
        numbers.extend(printed_subject(finding.subject));
        numbers.extend([
            f64::from(finding.kind as u8),
            f64::from(finding.severity as u8),
            f64::from(finding.confirmed),
            finding.since.map_or(f64::NAN, |since| since as f64),
            finding.number as f64,
        ]);
    }
    numbers.push(report.seen.len() as f64);
    for (subject, seen) in &report.seen {
        numbers.extend(printed_subject(*subject));
        numbers.extend([f64::from(seen.kind), seen.since as f64]);
    }
    numbers.push(report.needs.len() as f64);
    for (subject, need) in &report.needs {
        numbers.extend(printed_subject(*subject));
        numbers.push(f64::from(*need as u8));
    }
    numbers
}

fn printed_subject(subject: Subject) -> [f64; 2] {
    let (list, index) = match subject {
        Subject::Node(index) => (0.0, index),
        Subject::Job(index) => (1.0, index),
        Subject::Doc(index) => (2.0, index),
        Subject::Task(index) => (3.0, index),
    };
    [list, index as f64]
}
