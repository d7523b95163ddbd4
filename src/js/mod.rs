//! JavaScript values: properties, promises, the clock, the event loop, and objects built from rows.

pub mod clock;
pub mod date;
pub mod event_loop;
pub mod promise;
pub mod reflect;
pub mod rows;
pub mod serialize;
