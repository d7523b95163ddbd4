//! Rows from a stream of bytes.
//!
//! A list of the scheduler is one JSON object with the rows in an array:
//! `{"total_rows":2,"offset":0,"docs":[{…},{…}]}`. It can have 100,000 rows, and arrives in chunks
//! that are cut anywhere: inside a character, an escape, a number. [`RowReader`] returns each row,
//! as the bytes of one JSON object, as soon as its last byte has arrived. It distinguishes a
//! complete response from one that was cut off, and from one with an error following the rows.
//! [`Fields`] and [`Elements`] split a row without building anything: the positions of its quotes
//! and brackets are already known from the search for its end.
//!
//! Nothing here knows the meaning of a row.

mod cursor;
mod fields;
mod scan;
mod simd;
mod stream;
mod structure;
mod text;

pub use cursor::{Elements, Members, value_in, value_of};
pub use fields::{Fields, ObjectWriter, find_each, is_key};
pub use simd::{ByteSet, find_any};
pub use stream::{Broken, Envelope, Next, RowReader, fits, single_object};
pub use structure::{Indexed, Value};
pub use text::{Malformed, are_equal, digits, find, holds, string, write_string};
