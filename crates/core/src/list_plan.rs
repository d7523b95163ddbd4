//! How a list of documents is read, and which of its rows are returned.

use rows::state::State;

/// How the documents are requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListPlan {
    /// No row can match: only `total_rows` is requested.
    CountsOnly,
    /// As ranges of ids.
    Pages(Pages),
    /// In one response without a window. The server filters by state exactly only there.
    Stream,
}

impl ListPlan {
    /// Chooses how the rows of `window` are read; `pages` if they are to arrive in pages.
    pub fn new(window: Window, states: Option<&[State]>, pages: Option<Pages>) -> ListPlan {
        match (pages, states) {
            _ if window.is_empty() => ListPlan::CountsOnly,
            (_, Some([])) => ListPlan::CountsOnly,
            (Some(pages), None) => ListPlan::Pages(pages),
            _ => ListPlan::Stream,
        }
    }
}

/// The number of documents in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    size: u64,
    max: u64,
}

impl Pages {
    /// `first` documents in the first page, twice as many in each following one, up to `max`.
    pub fn growing(first: u64, max: u64) -> Pages {
        Pages { size: first, max }
    }

    /// As many documents as there are rows to read. Some documents have no row, so one page is
    /// often not enough.
    pub fn for_rows(rows: u64) -> Pages {
        Pages { size: rows, max: rows }
    }

    /// The number of documents in this page.
    pub fn size(self, window: Window) -> u64 {
        window.remaining().map_or(self.size, |remaining| self.size.min(remaining))
    }

    /// The following page.
    pub fn next(self) -> Pages {
        Pages { size: self.size.saturating_mul(2).min(self.max), max: self.max }
    }
}

/// Where a page ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageEnd {
    /// Not requested yet, or the server did not report it.
    Unknown,
    /// It is the last page.
    EndOfDatabase,
    /// It ends before this id.
    Before(String),
}

/// The rows to return, counted among those that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many rows are still to be skipped.
    skip: u64,
    /// How many rows are still to be returned; `None` for all.
    limit: Option<u64>,
}

/// What to do with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Return it.
    Keep,
    /// Skip it.
    Skip,
    /// Stop reading before it.
    Stop,
}

impl Window {
    /// All rows.
    pub const ALL: Window = Window { skip: 0, limit: None };

    /// `limit` rows following the first `skip`.
    pub fn new(skip: u64, limit: Option<u64>) -> Window {
        Window { skip, limit }
    }

    /// Decides about the next row that matches.
    pub fn admit(&mut self) -> Admission {
        if self.is_empty() {
            return Admission::Stop;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return Admission::Skip;
        }
        self.limit = self.limit.map(|limit| limit - 1);
        Admission::Keep
    }

    /// How many rows are still to be read, skipped ones included; `None` for all.
    pub fn remaining(self) -> Option<u64> {
        self.limit.map(|limit| limit.saturating_add(self.skip))
    }

    /// Whether no further row is to be returned.
    pub fn is_empty(self) -> bool {
        self.limit == Some(0)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The places of the rows, of `rows`, that a window returns, and how many it looked at.
    fn admitted(mut window: Window, rows: u64) -> (Vec<u64>, u64) {
        let mut kept = Vec::new();
        for row in 0..rows {
            match window.admit() {
                Admission::Keep => kept.push(row),
                Admission::Skip => {}
                Admission::Stop => return (kept, row),
            }
        }
        (kept, rows)
    }

    proptest! {
        #[test]
        fn a_window_returns_the_rows_from_skip_to_skip_plus_limit(rows in 0u64..40, skip in 0u64..40, limit in 0u64..40) {
            let expected: Vec<u64> = (0..rows).skip(skip as usize).take(limit as usize).collect();
            let (kept, read) = admitted(Window::new(skip, Some(limit)), rows);
            prop_assert_eq!(kept, expected);
            prop_assert_eq!(read, if limit == 0 { 0 } else { rows.min(skip + limit) });
            let all: Vec<u64> = (0..rows).skip(skip as usize).collect();
            prop_assert_eq!(admitted(Window::new(skip, None), rows), (all, rows));
        }

        #[test]
        fn the_pages_of_a_window_are_what_remains_of_it(skip in 0u64..40, limit in 1u64..40, read in 0u64..40) {
            let mut window = Window::new(skip, Some(limit));
            let mut pages = Pages::for_rows(skip + limit);
            for left in (1..=skip + limit).rev().take(read as usize + 1) {
                prop_assert_eq!(pages.size(window), left);
                prop_assert_eq!(window.remaining(), Some(left));
                window.admit();
                pages = pages.next();
            }
        }
    }

    #[test]
    fn pages_grow_to_their_maximum() {
        let mut pages = Pages::growing(250, 2000);
        let mut sizes = Vec::new();
        for _ in 0..6 {
            sizes.push(pages.size(Window::ALL));
            pages = pages.next();
        }
        assert_eq!(sizes, [250, 500, 1000, 2000, 2000, 2000]);
        assert_eq!(Pages::growing(7, 7).next().size(Window::ALL), 7);
        assert_eq!(Pages::growing(u64::MAX, u64::MAX).next().size(Window::new(1, Some(u64::MAX))), u64::MAX);
    }

    #[test]
    fn the_plan_follows_from_the_window_the_states_and_the_pages() {
        let (some, pages) = (Window::new(0, Some(5)), Pages::for_rows(5));
        let failed: &[State] = &[State::Failed];
        for (window, states, pages, plan) in [
            (some, None, Some(pages), ListPlan::Pages(pages)),
            (Window::ALL, None, Some(Pages::growing(1, 2)), ListPlan::Pages(Pages::growing(1, 2))),
            // The server counts a window before it filters by state.
            (some, Some(failed), Some(pages), ListPlan::Stream),
            (Window::ALL, None, None, ListPlan::Stream),
            (Window::new(5, None), None, None, ListPlan::Stream),
            (Window::new(5, Some(0)), None, Some(pages), ListPlan::CountsOnly),
            (Window::ALL, Some(&[]), None, ListPlan::CountsOnly),
        ] {
            assert_eq!(ListPlan::new(window, states, pages), plan);
        }
    }
}
