//! Rows of a list, each exactly once, although requests fail.

use js_sys::Array;

use super::collect::ReadUntil;
use crate::http::{Failure, Requester, Retry};
use crate::js::rows::append;

/// Reads the rows of one list, a part at a time.
pub trait RowSource {
    /// A place between two rows.
    type Position;

    /// The place of the next row.
    fn position(&self) -> Self::Position;

    /// Reads again from `position` on. What was open is closed.
    fn go_back_to(&mut self, position: Self::Position);

    /// Whether the next part is a request of its own, rather than a part of one long response.
    fn is_paged(&self) -> bool;

    /// Whether the part that failed is continued by the next one; otherwise it must be read again.
    fn continues(&self) -> bool;

    /// Appends the next rows to `rows`, also those that precede a failure. Returns whether more can follow.
    fn read(&mut self, rows: &Array, until: ReadUntil) -> impl Future<Output = Result<bool, Failure>>;
}

/// Retries what a source fails to read. Dropping it ends the request in progress.
pub struct RetryingStream<S> {
    source: S,
    requester: Requester,
    retry: Retry,
    /// Whether the caller has rows.
    has_returned_rows: bool,
    /// The failure that follows the rows which were returned last.
    failure: Option<Failure>,
}

impl<S: RowSource> RetryingStream<S> {
    /// Nothing is sent yet.
    pub fn new(source: S, requester: Requester) -> RetryingStream<S> {
        let retry = requester.retry();
        RetryingStream { source, requester, retry, has_returned_rows: false, failure: None }
    }

    /// All rows, and their source.
    pub async fn all_rows(mut self) -> Result<(Array, S), Failure> {
        let all = Array::new();
        while let Some(rows) = self.read(ReadUntil::End).await? {
            append(&all, &rows);
        }
        Ok((all, self.source))
    }

    /// The rows that arrive next; `None` at the end.
    pub async fn next_rows(&mut self) -> Result<Option<Array>, Failure> {
        self.read(ReadUntil::RowsArrive).await
    }

    /// Transient errors are retried, except in a response of which the caller has rows. An error follows
    /// the rows that precede it.
    async fn read(&mut self, until: ReadUntil) -> Result<Option<Array>, Failure> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        loop {
            let (position, is_paged, rows) = (self.source.position(), self.source.is_paged(), Array::new());
            let failure = match self.source.read(&rows, until).await {
                Ok(_) if rows.length() > 0 => {
                    self.has_returned_rows = true;
                    if is_paged {
                        self.retry = self.requester.retry();
                    }
                    return Ok(Some(rows));
                }
                Ok(true) => continue,
                Ok(false) => return Ok(None),
                Err(failure) => failure,
            };
            let is_broken_off = self.has_returned_rows && !is_paged && until == ReadUntil::RowsArrive;
            let failure = match is_broken_off {
                true => failure,
                false => match self.retry.after(failure).await {
                    Ok(()) if self.source.continues() => return Ok(Some(rows)),
                    Ok(()) => {
                        self.source.go_back_to(position);
                        continue;
                    }
                    Err(failure) => failure,
                },
            };
            if rows.length() == 0 {
                return Err(failure);
            }
            self.failure = Some(failure);
            return Ok(Some(rows));
        }
    }
}
