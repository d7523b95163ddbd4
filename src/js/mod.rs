//! What touches JavaScript's values below HTTP.

pub mod clock;
pub mod event_loop;
pub mod promise;
pub mod reflect;
pub mod rows;
