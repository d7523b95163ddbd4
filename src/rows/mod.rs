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

mod blocks;
mod index;
mod json;
mod members;
mod object;
mod reader;

pub use blocks::has_any;
pub use index::{Indexed, Value};
pub use json::{Malformed, are_equal, digits, find, holds, string, write_string};
pub use members::{Elements, Members, value_in, value_of};
pub use object::{Fields, ObjectWriter, find_each, is_key};
pub use reader::{Broken, Envelope, RowReader, Step, fits, whole_object};
