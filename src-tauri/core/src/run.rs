//! Many streams at once: a task per lane, a pure fold, one patch per frame.

pub mod facts;
pub mod patch;
