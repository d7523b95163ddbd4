//! What the scheduler's rows tell a person, and what they must not tell.

pub mod diagnosis;
pub mod mask;
pub mod progress;
