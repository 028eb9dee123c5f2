//! The wire: bodies out, bytes in, events and faults.

pub mod event;
pub mod fault;
pub mod sse;
pub mod transport;
pub mod usage;
