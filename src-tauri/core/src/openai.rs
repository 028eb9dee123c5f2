//! The wire: bodies out, bytes in, events and faults.

pub mod usage;
