//! Checks on an output, and what they say together. Pure.

pub mod checks;
pub mod comparison;
pub mod verdict;
