//! From the bytes of an answer to normalized rows.
//!
//! [`json`] finds the rows of a list while it arrives and takes them apart. [`doc`], [`job`] and [`document`] write them with every
//! key, in the order that JavaScript expects ([`columns`]), and with their secrets masked ([`mask`], [`masked`]); [`summary`] only
//! counts them. [`seen`] tells repeated rows.
//!
//! Nothing here is JavaScript, and everything here is compiled for speed.

pub mod columns;
pub mod doc;
pub mod document;
mod info;
pub mod job;
pub mod json;
pub mod mask;
pub mod masked;
pub mod seen;
pub mod states;
pub mod summary;
pub mod text;
