//! From the bytes of a response to normalized rows.
//!
//! [`json`] finds the rows of a list while it arrives, and splits them into members. [`doc`],
//! [`job`] and [`document`] write the values of a row: every key has one, in the order that
//! JavaScript expects ([`columns`]), and secrets are masked ([`masked`]). [`summary`]
//! only counts rows, by their [`state`]. [`seen`] recognizes repeated rows.
//!
//! Nothing here knows JavaScript, and everything is compiled for speed.

pub mod columns;
pub mod doc;
pub mod document;
mod info;
pub mod job;
pub mod json;
pub mod masked;
pub mod seen;
pub mod state;
pub mod summary;
