//! The engine, opened: what every verb works with.

/// Everything a verb may touch.
pub struct Workbench {}
