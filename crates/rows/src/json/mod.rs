//! Rows out of a stream of bytes.
//!
//! A list answer of the scheduler is one JSON object with the rows in an array:
//! `{"total_rows":2,"offset":0,"docs":[{…},{…}]}`. It can be 100,000 rows long and arrives in chunks
//! cut anywhere: inside a character, an escape, a number. [`RowReader`] hands out each row as the bytes
//! of one complete JSON object as soon as its last byte is there, and tells an answer that is whole from
//! one that was cut off or carries an error behind its rows. [`Fields`] and [`Elements`] then take a row apart
//! without building anything: where its quotes and brackets stand is known since its end was found.
//!
//! Nothing here knows what a row means, and nothing here is JavaScript.

mod cursor;
mod fields;
mod simd;
mod stream;
mod structure;
mod text;

pub use cursor::{Elements, Members, value_in, value_of};
pub use fields::{Fields, ObjectWriter, find_each, is_key};
pub use simd::has_any;
pub use stream::{Broken, Envelope, RowReader, Step, fits, whole_object};
pub use structure::{Indexed, Value};
pub use text::{Malformed, are_equal, digits, find, holds, string, write_string};
