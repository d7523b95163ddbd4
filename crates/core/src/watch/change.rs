//! A change that the caller of a watch does not know yet.

/// A change of a document or job, in rows as the server sent them.
pub enum Change<'a> {
    /// It is new, or has entered one of the watched states.
    Added(&'a [u8]),
    /// The row, and the one that the caller has.
    Changed(&'a [u8], &'a [u8]),
    /// It was removed, or has left the watched states. The row is the one that the caller has.
    Removed(&'a [u8]),
}
